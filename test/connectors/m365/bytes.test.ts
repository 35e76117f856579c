import { expect, test } from 'vitest'
import { itemId } from '../../../src/contract/ids.ts'
import { faultIn } from '../../../src/fault.ts'
import { graphTestbed, type GraphTestbed } from '../../testbed/graph/testbed.ts'
import { never, type Pass } from '../slack/world.ts'
import { connectorFor, mailOf, readOne } from './world.ts'

const adas = (bed: GraphTestbed, native: string) => itemId('mail', bed.tenant.user('ada').id, native)
const bodyOf = (pass: Pass, bed: GraphTestbed, native: string) => pass.items.get(adas(bed, native))?.body
const keyOf = (pass: Pass, bed: GraphTestbed, native: string): string => pass.items.get(adas(bed, native))?.blobs[0]?.key ?? ''

test('archives what Graph writes, and never asks for it again for a flag, a category, a move or another reading', async () => {
  await using bed = await graphTestbed({ stories: false })
  const box = bed.tenant.mailbox('ada')
  const { id } = box.deliver('inbox', { subject: 'Grüße' })
  const bytes = new Map<string, Uint8Array>()
  await using connector = connectorFor(bed)
  const first = await readOne(connector, mailOf(bed, 'ada'), new Map(), { bytes })
  expect(Buffer.from(bytes.get(keyOf(first, bed, id)) ?? []).toString()).toContain('X-MS-Exchange-Reading')
  expect(bodyOf(first, bed, id)).toMatchObject({ form: 'regenerated' })
  bed.calls.clear()
  box.markRead(id)
  box.change(id, { categories: ['Rot'], flagStatus: 'flagged' })
  box.move(id, 'archive')
  const second = await readOne(connector, mailOf(bed, 'ada'), first.cursors, { bytes })
  expect(second.items.get(adas(bed, id))?.revision).not.toBe(first.items.get(adas(bed, id))?.revision)
  expect(bodyOf(second, bed, id)).toMatchObject({ keywords: ['Rot'], flags: { seen: true, flagged: true } })
  expect(bed.calls.count('messages.value')).toBe(0)
})

test('only the flag of having been read comes alone: the rest is looked up', async () => {
  await using bed = await graphTestbed({ stories: false })
  const box = bed.tenant.mailbox('ada')
  const { id } = box.deliver('inbox', { categories: ['Rot'] })
  await using connector = connectorFor(bed)
  const first = await readOne(connector, mailOf(bed, 'ada'))
  box.markRead(id)
  bed.calls.clear()
  const second = await readOne(connector, mailOf(bed, 'ada'), first.cursors)
  expect(bodyOf(second, bed, id)).toMatchObject({ flags: { seen: true }, keywords: ['Rot'] })
  expect(bed.calls.count('messages.get')).toBe(1)
})

test('a draft is fetched again after each change, and once more when it is sent', async () => {
  await using bed = await graphTestbed()
  const { id } = bed.stories.draft
  const box = bed.tenant.mailbox('ada')
  const keys: string[] = []
  await using connector = connectorFor(bed)
  let pass = await readOne(connector, mailOf(bed, 'ada'))
  keys.push(keyOf(pass, bed, id))
  box.change(id, { seed: 99 })
  pass = await readOne(connector, mailOf(bed, 'ada'), pass.cursors)
  keys.push(keyOf(pass, bed, id))
  box.change(id, { isDraft: false })
  box.move(id, 'sentitems')
  pass = await readOne(connector, mailOf(bed, 'ada'), pass.cursors)
  keys.push(keyOf(pass, bed, id))
  box.markRead(id, false)
  pass = await readOne(connector, mailOf(bed, 'ada'), pass.cursors)
  expect(new Set(keys).size).toBe(3)
  expect(keyOf(pass, bed, id)).toBe(keys[2])
})

test('a mail whose attachment was taken out is fetched again', async () => {
  await using bed = await graphTestbed()
  const box = bed.tenant.mailbox('ada')
  const { id } = [...box.mails.values()].find(({ subject }) => subject === 'Mit Anhang') ?? { id: '' }
  await using connector = connectorFor(bed)
  const first = await readOne(connector, mailOf(bed, 'ada'))
  box.mail(id).attachments.length = 0
  box.change(id, {})
  const second = await readOne(connector, mailOf(bed, 'ada'), first.cursors)
  expect(keyOf(second, bed, id)).not.toBe(keyOf(first, bed, id))
})

