import { expect, test } from 'vitest'
import { itemId } from '../../../src/contract/ids.ts'
import { faultIn } from '../../../src/fault.ts'
import { createFetch } from '../../../src/http/fetch.ts'
import { graphTestbed } from '../../testbed/graph/testbed.ts'
import { testPorts } from '../slack/world.ts'
import { connectorFor, emptyPass, mailOf, readOne } from './world.ts'

const steady = { type: 'checkpoint' }

test('a first run that is killed goes on where it was, and ends with the same set', async () => {
  await using bed = await graphTestbed({ stories: false, mails: 1700, pages: 'full' })
  await using whole = connectorFor(bed)
  const unbroken = await readOne(whole, mailOf(bed, 'ada'))
  await using killed = connectorFor(bed)
  const first = await readOne(killed, mailOf(bed, 'ada'), new Map(), { stopAfter: 2 })
  expect(first.items.size).toBeLessThan(unbroken.items.size)
  bed.calls.clear()
  await using next = connectorFor(bed)
  const second = await readOne(next, mailOf(bed, 'ada'), first.cursors)
  expect(second.resets).toEqual([])
  expect(new Set([...first.items.keys(), ...second.items.keys()])).toEqual(new Set(unbroken.items.keys()))
  expect(second.items.size).toBeLessThan(unbroken.items.size)
  expect((await readOne(next, mailOf(bed, 'ada'), second.cursors)).changes).toEqual([expect.objectContaining(steady)])
})

test('pages that go round in a circle end the run with a fault, and lose nothing', async () => {
  await using bed = await graphTestbed({ stories: false, mails: 30 })
  const first = new Map<string, string>()
  bed.after = (route, json) => {
    if (route !== 'messages.delta' || typeof json !== 'object' || json === null || !('@odata.nextLink' in json)) return json
    const link = String(json['@odata.nextLink'])
    const folder = link.replace(/[?].*/, '')
    first.set(folder, first.get(folder) ?? link)
    return { ...json, '@odata.nextLink': first.get(folder) }
  }
  await using connector = connectorFor(bed)
  const fault = faultIn(await readOne(connector, mailOf(bed, 'ada')).catch((error: unknown) => error))
  expect(fault).toMatchObject({ code: 'unavailable', what: expect.stringContaining('circle') })
  expect(bed.calls.count('messages.delta')).toBeLessThan(20)
})

test('a folder that lists fewer mails than it counts is not believed: nothing is deleted, and the next run lists all of it', async () => {
  await using bed = await graphTestbed({ stories: false, mails: 30 })
  const box = bed.tenant.mailbox('ada')
  const hidden = box.deliver('inbox', { subject: 'verschluckt' })
  bed.after = (route, json) => {
    if (route !== 'messages.delta') return json
    const page = json as { value: { id: string }[] }
    return { ...page, value: page.value.filter(({ id }) => id !== hidden.id) }
  }
  await using connector = connectorFor(bed)
  const short = emptyPass()
  const fault = faultIn(await readOne(connector, mailOf(bed, 'ada'), new Map(), { pass: short }).catch((error: unknown) => error))
  expect(fault).toMatchObject({ code: 'unavailable', what: expect.stringContaining('fewer mails') })
  expect(short.deleted).toEqual([])
  bed.after = (_, json) => json
  const pass = await readOne(connector, mailOf(bed, 'ada'), short.cursors)
  expect(pass.resets).toHaveLength(1)
  expect(pass.items.has(itemId('mail', bed.tenant.user('ada').id, hidden.id))).toBe(true)
})

test('mails that arrive while a folder is read for the first time are no gap', async () => {
  await using bed = await graphTestbed({ stories: false, mails: 30 })
  const box = bed.tenant.mailbox('ada')
  let arriving = 25
  bed.before = (route) => {
    if ((route === 'messages.delta' || route === 'messages.count') && (arriving -= 1) > 0) box.deliver('inbox', { subject: 'gerade eben' })
  }
  await using connector = connectorFor(bed)
  const pass = await readOne(connector, mailOf(bed, 'ada'))
  const after = await readOne(connector, mailOf(bed, 'ada'), pass.cursors)
  const found = new Set([...pass.items.keys(), ...after.items.keys()].filter((id) => id.startsWith('mail/')))
  expect(found.size).toBe(box.mails.size)
  expect([...pass.deleted, ...after.deleted]).toEqual([])
})

