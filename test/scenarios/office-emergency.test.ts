import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Loss } from '../../src/contract/fidelity.ts'
import type { Milestone } from '../../src/engine/api.ts'
import { runFiles } from '../../src/engine/runs.ts'
import { everyFile } from '../support/files.ts'
import { linesIn, valuesOf } from '../support/lines.ts'
import { officePicture, officeWrites, subjectOf } from '../support/office-picture.ts'
import { readingOnly } from '../support/reading-only.ts'
import { changesBetween } from '../support/workshop.ts'
import { company, organisation, type Company, type Ran } from '../testbed/company.ts'
import type { Office } from '../testbed/office.ts'

const ada = 'ada@example.org'
const to = ['--to', 'mail', '--to', 'cards', '--to', 'dates']
const confirmed = ['--confirm', organisation]
interface Summary {
  readonly command: string
  readonly target: string
  readonly planned: number
  readonly matched: number
  readonly explained: number
  readonly differs: number
  readonly missing: number
  readonly applied: Readonly<Record<'created' | 'updated' | 'unchanged' | 'deleted' | 'failed', number>>
  readonly losses: number
  readonly leftovers: readonly object[]
  readonly milestones: readonly Milestone[]
  readonly report: string
  readonly run: string
}

let dir: string
let acme: Company
let suites: Office
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fallreep-office-'))
  // A server by the book sends invitations unless it is asked not to.
  acme = await company({
    dir,
    office: { google: { mailsPerPerson: 4, pages: 'full' }, graph: { mails: 4, pages: 'full' }, dav: { mode: 'generic' } },
  })
  if (acme.office === undefined) throw new Error('this company has no office')
  suites = acme.office
  await readingOnly(acme.config, [ada, 'erika@example.org'])
  const box = suites.google.mail.of('ada')
  for (let n = 0; n < 500; n++) box.arrive({ size: 40, subject: `old ${n}`, labels: ['INBOX'] })
  await ok(['backup', 'google', 'm365'])
  await acme.darken()
}, 120_000)
afterAll(async () => {
  await acme[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

async function ok(args: readonly string[]): Promise<Ran> {
  const ran = await acme.run(args)
  // 3: some things were lost on the way, and are named.
  if (ran.code !== 0 && ran.code !== 3) throw new Error(`${args.join(' ')} ended with ${ran.code}: ${ran.stderr}`)
  return ran
}
const summaries = ({ stdout }: Ran): readonly Summary[] =>
  valuesOf<{ type: string } & Summary>(stdout).filter(({ type }) => type === 'summary')
const imap = () => {
  if (suites.imap === undefined) throw new Error('this office has a real mail server')
  return suites.imap
}
const picture = (): readonly string[] => officePicture(imap().store, suites.dav.state)
const writes = (): number => officeWrites(imap(), suites.dav)
const vaultNow = async (): Promise<readonly string[]> =>
  (await everyFile(join(dir, 'vault'))).map(({ name, bytes }) => `${name} ${bytes.length}`).toSorted()
const clear = (): void => {
  imap().calls.clear()
  suites.dav.calls.clear()
}
const balanced = (all: readonly Summary[]): void => {
  for (const { planned, matched, explained, differs, missing, applied } of all) {
    expect([differs, missing, applied.failed]).toEqual([0, 0, 0])
    expect(planned).toBe(matched + explained)
  }
}

describe('once both clouds answer nobody any more', () => {
  test('a plan maps everything and writes nothing', async () => {
    const before = await vaultNow()
    const planned = summaries(await ok(['--json', 'plan', 'm365', ...to]))
    expect(planned.map(({ target }) => target)).toEqual(['cards', 'dates', 'mail'])
    for (const { planned: count } of planned) expect(count).toBeGreaterThan(5)
    expect(writes()).toBe(0)
    expect(await vaultNow()).toEqual(before)
  })

  test('a rehearsal balances and leaves nothing behind on the servers', async () => {
    const before = picture()
    const rehearsed = summaries(await ok(['--json', 'rehearse', 'm365', ...to]))
    balanced(rehearsed)
    expect(rehearsed.flatMap(({ leftovers }) => leftovers)).toEqual([])
    expect(writes()).toBeGreaterThan(100)
    expect(picture()).toEqual(before)
    expect(suites.dav.smtp.mails).toEqual([])
  })

  test('one person comes first: calendar and contacts, then the newest mails, and nothing of anybody else', async () => {
    const before = picture()
    clear()
    const ran = await ok(['--json', 'cutover', 'google', ...to, '--person', 'ADA@example.org', ...confirmed])
    const first = summaries(ran)
    balanced(first)
    // Whatever the order of --to.
    expect(first.map(({ target }) => target)).toEqual(['cards', 'dates', 'mail'])
    const lastDate = Math.max(...suites.dav.calls.calls.filter(({ method }) => method === 'PUT').map(({ atMs }) => atMs))
    const firstMail = Math.min(
      ...imap()
        .calls.calls.filter(({ route }) => route === 'APPEND')
        .map(({ atMs }) => atMs),
    )
    expect(lastDate).toBeLessThan(performance.timeOrigin + firstMail)
    const { come, gone } = changesBetween(before, picture())
    expect(gone).toEqual([])
    expect(come.length).toBeGreaterThan(500)
    expect(come.filter((line) => !line.includes(` ${ada} `))).toEqual([])

    const old = (subject: string): number => Number(/^old (\d+)$/.exec(subject)?.[1] ?? Number.NaN)
    const inbox =
      imap()
        .store.accounts.get(ada)
        ?.folders.get('INBOX')
        ?.mails.map(({ bytes }) => old(subjectOf(bytes))) ?? []
    const olds = inbox.filter((n) => !Number.isNaN(n))
    expect(olds).toEqual(olds.toSorted((a, b) => b - a))
    const milestones = first.at(-1)?.milestones ?? []
    expect(milestones.map(({ target, items, newest }) => [target, newest ? items : undefined])).toEqual([
      ['cards', undefined],
      ['dates', undefined],
      ['mail', 500],
      ['mail', undefined],
    ])
    expect(milestones.map(({ seconds }) => seconds)).toEqual(milestones.map(({ seconds }) => seconds).toSorted((a, b) => a - b))
    const report = await readFile(first.at(-1)?.report ?? '', 'utf8')
    for (const words of ['die neuesten 500 E-Mails', 'the newest 500 mails', 'Nutzbar nach', 'Usable after'])
      expect(report).toContain(words)
  })

  test('an address that nobody has is told with what to do, and nothing is written', async () => {
    clear()
    const ran = await acme.run(['--json', 'cutover', 'google', ...to, '--person', 'nobody@example.org', ...confirmed])
    expect(ran.code).toBe(2)
    expect(ran.stdout + ran.stderr).toMatch(/nobody@example\.org/)
    expect(ran.stdout + ran.stderr).toMatch(/identities\.yaml/)
    expect(writes()).toBe(0)
  })

  test('afterwards the cutover of everybody brings the others and doubles nothing, and a further one writes nothing', async () => {
    const before = picture()
    const google = summaries(await ok(['--json', 'cutover', 'google', ...to, ...confirmed]))
    const m365 = summaries(await ok(['--json', 'cutover', 'm365', ...to, ...confirmed]))
    for (const all of [google, m365]) {
      balanced(all)
      for (const { run, explained } of all) {
        const losses = await linesIn<Loss>(runFiles(join(dir, 'state'), run).losses)
        expect(new Set(losses.map(({ item }) => item)).size).toBeGreaterThanOrEqual(explained)
        expect(losses.filter(({ code, detail }) => code === undefined || detail === '')).toEqual([])
      }
    }
    const { come, gone } = changesBetween(before, picture())
    expect(gone).toEqual([])
    expect(come.some((line) => line.includes('erika@example.org'))).toBe(true)
    const mails = picture().filter((line) => line.startsWith('mail '))
    expect(new Set(mails).size).toBe(mails.length)
    clear()
    balanced(summaries(await ok(['--json', 'cutover', 'google', ...to, ...confirmed])))
    expect(writes()).toBe(0)
    expect(suites.dav.smtp.mails).toEqual([])
  })

  test('a calendar server that is down keeps nobody’s mail back, and is told at the end', async () => {
    await suites.dav[Symbol.asyncDispose]()
    const ran = await acme.run(['--json', 'cutover', 'm365', '--to', 'dates', '--to', 'mail', ...confirmed])
    expect([1, 75]).toContain(ran.code)
    const told = summaries(ran)
    balanced(told)
    expect(told.map(({ target }) => target)).toEqual(['mail'])
    expect(told[0]?.matched).toBeGreaterThan(20)
    expect(valuesOf<{ type: string }>(ran.stdout).at(-1)).toMatchObject({ type: 'exit-error' })
  })
})
