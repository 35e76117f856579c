import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { everyFile } from '../support/files.ts'
import { valuesOf } from '../support/lines.ts'
import { company, organisation, type Company, type Ran } from '../testbed/company.ts'
import { demoWorld } from '../testbed/world/demo.ts'

let dir: string
let acme: Company
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fallreep-emergency-'))
  acme = await company({ dir, slack: { world: demoWorld({ messagesPerChannel: 2 }) } })
  const { code, stderr } = await acme.run(['backup'])
  if (code !== 0) throw new Error(`the backup ended with ${code}: ${stderr}`)
  await acme.darkenSlack()
})
afterAll(async () => {
  await acme[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})
const summaryOf = ({ stdout }: Ran): Record<string, unknown> => valuesOf<Record<string, unknown>>(stdout).at(-1) ?? {}
const vaultNow = async (): Promise<readonly string[]> =>
  (await everyFile(join(dir, 'vault'))).map(({ name, bytes }) => `${name} ${bytes.length}`).toSorted()
const asking = /\/(?:search|ids|usernames|names)$/

describe('once Slack answers nobody any more', () => {
  test.each([[['plan', 'slack', '--to', 'chat']], [['-n', 'cutover', 'slack', '--to', 'chat']]])(
    'fallreep %j maps everything, writes nothing to the server and changes no file of the vault',
    async (args) => {
      const before = await vaultNow()
      acme.mattermost?.calls.clear()
      const ran = await acme.run(['--json', ...args])
      expect(ran).toMatchObject({ code: 0 })
      expect(summaryOf(ran)).toMatchObject({ command: 'plan', planned: expect.any(Number) as number })
      const writes = acme.mattermost?.calls.calls.filter(({ method, path }) => method !== 'GET' && !asking.test(path))
      expect(writes).toEqual([])
      expect(acme.mattermost?.calls.count()).toBeGreaterThan(0)
      expect(await vaultNow()).toEqual(before)
    },
  )

  test('a rehearsal, its report and an export come from the vault alone', async () => {
    const before = await vaultNow()
    const rehearsal = await acme.run(['--json', 'rehearse', 'slack', '--to', 'chat'])
    expect(rehearsal).toMatchObject({ code: 0 })
    expect(summaryOf(rehearsal)).toMatchObject({ differs: 0, missing: 0 })
    const report = await acme.run(['--json', 'report', '--output', join(dir, 'reports')])
    expect(report).toMatchObject({ code: 0 })
    expect(await readFile(String(summaryOf(report)['html']), 'utf8')).toContain(String(summaryOf(rehearsal)['run']))
    expect(await acme.run(['export', 'slack', '-o', join(dir, 'all.zip')])).toMatchObject({ code: 0 })
    expect(await vaultNow()).toEqual(before)
  })

  test('a cutover on another machine, whose configuration knows no source, brings everything', async () => {
    const other = join(dir, 'other-machine')
    await mkdir(other, { mode: 0o700 })
    const settings = parseDocument(await readFile(acme.config, 'utf8'))
    settings.deleteIn(['sources'])
    settings.deleteIn(['limits'])
    settings.setIn(['stateDir'], join(other, 'state'))
    // The machine of the nights is gone, and its key with it.
    settings.setIn(['vault', 'indexIdentity'], { file: join(other, 'index-identity.key') })
    settings.setIn(['vault', 'contentKey'], { file: join(other, 'escrow-2.key') })
    await copyFile(join(dir, 'escrow-2.key'), join(other, 'escrow-2.key'))
    const config = join(other, 'fallreep.yaml')
    await writeFile(config, settings.toString(), { mode: 0o600 })
    const ran = await acme.run(['--config', config, '--json', 'cutover', 'slack', '--to', 'chat', '--confirm', organisation])
    expect(ran).toMatchObject({ code: 0 })
    const summary = summaryOf(ran)
    expect(summary).toMatchObject({ command: 'cutover', source: 'slack', differs: 0, missing: 0 })
    expect(await readFile(String(summary['report']), 'utf8')).toContain('slack')
    expect(acme.mattermost?.notifications).toEqual([])
    // And at home the same again finds everything in its place, though it was not this ledger that brought it.
    const again = await acme.run(['--json', 'cutover', 'slack', '--to', 'chat', '--confirm', organisation])
    expect(again).toMatchObject({ code: 0 })
    expect(summaryOf(again)).toMatchObject({ differs: 0, missing: 0 })
  })
})
