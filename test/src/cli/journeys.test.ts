import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { company, organisation, type Company, type Ran } from '../../testbed/company.ts'

let acme: Company
beforeAll(async () => {
  acme = await company()
})
afterAll(() => acme[Symbol.asyncDispose]())

const rowsOf = ({ stdout }: Ran): readonly Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
/** Runs with --json; the last line is a summary with exactly these fields, and every line begins with its type. */
async function summaryOf(...args: readonly string[]): Promise<Record<string, unknown>> {
  const ran = await acme.run(['--json', ...args])
  expect(ran).toMatchObject({ code: 0 })
  for (const line of ran.stdout.trimEnd().split('\n'))
    expect(line).toMatch(/^\{"type":"(?:check|snapshot|collection|status|stage|loss|item-failed|summary)"/)
  const last = rowsOf(ran).at(-1) ?? {}
  expect(last['type']).toBe('summary')
  return last
}

describe('a company from its first day to its last, by the command line', () => {
  test('init made keys that nobody else can read, and a vault', async () => {
    for (const file of ['fallreep.yaml', 'index-identity.key', 'escrow-1.key', 'escrow-2.key'])
      expect((await stat(join(acme.dir, file))).mode & 0o777).toBe(0o600)
    expect(await readFile(acme.config, 'utf8')).not.toContain('AGE-SECRET-KEY')
    const again = await acme.run([
      'init',
      '--vault',
      join(acme.dir, 'vault'),
      '--escrow',
      join(acme.dir, 'escrow-1.key'),
      '--escrow',
      join(acme.dir, 'escrow-3.key'),
    ])
    expect(again.code).toBe(1)
    expect(again.stderr).toContain('escrow-1.key is there already')
  })

  test('status, doctor and snapshots of a company without a snapshot', async () => {
    expect(await summaryOf('snapshots')).toEqual({ type: 'summary', command: 'snapshots', snapshots: 0 })
    expect(await summaryOf('status')).toEqual({ type: 'summary', command: 'status', sources: [{ source: 'slack' }] })
    expect(Object.keys(await summaryOf('doctor'))).toEqual(['type', 'command', 'pass', 'warn', 'fail', 'skip'])
    const { code, stderr } = await acme.run(['rehearse', 'slack', '--to', 'chat'])
    expect([code, stderr.includes('the vault holds none yet')]).toEqual([2, true])
  })

  test('a dry run of a backup lists the collections and writes nothing', async () => {
    const summary = await summaryOf('--dry-run', 'backup')
    expect(Object.keys(summary)).toEqual(['type', 'command', 'dryRun', 'source', 'collections', 'items'])
    expect(await summaryOf('snapshots')).toMatchObject({ snapshots: 0 })
  })

  test('backup, and what can be looked up then', async () => {
    const summary = await summaryOf('backup')
    expect(Object.keys(summary)).toEqual(['type', 'command', 'source', 'state', 'snapshot', 'collections', 'losses', 'requests', 'seconds'])
    expect(summary).toMatchObject({ command: 'backup', source: 'slack', state: 'complete' })
    expect(Object.keys(await summaryOf('show', 'slack'))).toEqual(['type', 'command', 'snapshot', 'losses'])
    expect(Object.keys(await summaryOf('verify', '--depth', 'every-byte'))).toEqual([
      'type',
      'command',
      'depth',
      'pass',
      'warn',
      'fail',
      'skip',
    ])
    expect(await summaryOf('status')).toMatchObject({
      sources: [{ source: 'slack', newestState: 'complete', rpoSeconds: expect.any(Number) }],
    })
  })

  test('plan, and what a dry run of a cutover is, write nothing', async () => {
    acme.mattermost?.calls.clear()
    const fields = ['type', 'command', 'source', 'snapshot', 'target', 'planned', 'uncarried', 'byKind', 'operations', 'losses', 'seconds']
    expect(Object.keys(await summaryOf('plan', 'slack', '--to', 'chat'))).toEqual(fields)
    expect(Object.keys(await summaryOf('-n', 'cutover', 'slack', '--to', 'chat'))).toEqual(fields)
    const writes = acme.mattermost?.calls.calls.filter(({ method }) => method !== 'GET') ?? []
    expect(writes.filter(({ path }) => !/\/(?:search|ids|usernames|names)$/.test(path))).toEqual([])
  })

  test('rehearsal, its report, and status then', async () => {
    const summary = await summaryOf('rehearse', 'slack', '--to', 'chat')
    const fields = [
      'command',
      'run',
      'source',
      'target',
      'snapshot',
      'planned',
      'matched',
      'explained',
      'differs',
      'missing',
      'applied',
      'losses',
      'foreign',
      'leftovers',
      'milestones',
      'uncarried',
      'seconds',
      'report',
    ]
    expect(Object.keys(summary)).toEqual(['type', ...fields])
    expect(summary).toMatchObject({ differs: 0, missing: 0 })
    expect(await readFile(String(summary['report']), 'utf8')).toContain('<h1>Probebericht</h1>')
    const { html, json } = await summaryOf('report', '--output', join(acme.dir, 'reports'))
    expect(String(html)).toBe(join(acme.dir, 'reports', `report-${String(summary['run'])}.html`))
    expect(JSON.parse(await readFile(String(json), 'utf8'))).toMatchObject({ type: 'report', result: { run: summary['run'] } })
    expect(await summaryOf('status')).toMatchObject({ sources: [{ rehearsal: summary['run'], rehearsalVerified: true }] })
  })

  test('export writes one file, and says that it is not encrypted', async () => {
    const { code, stderr, stdout } = await acme.run(['export', 'slack', '-o', join(acme.dir, 'out.zip')])
    expect([code, stderr]).toEqual([0, expect.stringContaining('not encrypted')])
    expect(stdout).toContain(join(acme.dir, 'out.zip'))
    expect((await stat(join(acme.dir, 'out.zip'))).size).toBeGreaterThan(1000)
  })

  test('identities are proposed once, and a second time there is nothing new', async () => {
    const first = await summaryOf('identities', 'propose', '--to', 'chat')
    expect(Object.keys(first)).toEqual(['type', 'command', 'path', 'added', 'extended', 'conflicts', 'written'])
    expect(first).toMatchObject({ written: true, conflicts: 0 })
    expect(await summaryOf('identities', 'propose')).toMatchObject({ added: 0, extended: 0, written: false })
  })

  test('cutover, once confirmed', async () => {
    expect(await summaryOf('cutover', 'slack', '--to', 'chat', '--confirm', organisation)).toMatchObject({
      command: 'cutover',
      differs: 0,
      missing: 0,
    })
  })

  test('no secret of the company stands in what was printed', async () => {
    const { stdout, stderr } = await acme.run(['-vv', 'config', 'show', '--origin'])
    for (const name of ['slack.token', 'mattermost.token', 'escrow-1.key']) {
      const secret = (await readFile(join(acme.dir, name), 'utf8')).trim().split('\n').at(-1) ?? ''
      expect(stdout + stderr).not.toContain(secret)
    }
  })
})
