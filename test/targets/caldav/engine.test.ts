import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cursor } from '../../../src/contract/ids.ts'
import type { Kind } from '../../../src/contract/item.ts'
import type { Manifest, Vault } from '../../../src/contract/vault.ts'
import type { TargetHandle, Workspace } from '../../../src/engine/api.ts'
import { cutover } from '../../../src/engine/cutover.ts'
import { rehearse } from '../../../src/engine/rehearse.ts'
import { definition as caldav } from '../../../targets/caldav/definition.ts'
import { definition as carddav } from '../../../targets/carddav/definition.ts'
import { memoryVault } from '../../support/memory-vault.ts'
import { access, peopled } from '../../testbed/dav/bench.ts'
import { ports } from '../../testbed/dav/ports.ts'
import { sample } from '../../testbed/dav/sample.ts'

const signal = AbortSignal.timeout(120_000)
const kinds: readonly Kind[] = ['account', 'calendar', 'addressbook', 'tasklist', 'event', 'contact', 'task']

/** The sample as one snapshot of a vault. */
async function snapshotIn(vault: Vault): Promise<Manifest> {
  const source = sample()
  await using writer = await vault.begin('acme', signal)
  const items = source.ordered(kinds)
  for (const [id, group] of Map.groupBy(items, ({ collection }) => collection)) {
    await writer.begin({ id, title: id, kinds })
    for (const item of group) {
      for (const blob of item.blobs)
        if (blob !== null)
          await writer.putBlob(
            await source.blobs.open(blob, signal),
            { mediaType: blob.mediaType, name: 'x', key: blob.sha256, collection: id },
            signal,
          )
      await writer.write(id, { type: 'upsert', item })
    }
    await writer.write(id, { type: 'checkpoint', cursor: cursor('1') })
  }
  return writer.commit('complete')
}

describe.each(['generic', 'nextcloud', 'radicale'] as const)('through the engine on %s', (mode) => {
  test('a rehearsal and two cutovers balance: nothing differs, nothing is missing, every loss is named', async () => {
    await using bed = await peopled(mode)
    const vault = memoryVault()
    const { id: snapshot } = await snapshotIn(vault)
    const stateDir = await mkdtemp(join(tmpdir(), 'fallreep-dav-'))
    const workspace: Workspace = { vault, portsFor: () => ports, clock: ports.clock, stateDir, people: [], emit: () => undefined }
    for (const definition of [caldav, carddav]) {
      const parsed = definition.config.parse({ url: bed.url, access: { type: 'account', login: 'x', password: { env: 'NONE' } } })
      const target = { name: definition.id, definition, config: { ...parsed, access } } as unknown as TargetHandle
      const source = { name: 'acme', connector: undefined, title: 'Acme' }
      const request = { source, target, snapshot, person: undefined, since: { startedMs: 0, milestones: [] }, tool: 'test' }
      const results = [
        await rehearse({ ...request, keep: false }, workspace, signal),
        await cutover(request, workspace, signal),
        await cutover(request, workspace, signal),
      ]
      for (const { totals, leftovers, foreign } of results) {
        expect([totals.differs, totals.missing, leftovers, foreign]).toEqual([0, 0, [], 0])
        expect(totals.planned).toBe(totals.matched + totals.explained)
        expect(totals.matched).toBeGreaterThan(0)
      }
      expect(results[2]?.applied).toMatchObject({ created: 0, updated: 0, deleted: 0, failed: 0 })
    }
    expect(bed.smtp.mails).toEqual([])
  })
})
