import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everyFile } from '../support/files.ts'
import { readingOnly } from '../support/reading-only.ts'
import { everythingIn, keyIn, unsealed } from '../support/vault/unsealed.ts'
import { company, organisation, type Company } from '../testbed/company.ts'

const secretFiles = ['google.json', 'm365.secret', 'imap.password', 'dav.password', 'index-identity.key', 'escrow-1.key', 'escrow-2.key']
const to = ['--to', 'dates', '--to', 'cards', '--to', 'mail']
/** Said in a mail, an event, a card and a task, and names of folders and people. Not among them: addresses. Google's calendars and the budgets of people are named after them. */
const words = ['came for nobody but Ada', 'Kick-off', 'Grace Hopper', 'Move house', 'Jour fixe', 'Steuer', 'Verträge', 'Mustermann']

let dir: string
let acme: Company
let printed = ''
/** By the file they stand in; tokens that the clouds gave out begin and end like these. */
let secrets: ReadonlyMap<string, string>
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fallreep-office-secrets-'))
  acme = await company({ dir, office: { google: { mailsPerPerson: 3 }, graph: { mails: 3 } } })
  await readingOnly(acme.config, ['ada@example.org'])
  acme.office?.google.mail
    .of('ada')
    .arrive({ subject: 'Hello', bytes: () => Buffer.from('Subject: Hello\r\n\r\ncame for nobody but Ada\r\n') })
  const commands = [
    ['-vv', '--json', 'doctor'],
    ['-vv', '--json', 'backup', 'google', 'm365'],
    ['-vv', '--log-format', 'json', 'rehearse', 'google', ...to],
    ['-vv', '--json', 'cutover', 'google', ...to, '--person', 'ada@example.org', '--confirm', organisation],
    ['-vv', 'cutover', 'm365', ...to, '--confirm', organisation],
  ]
  for (const args of commands) {
    const ran = await acme.run(args)
    if (ran.code !== 0 && ran.code !== 3) throw new Error(`${args.join(' ')} ended with ${ran.code}: ${ran.stderr}`)
    printed += ran.stdout + ran.stderr
  }
  // And what is told when a cloud or a server takes the secret for wrong.
  if (acme.office !== undefined) acme.office.google.desk.revoked = true
  acme.office?.graph.tokens.revokeAll()
  acme.office?.imap?.fault('AUTHENTICATE', { type: 'no', code: 'AUTHENTICATIONFAILED', text: 'who are you?' })
  const refused = [await acme.run(['-vv', 'backup', 'google']), await acme.run(['-vv', 'plan', 'google', '--to', 'mail'])]
  if (refused[0]?.code !== 4) throw new Error(`a refused key ended with ${refused[0]?.code}`)
  for (const ran of refused) printed += ran.stdout + ran.stderr
  secrets = new Map(
    await Promise.all(
      secretFiles.map(async (name) => {
        const text = (await readFile(join(dir, name), 'utf8')).trim()
        const [line = ''] = /(?<=KEY-----\\n)[\w+/]{40}/.exec(text) ?? []
        return [name, keyIn(text) || line || text] as const
      }),
    ),
  )
}, 120_000)
afterAll(async () => {
  await acme[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})
const canaries = (): readonly (readonly [string, string])[] => [
  ...secrets,
  ['a token of Google', 'ya29.canary'],
  ['a token of Microsoft', 'canary-of-graph'],
  ['what Microsoft says of errors', 'canary-description'],
]

describe('what nights, rehearsals and cutovers of two clouds leave behind', () => {
  test('no secret of a source or a target stands in anything that was printed or logged', () => {
    expect(printed).toContain('gmail')
    for (const [name, secret] of canaries()) {
      expect(secret.length).toBeGreaterThan(8)
      expect(printed.includes(secret), `the secret of ${name}`).toBe(false)
    }
  })

  test('nor in any file of vault, state, ledgers and reports, nor in what the vault holds once opened', async () => {
    const own = new Set(secretFiles.map((name) => join(dir, name)))
    const files = (await everyFile(dir)).filter(({ name }) => !own.has(name))
    expect(files.some(({ name }) => name.endsWith('report.html'))).toBe(true)
    expect(files.some(({ name }) => name.includes('ledgers'))).toBe(true)
    const inside = await everythingIn(join(dir, 'vault'), secrets.get('escrow-1.key') ?? '')
    const whole = Buffer.concat([...inside.values()])
    expect(words.filter((word) => !whole.includes(word))).toEqual([])
    const all = [...files, ...[...inside].filter(([name]) => !name.startsWith('keys/')).map(([name, bytes]) => ({ name, bytes }))]
    for (const { name, bytes } of all) for (const [of, secret] of canaries()) expect(bytes.includes(secret), `${of} in ${name}`).toBe(false)
  })

  test('no word of a mail, an event, a card or a task stands in clear in the vault, the journal or the budgets', async () => {
    const private_ = ['runs', 'ledgers'].map((name) => join(dir, 'state', name))
    const files = [
      ...(await everyFile(join(dir, 'vault'))),
      ...(await everyFile(join(dir, 'state'))).filter(({ name }) => !private_.some((folder) => name.startsWith(folder))),
    ]
    expect(files.some(({ name }) => name.endsWith('journal.db'))).toBe(true)
    for (const { name, bytes } of files)
      for (const word of words) expect(bytes.includes(word) || name.includes(word), `${word} in ${name}`).toBe(false)
  })

  test('nor in the ledgers, which hold ids, names of folders and hashes', async () => {
    const ledgers = (await everyFile(join(dir, 'state', 'ledgers'))).filter(({ name }) => name.includes('.db'))
    expect(ledgers.length).toBeGreaterThan(5)
    for (const { name, bytes } of ledgers)
      for (const word of ['came for nobody but Ada', 'Kick-off', 'Grace Hopper', 'Move house', 'Jour fixe', 'Steuer', 'Hello'])
        expect(bytes.includes(word), `${word} in ${name}`).toBe(false)
  })

  test('the keys of the nightly host open no mail, no event and no card', async () => {
    const opened = await unsealed(join(dir, 'vault'), [secrets.get('index-identity.key') ?? ''])
    expect(new Set([...opened.keys()].map((name) => name.split('/')[0]))).toEqual(new Set(['index', 'refs']))
    for (const [name, bytes] of opened) for (const word of words) expect(bytes.includes(word), `${word} in ${name}`).toBe(false)
  })
})