test('what Graph cannot write is put together from its parts, and says so', async () => {
  await using bed = await graphTestbed()
  const { id } = bed.stories.corrupt
  const bytes = new Map<string, Uint8Array>()
  await using connector = connectorFor(bed)
  const pass = await readOne(connector, mailOf(bed, 'ada'), new Map(), { bytes })
  expect(bodyOf(pass, bed, id)).toMatchObject({ form: 'built' })
  expect(pass.losses).toContainEqual(
    expect.objectContaining({ item: adas(bed, id), code: 'text-changed', effect: { type: 'degraded', field: 'bytes' } }),
  )
  const text = Buffer.from(bytes.get(keyOf(pass, bed, id)) ?? []).toString()
  expect(text).toMatch(/^X-Fallreep-Built:/m)
  expect(text).toMatch(/^Message-ID: <.+@example\.org>\r$/im)
  expect(text).toMatch(/filename="?alt\.doc"?/)
  expect(text).toContain(Buffer.from('alt.doc '.repeat(5)).toString('base64').slice(0, 40))
  // It stays what it is: nothing is said again the next night, and a later flag does not make it whole.
  const again = await readOne(connector, mailOf(bed, 'ada'), pass.cursors, { bytes })
  expect(again.changes.map(({ type }) => type)).toEqual(['checkpoint'])
  bed.tenant.mailbox('ada').change(id, { flagStatus: 'flagged' })
  const flagged = await readOne(connector, mailOf(bed, 'ada'), again.cursors, { bytes })
  expect(bodyOf(flagged, bed, id)).toMatchObject({ form: 'built', flags: { flagged: true } })
})

test('an attachment that cannot be had either is named, and the rest of the mail is kept', async () => {
  await using bed = await graphTestbed()
  const { id } = bed.stories.corrupt
  bed.stories.corrupt.attachments.push({ name: 'gut.txt', bytes: 40 })
  bed.faults.next('attachments.value', { type: 'status', status: 400, body: { error: { code: 'malwareDetected' } } })
  const bytes = new Map<string, Uint8Array>()
  await using connector = connectorFor(bed)
  const pass = await readOne(connector, mailOf(bed, 'ada'), new Map(), { bytes })
  expect(pass.losses.filter(({ item }) => item === adas(bed, id)).map(({ code, effect }) => [code, effect])).toEqual([
    ['text-changed', { type: 'degraded', field: 'bytes' }],
    ['withheld-by-source', { type: 'degraded', field: 'attachments' }],
  ])
  const text = Buffer.from(bytes.get(keyOf(pass, bed, id)) ?? []).toString()
  expect(text).toContain(Buffer.from('gut.txt gut.txt').toString('base64').slice(0, 18))
  expect(text).toContain(Buffer.from('This attachment was not given').toString('base64').slice(0, 36))
})

test('a run killed before it could say that a mail was put together says so at the next', async () => {
  await using bed = await graphTestbed()
  const { id } = bed.stories.corrupt
  const bytes = new Map<string, Uint8Array>()
  await using killed = connectorFor(bed)
  const first = await readOne(killed, mailOf(bed, 'ada'), new Map(), { bytes, stopAfter: 1 })
  expect(bodyOf(first, bed, id)).toMatchObject({ form: 'regenerated' })
  expect(bytes.has(keyOf(first, bed, id))).toBe(true)
  await using next = connectorFor(bed)
  const second = await readOne(next, mailOf(bed, 'ada'), first.cursors, { bytes })
  expect(bodyOf(second, bed, id)).toMatchObject({ form: 'built' })
  expect(second.losses).toContainEqual(expect.objectContaining({ item: adas(bed, id), code: 'text-changed' }))
})

test.each([
  ['corrupt', 'lost', 'ErrorCorruptData'],
  ['infected', 'infected', 'ErrorVirusDetected'],
] as const)('a %s mail is lost for good, and its neighbours come', async (_, story, word) => {
  await using bed = await graphTestbed()
  const bytes = new Map<string, Uint8Array>()
  await using connector = connectorFor(bed)
  const pass = await readOne(connector, mailOf(bed, 'ada'), new Map(), { bytes })
  const item = pass.items.get(adas(bed, bed.stories[story].id))
  const [blob] = item?.blobs ?? []
  if (blob?.type !== 'handle') throw new Error('no handle')
  const fault = faultIn(await connector.blob(blob.handle, never).catch((error: unknown) => error))
  expect(fault).toMatchObject({ code: 'rejected', why: expect.stringContaining(word) })
  expect(fault?.message).not.toContain('Verdorben')
  expect([...bytes.values()].filter(({ byteLength }) => byteLength > 0).length).toBe(bytes.size - 2)
})

test('a mailbox that is closed in the middle of a run makes no losses of its mails', async () => {
  await using bed = await graphTestbed({ stories: false })
  await using connector = connectorFor(bed)
  const pass = await readOne(connector, mailOf(bed, 'ada'))
  const [item] = [...pass.items.values()].filter(({ kind }) => kind === 'mail')
  const [blob] = item?.blobs ?? []
  if (blob?.type !== 'handle') throw new Error('no handle')
  bed.tenant.user('ada').refused = { status: 403, code: 'ErrorAccessDenied' }
  const fault = faultIn(await connector.blob(blob.handle, never).catch((error: unknown) => error))
  expect(fault?.code).toBe('unavailable')
  bed.tenant.user('ada').refused = undefined
  bed.faults.next('messages.value', { type: 'status', status: 403, body: { error: { code: 'ErrorAccessDenied', message: 'no' } } })
  const alone = faultIn(await connector.blob(blob.handle, never).catch((error: unknown) => error))
  expect(alone?.code).toBe('permission')
})
