import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/contract/connector.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { cursor, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { Manifest } from '../../../src/contract/vault.ts'
import { channel, message, messageId, never, newSubject, type Subject, textsIn } from '../../support/vault/subject.ts'

const eng = channel('C1', 'eng')
const at = '2026-03-01T00:00:00.000000Z'
const one = messageId(eng.id, at)
const put = (text: string): Change<Item> => ({ type: 'upsert', item: message(eng.id, at, text) })
const lost = (item: ItemId, detail: string): Change<Item> => ({
  type: 'loss',
  loss: { item, stage: 'export', code: 'withheld-by-source', effect: { type: 'dropped' }, detail },
})
const checkpoint = (text: string): Change<Item> => ({ type: 'checkpoint', cursor: cursor(text) })

async function run(subject: Subject, ...changes: readonly Change<Item>[]): Promise<Manifest> {
  await using host = await subject.host()
  await using writer = await host.begin('acme', never)
  await writer.begin(eng)
  for (const change of changes) await writer.write(eng.id, change)
  return writer.commit('complete')
}
async function lossesOf(subject: Subject, { id, losses }: Manifest): Promise<string[]> {
  await using holder = await subject.holder()
  await using reader = await holder.read(id, never)
  const found: Loss[] = await Array.fromAsync(reader.losses(undefined, never))
  expect(losses).toBe(found.length)
  return found.map(({ detail }) => detail).toSorted()
}

describe('losses', () => {
  test('of an earlier run stand in later snapshots until the item changes', async () => {
    await using subject = await newSubject()
    const first = await run(subject, put('one'), lost(one, 'file withheld'))
    const second = await run(subject)
    const third = await run(subject, put('one, edited'))
    expect(await lossesOf(subject, second)).toEqual(['file withheld'])
    expect(await lossesOf(subject, third)).toEqual([])
    expect(await lossesOf(subject, first)).toEqual(['file withheld'])
  })

  test('said before the new revision of their item, in the same run, belong to it', async () => {
    await using subject = await newSubject()
    await run(subject, lost(one, 'still withheld'), lost(one, 'withheld before'), put('one'))
    const second = await run(subject, lost(one, 'still withheld'), lost(one, 'withheld now'), put('one, edited'))
    expect(await lossesOf(subject, second)).toEqual(['still withheld', 'withheld now'])
  })

  test('go with their item', async () => {
    await using subject = await newSubject()
    await run(subject, put('one'), lost(one, 'file withheld'))
    expect(await lossesOf(subject, await run(subject, { type: 'delete', id: one, evidence: 'gone' }))).toEqual([])
  })

  test('of coverage stand until their collection is listed anew without them', async () => {
    await using subject = await newSubject()
    const [a, b] = [itemId('channel', 'C8'), itemId('channel', 'C9')]
    await run(subject, lost(a, 'C8 is private'), lost(b, 'C9 is private'), checkpoint('1'))
    expect(await lossesOf(subject, await run(subject, checkpoint('2')))).toEqual(['C8 is private', 'C9 is private'])
    const relisted = await run(subject, { type: 'reset', why: 'full listing' }, lost(b, 'C9 is private'), checkpoint('3'))
    expect(await lossesOf(subject, relisted)).toEqual(['C9 is private'])
  })

  test('survive the loss of the catalog', async () => {
    await using subject = await newSubject()
    await run(subject, put('one'), lost(one, 'file withheld'))
    await using elsewhere = await subject.host({ stateDir: `${subject.stateDir}-new` })
    await using writer = await elsewhere.begin('acme', never)
    await writer.begin(eng)
    await writer.write(eng.id, put('one, edited'))
    expect(await lossesOf(subject, await writer.commit('complete'))).toEqual([])
  })
})

test('a reset that meets no checkpoint deletes nothing, neither in its run nor in the next one', async () => {
  await using subject = await newSubject()
  await run(subject, put('one'), lost(one, 'file withheld'), checkpoint('1'))
  const broken = await run(subject, { type: 'reset', why: 'cursor expired' })
  expect(broken).toMatchObject({ counts: { message: 1 }, changed: { deleted: 0 }, losses: 1 })
  const next = await run(subject, checkpoint('2'))
  expect(next).toMatchObject({ counts: { message: 1 }, changed: { deleted: 0 }, losses: 1 })
  await using holder = await subject.holder()
  expect(await textsIn(holder)).toEqual(['one'])
})
