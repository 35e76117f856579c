import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { everyFile } from '../support/files.ts'
import { everythingIn, keyIn, unsealed } from '../support/vault/unsealed.ts'
import { workshop } from '../support/workshop.ts'
import { company, organisation, type Company } from '../testbed/company.ts'
import { writeExport } from '../testbed/slack/export/write.ts'
import { demoWorld } from '../testbed/world/demo.ts'

describe('what a night, a rehearsal, a cutover and an export leave behind', () => {
  let dir: string
  let acme: Company
  let printed = ''
  let secrets: readonly string[]
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'fallreep-secrets-'))
    acme = await company({ dir, slack: { world: demoWorld({ messagesPerChannel: 2 }) } })
    const commands = [
      ['-vv', '--json', 'doctor'],
      ['-vv', '--json', 'backup'],
      ['-vv', '--log-format', 'json', 'rehearse', 'slack', '--to', 'chat'],
      ['-vv', '--json', 'cutover', 'slack', '--to', 'chat', '--confirm', organisation],
      ['-vv', 'export', 'slack', '-o', join(dir, 'all.zip')],
    ]
    for (const args of commands) {
      const ran = await acme.run(args)
      if (ran.code !== 0) throw new Error(`${args.join(' ')} ended with ${ran.code}: ${ran.stderr}`)
      printed += ran.stdout + ran.stderr
    }
    const files = ['slack.token', 'mattermost.token', 'index-identity.key', 'escrow-1.key', 'escrow-2.key']
    secrets = await Promise.all(
      files.map(async (name) => {
        const text = (await readFile(join(dir, name), 'utf8')).trim()
        return keyIn(text) || text
      }),
    )
  }, 60_000)
  afterAll(async () => {
    await acme[Symbol.asyncDispose]()
    await rm(dir, { recursive: true, force: true })
  })

  test('no token and no key stands in anything that was printed or logged', () => {
    expect(printed).toContain('conversations.history')
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(20)
      expect(printed.includes(secret)).toBe(false)
    }
  })

  test('no token and no key stands in any file of vault, state, reports and export, nor in what the vault holds once opened', async () => {
    const own = new Set(
      ['slack.token', 'mattermost.token', 'index-identity.key', 'escrow-1.key', 'escrow-2.key'].map((name) => join(dir, name)),
    )
    const files = (await everyFile(dir)).filter(({ name }) => !own.has(name))
    expect(files.some(({ name }) => name.endsWith('report.html'))).toBe(true)
    const inside = await everythingIn(join(dir, 'vault'), secrets[3] ?? '')
    expect([...inside.values()].some((bytes) => bytes.includes('Who brings cake?'))).toBe(true)
    const all = [...files, ...[...inside].filter(([name]) => !name.startsWith('keys/')).map(([name, bytes]) => ({ name, bytes }))]
    for (const { name, bytes } of all)
      for (const [at, secret] of secrets.entries()) expect(bytes.includes(secret), `secret ${at} in ${name}`).toBe(false)
  })

  test('no name and no word of the company stands in clear in the vault, in its catalog, in the journal or in the budgets', async () => {
    const words = [
      'Mustermann',
      'erika@example.org',
      'secret-plans',
      'Who brings cake',
      organisation,
      'fallreep-demo',
      'deploy.sh',
      'not for everybody',
      'Weiß',
    ]
    const private_ = ['runs', 'ledgers'].map((name) => join(dir, 'state', name))
    const files = [
      ...(await everyFile(join(dir, 'vault'))),
      ...(await everyFile(join(dir, 'state'))).filter(({ name }) => !private_.some((folder) => name.startsWith(folder))),
    ]
    expect(files.some(({ name }) => name.endsWith('journal.db'))).toBe(true)
    for (const { name, bytes } of files)
      for (const word of words) expect(bytes.includes(word) || name.includes(word), `${word} in ${name}`).toBe(false)
  })

  test('the keys of the nightly host open no content: neither packs, nor manifests, nor the keys of compartments', async () => {
    const opened = await unsealed(join(dir, 'vault'), [secrets[2] ?? ''])
    expect(opened.size).toBeGreaterThan(0)
    expect(new Set([...opened.keys()].map((name) => name.split('/')[0]))).toEqual(new Set(['index', 'refs']))
    for (const [name, bytes] of opened)
      for (const word of ['Mustermann', 'Who brings cake', 'secret-plans']) expect(bytes.includes(word), `${word} in ${name}`).toBe(false)
  })
})

test('the link tokens of an export open its files and are stored nowhere', async () => {
  await using shop = await workshop()
  const path = join(shop.stateDir, '..', 'export.zip')
  await writeExport(shop.slack.world, path, { layout: 'all', fileLinks: 'live', from: shop.slack })
  await shop.backup({ source: { via: 'export', path, apiUrl: shop.slack.url } })
  const items = await shop.items()
  expect(items.flatMap(({ blobs }) => blobs).filter((blob) => blob !== null).length).toBeGreaterThan(20)
  const inside = await everythingIn(shop.vault.dir, shop.vault.keys.escrow[0].identity)
  const token = 'xoxe-'
  expect([...inside.values()].some((bytes) => bytes.includes('Who brings cake?'))).toBe(true)
  expect([...inside].filter(([, bytes]) => bytes.includes(token)).map(([name]) => name)).toEqual([])
  expect((await everyFile(shop.stateDir)).filter(({ bytes }) => bytes.includes(token)).map(({ name }) => name)).toEqual([])
  expect(shop.logged.length).toBeGreaterThan(0)
  for (const line of shop.logged) expect(line).not.toContain(token)
})
