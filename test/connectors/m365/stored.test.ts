import { expect, test } from 'vitest'
import { itemId } from '../../../src/contract/ids.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Vault } from '../../../src/contract/vault.ts'
import { storeCollection } from '../../../src/engine/store.ts'
import { memoryVault } from '../../support/memory-vault.ts'
import { graphTestbed, type GraphTestbed } from '../../testbed/graph/testbed.ts'
import { never } from '../slack/world.ts'
import { connectorFor, mailOf } from './world.ts'

interface Night {
  readonly state: 'complete' | 'partial'
  readonly items: ReadonlyMap<string, Item>
  readonly losses: readonly Loss[]
  readonly failed: readonly string[]
}

/** One night's backup of Ada's mail through the engine, into a vault that is kept. `stopAfter`: killed at that checkpoint. */
async function night(bed: GraphTestbed, vault: Vault, stopAfter = Infinity): Promise<Night> {
  await using connector = connectorFor(bed)
  const id = mailOf(bed, 'ada')
  const collection = (await Array.fromAsync(connector.collections(never))).find((each) => each.id === id)
  if (collection === undefined) throw new Error('Ada is not listed')
  await using writer = await vault.begin('tenant', never)
  const losses: Loss[] = []
  const failed: string[] = []
  let checkpoints = 0
  const sink = {
    item: () => undefined,
    loss: (loss: Loss) => void losses.push(loss),
    failed: (item: { readonly id: string }) => void failed.push(item.id),
    checkpoint: async () => {
      await writer.checkpoint()
      if ((checkpoints += 1) >= stopAfter) throw new Error('killed')
    },
  }
  const from = { connector, collection, since: writer.resume.get(id), writer, relist: false }
  const state = await storeCollection(from, sink, never).catch((error: unknown) => {
    if (error instanceof Error && error.message === 'killed') return 'partial' as const
    throw error
  })
  const manifest = await writer.commit(state)
  const reader = await vault.read(manifest.id, never)
  const items = new Map((await Array.fromAsync(reader.items({}, never))).map((item) => [item.id as string, item]))
  return { state, items, losses, failed }
}

const adas = (bed: GraphTestbed, native: string): string => itemId('mail', bed.tenant.user('ada').id, native)

test('a night brings every mail with its bytes, and says of two that they cannot be had and of one that it was put together', async () => {
  await using bed = await graphTestbed({ mails: 40 })
  const vault = memoryVault()
  const { state, items, losses, failed } = await night(bed, vault)
  expect([state, failed]).toEqual(['complete', []])
  const { corrupt, lost, infected } = bed.stories
  const mails = [...items.values()].filter(({ kind }) => kind === 'mail')
  expect(
    mails
      .filter(({ blobs }) => blobs[0] === null)
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual([adas(bed, lost.id), adas(bed, infected.id)].toSorted())
  expect(items.get(adas(bed, corrupt.id))).toMatchObject({ body: { form: 'built' }, blobs: [{ bytes: expect.any(Number) }] })
  const said = losses.filter(({ item }) => item.startsWith('mail/')).map(({ item, code }) => [item, code])
  expect(new Set(said.map(String))).toEqual(
    new Set([
      `${adas(bed, lost.id)},withheld-by-source`,
      `${adas(bed, infected.id)},withheld-by-source`,
      `${adas(bed, corrupt.id)},text-changed`,
    ]),
  )
  bed.calls.clear()
  const second = await night(bed, vault)
  expect(second.losses).toEqual([])
  expect(bed.calls.count('messages.value')).toBe(0)
})

test('a night that is killed anywhere is finished by the next, with nothing lost and nothing fetched twice', async () => {
  await using bed = await graphTestbed({ mails: 1100, pages: 'full' })
  const whole = await night(bed, memoryVault())
  const vault = memoryVault()
  bed.calls.clear()
  const killed = await night(bed, vault, 1)
  const fetched = bed.calls.count('messages.value')
  expect(killed.items.size).toBeLessThan(whole.items.size)
  const next = await night(bed, vault)
  expect(next.state).toBe('complete')
  expect(new Map([...next.items].map(([id, { revision }]) => [id, revision]))).toEqual(
    new Map([...whole.items].map(([id, { revision }]) => [id, revision])),
  )
  // What was under way when it was killed is asked for once more, and what Graph cannot write at each look.
  const mails = bed.tenant.mailbox('ada').mails.size
  expect(bed.calls.count('messages.value')).toBeLessThanOrEqual(mails + 16)
  expect(fetched).toBeGreaterThan(400)
})

test('bytes that fail for now hold the cursor back, and the next night has them', async () => {
  await using bed = await graphTestbed({ stories: false, mails: 10 })
  const vault = memoryVault()
  bed.faults.next('messages.value', { type: 'status', status: 503 })
  const first = await night(bed, vault)
  expect(first.state).toBe('partial')
  expect(first.failed).toHaveLength(1)
  const second = await night(bed, vault)
  expect(second).toMatchObject({ state: 'complete', losses: [expect.objectContaining({ effect: { type: 'degraded', field: 'senders' } })] })
  expect([...second.items.values()].filter(({ kind, blobs }) => kind === 'mail' && blobs[0] === null)).toEqual([])
})