test('things in a mail folder that are no mails are a loss, said once', async () => {
  await using bed = await graphTestbed()
  await using connector = connectorFor(bed)
  const pass = await readOne(connector, mailOf(bed, 'ada'))
  expect(pass.losses.map(({ item, detail }) => [item, detail])).toContainEqual([
    itemId('mailbox', bed.tenant.user('ada').id, bed.tenant.mailbox('ada').folder('archive').id),
    expect.stringMatching(/^2 things/),
  ])
})

test('somebody without a mailbox is a loss of his own, said once, and stops nobody else', async () => {
  await using bed = await graphTestbed()
  await using connector = connectorFor(bed)
  const first = await readOne(connector, mailOf(bed, 'frida'))
  expect(first.losses).toEqual([expect.objectContaining({ code: 'withheld-by-source' })])
  expect(first.changes.at(-1)?.type).toBe('checkpoint')
  const second = await readOne(connector, mailOf(bed, 'frida'), first.cursors)
  expect(second.changes.map(({ type }) => type)).toEqual(['checkpoint'])
  expect((await readOne(connector, mailOf(bed, 'erika'))).items.size).toBeGreaterThan(0)
})

test('a mailbox that was read and is closed now stays as it was read', async () => {
  await using bed = await graphTestbed()
  await using connector = connectorFor(bed)
  const first = await readOne(connector, mailOf(bed, 'ada'))
  bed.tenant.user('ada').refused = { status: 403, code: 'ErrorAccessDenied' }
  const second = await readOne(connector, mailOf(bed, 'ada'), first.cursors)
  expect(second.changes.map(({ type }) => type)).toEqual(['loss', 'checkpoint'])
  bed.tenant.user('ada').refused = undefined
  const { id } = bed.tenant.mailbox('ada').deliver('inbox')
  const third = await readOne(connector, mailOf(bed, 'ada'), second.cursors)
  expect([...third.items.keys()]).toEqual([itemId('mail', bed.tenant.user('ada').id, id)])
})

test('waits as long as the service asks, however long, and goes on', async () => {
  await using bed = await graphTestbed({ stories: false })
  const ports = testPorts()
  const fetch = createFetch({ clock: ports.clock, log: ports.log, patienceMs: Infinity })
  bed.faults.next('messages.delta', { type: 'status', status: 429, retryAfterS: 900 }, { type: 'status', status: 503, retryAfterS: 400 })
  const from = ports.clock.monotonicMs()
  await using connector = connectorFor(bed, {}, { ...ports, fetch })
  const pass = await readOne(connector, mailOf(bed, 'ada'))
  expect(ports.clock.monotonicMs() - from).toBeGreaterThanOrEqual(1_300_000)
  expect(pass.items.size).toBeGreaterThan(12)
  expect(bed.faults.unused).toEqual([])
})

test('what was throttled carries how long to wait when nobody waits for it', async () => {
  await using bed = await graphTestbed({ stories: false })
  bed.faults.next('messages.delta', { type: 'status', status: 429, retryAfterS: 3000, body: { error: { code: 'ApplicationThrottled' } } })
  await using connector = connectorFor(bed)
  const fault = faultIn(await readOne(connector, mailOf(bed, 'ada')).catch((error: unknown) => error))
  expect(fault).toMatchObject({ code: 'throttled', retry: { type: 'after', ms: 3_000_000 } })
})

test('a sweep lists everything again and says nothing of what is as it was', async () => {
  await using bed = await graphTestbed({ stories: false })
  const ports = testPorts()
  await using connector = connectorFor(bed, { mail: { sweepDays: 7 } }, ports)
  const first = await readOne(connector, mailOf(bed, 'ada'))
  ports.advance(8 * 86_400_000)
  const second = await readOne(connector, mailOf(bed, 'ada'), first.cursors)
  expect(second.resets).toEqual(['it is time to list everything again'])
  expect(second.items.size).toBe(first.items.size)
  expect((await readOne(connector, mailOf(bed, 'ada'), second.cursors)).resets).toEqual([])
})

test('a server that gives no extended properties in listings is read without them', async () => {
  await using bed = await graphTestbed()
  bed.faults.next('messages.delta', { type: 'status', status: 400, body: { error: { code: 'ErrorInvalidRequest', message: 'no expand' } } })
  await using connector = connectorFor(bed)
  const pass = await readOne(connector, mailOf(bed, 'ada'))
  const flags = [...pass.items.values()].flatMap((item) => (item.kind === 'mail' ? [item.body.flags] : []))
  expect(flags.length).toBeGreaterThan(0)
  expect(flags.some(({ answered, forwarded }) => answered || forwarded)).toBe(false)
})
