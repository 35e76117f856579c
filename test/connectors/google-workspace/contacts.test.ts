import { describe, expect, test } from 'vitest'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import { inGroup } from '../../testbed/google/people/store.ts'
import type { GoogleTestbedOptions } from '../../testbed/google/testbed.ts'
import { png } from '../../testbed/world/images.ts'
import { linesOf } from './map/facts.ts'
import { adasNights, type Nights } from './nights.ts'
import { Held, never, open, run } from './world.ts'

const who = 'ada@example.org'
const nights = (options: GoogleTestbedOptions = {}): Promise<Nights> => adasNights('contacts', { pages: 'full', ...options })
const cards = (held: Held): readonly SourceItem<'contact'>[] => [...held.items.values()].filter((item) => item.kind === 'contact')
const card = (held: Held, name: string): SourceItem<'contact'> => {
  const found = cards(held).find(({ body }) => linesOf(body.vcf).includes(`FN:${name}`))
  if (found === undefined) throw new Error(`no card of ${name}`)
  return found
}
const idOf = (ada: Nights, resourceName: string): ItemId => `contact/${ada.bed.company.user('ada').id}/${resourceName}` as ItemId

describe('the first night', () => {
  test('gives both lists, groups as categories, and pictures that are somebody’s own', async () => {
    await using ada = await nights()
    const held = await ada.night()
    const grace = card(held, 'Dr. Grace Hopper')
    expect(linesOf(grace.body.vcf)).toContain(String.raw`CATEGORIES:Sailing\, friends`)
    expect(grace.body.photo).toBe(0)
    expect(card(held, '110').blobs).toEqual([])
    expect(card(held, 'once@stranger.example').body.addressbook).toBe(`addressbook/${ada.bed.company.user('ada').id}/other`)
    await using connector = await open(ada.bed)
    const [blob] = grace.blobs
    if (blob?.type !== 'handle') throw new Error('the picture has no handle')
    expect(blob.handle).toMatch(/=s0$/)
    const bytes = new Uint8Array(await new Response(await connector.blob(blob.handle, never)).arrayBuffer())
    expect(bytes).toEqual(new Uint8Array(png(8, 8, [10, 20, 30])))
  })

  test('a picture that is gone, or that lies with a stranger, is refused for ever', async () => {
    await using ada = await nights()
    await using connector = await open(ada.bed)
    await expect(connector.blob(`picture/${ada.bed.url}photos/none=s0`, never)).rejects.toMatchObject({ code: 'gone' })
    await expect(connector.blob('picture/https://evil.example/x=s0', never)).rejects.toMatchObject({ code: 'rejected' })
  })

  test('killed on any page it goes on there, and ends the same', async () => {
    await using ada = await nights({ pages: 'small', contactsEach: 40 })
    await using connector = await open(ada.bed)
    const whole = await run(connector, ada.collection)
    const stops = whole.changes.filter(({ type }) => type === 'checkpoint').length
    expect(stops).toBeGreaterThan(4)
    for (let stop = 1; stop < stops; stop++) {
      const held = new Held()
      let met = 0
      for await (const change of connector.changes({ id: ada.collection as never, title: '', kinds: [] }, undefined, never)) {
        held.take(change)
        if (change.type === 'checkpoint' && (met += 1) === stop) break
      }
      await run(connector, ada.collection, held)
      expect([...held.items.keys()].toSorted()).toEqual([...whole.items.keys()].toSorted())
    }
  })
})

describe('the next night', () => {
  test('costs three requests when nothing changed', async () => {
    await using ada = await nights()
    await ada.night()
    const held = await ada.night()
    expect(held.changes.filter(({ type }) => type !== 'checkpoint')).toEqual([])
    expect(ada.bed.calls.byRoute).toMatchObject({
      'people.connections.list': 1,
      'people.otherContacts.list': 1,
      'people.contactGroups.list': 1,
    })
  })

  test('brings what is new and changed, and takes away what was deleted, from both lists', async () => {
    await using ada = await nights()
    const before = await ada.night()
    const { contacts } = ada.bed.groupware
    const [grace, police] = [card(before, 'Dr. Grace Hopper'), card(before, '110')].map(({ provenance }) => provenance.nativeId)
    const fresh = contacts.addContact(who, { names: [{ displayName: 'New' }] })
    contacts.editContact(who, grace ?? '', { biographies: [{ value: 'Admiral', contentType: 'TEXT_PLAIN' }] })
    contacts.deleteContact(who, police ?? '')
    const once = card(before, 'once@stranger.example').provenance.nativeId
    contacts.deleteOther(who, once)
    const other = contacts.addOther(who, { emailAddresses: [{ value: 'twice@stranger.example' }] })
    await ada.night()
    expect(ada.said.toSorted()).toEqual(
      [
        `+ ${idOf(ada, fresh.resourceName ?? '')}`,
        `+ ${idOf(ada, grace ?? '')}`,
        `+ ${idOf(ada, other.resourceName ?? '')}`,
        `- ${idOf(ada, police ?? '')}`,
        `- ${idOf(ada, once)}`,
      ].toSorted(),
    )
    expect(linesOf(card(ada.held, 'Dr. Grace Hopper').body.vcf)).toContain('NOTE:Admiral')
  })

  test('writes the cards anew when a group has another name, which no contact says', async () => {
    await using ada = await nights()
    await ada.night()
    const { contacts } = ada.bed.groupware
    const [group] = [...contacts.of(who).groups.keys()].filter((name) => name.startsWith('contactGroups/g'))
    contacts.renameGroup(who, group ?? '', 'Rowing')
    await ada.night()
    expect(linesOf(card(ada.held, 'Dr. Grace Hopper').body.vcf)).toContain('CATEGORIES:Rowing')
    expect(ada.held.of('reset')).toEqual([])
    await ada.night()
    expect(ada.said).toEqual([])
    contacts.addGroup(who, 'Empty')
    await ada.night()
    expect(ada.said).toEqual([])
  })

  test('follows a contact whose name in the API changed', async () => {
    await using ada = await nights()
    const old = card(await ada.night(), 'Dr. Grace Hopper').provenance.nativeId
    const renamed = ada.bed.groupware.contacts.renameContact(who, old)
    await ada.night()
    expect(ada.said).toEqual([`- ${idOf(ada, old)}`, `+ ${idOf(ada, renamed.resourceName ?? '')}`])
  })

  test('has another picture when its address changed, and only then', async () => {
    await using ada = await nights()
    const before = card(await ada.night(), 'Dr. Grace Hopper')
    const { contacts } = ada.bed.groupware
    contacts.editContact(who, before.provenance.nativeId, { photos: [contacts.addPhoto(png(8, 8, [1, 1, 1]))] })
    const after = card(await ada.night(), 'Dr. Grace Hopper')
    expect(after.blobs[0]?.key).not.toBe(before.blobs[0]?.key)
    expect(after.revision).not.toBe(before.revision)
  })
})

describe('what Google takes back', () => {
  test('a sync token after a week: a full listing, and what is not in it is gone', async () => {
    await using ada = await nights()
    const police = card(await ada.night(), '110').provenance.nativeId
    ada.bed.groupware.contacts.deleteContact(who, police)
    ada.pass(8)
    const held = await ada.night()
    expect(held.of('reset')).toHaveLength(1)
    expect(held.items.has(idOf(ada, police))).toBe(false)
    expect(cards(held)).toHaveLength(2)
    expect((await ada.night()).changes.filter(({ type }) => type !== 'checkpoint')).toEqual([])
  })

  test.each([
    [
      'in the words of the documentation',
      { details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'EXPIRED_SYNC_TOKEN' }], message: 'expired' },
    ],
    [
      'in the words that people report',
      { message: 'Sync token is expired. Clear local cache and retry call without the sync token.', status: 'FAILED_PRECONDITION' },
    ],
  ])('a sync token, %s', async (_, error) => {
    await using ada = await nights()
    await ada.night()
    ada.bed.faults.next('people.connections.list', { type: 'status', status: 400, body: { error: { code: 400, ...error } } })
    const held = await ada.night()
    expect(held.of('reset')).toHaveLength(1)
    expect(cards(held)).toHaveLength(3)
  })

  test('another mistake of ours is not taken for it', async () => {
    await using ada = await nights()
    await ada.night()
    ada.bed.faults.next('people.connections.list', {
      type: 'status',
      status: 400,
      body: { error: { code: 400, message: 'Invalid personFields' } },
    })
    await expect(ada.night()).rejects.toMatchObject({ code: 'rejected' })
  })

  test('other contacts that are refused stop nothing and delete nothing', async () => {
    await using ada = await nights()
    await ada.night()
    ada.bed.faults.next('people.otherContacts.list', { type: 'status', status: 403, body: { error: { code: 403, message: 'no' } } })
    const fresh = ada.bed.groupware.contacts.addContact(who, { names: [{ displayName: 'New' }] })
    const held = await ada.night()
    expect(ada.said).toEqual([`+ ${idOf(ada, fresh.resourceName ?? '')}`])
    expect(held.losses).toEqual([`addressbook/${ada.bed.company.user('ada').id}/other withheld-by-source`])
    expect(cards(held)).toHaveLength(4)
  })

  test('a token while other contacts are refused: all is read anew, and nothing of the others is taken for gone', async () => {
    await using ada = await nights()
    const police = card(await ada.night(), '110').provenance.nativeId
    const { contacts } = ada.bed.groupware
    contacts.deleteContact(who, police)
    const fresh = contacts.addContact(who, { names: [{ displayName: 'New' }] })
    contacts.expireTokens(who)
    const no = { type: 'status' as const, status: 403, body: { error: { code: 403, message: 'no' } } }
    ada.bed.faults.next('people.otherContacts.list', no)
    const held = await ada.night()
    expect(held.of('reset')).toEqual([])
    expect(held.items.has(idOf(ada, fresh.resourceName ?? ''))).toBe(true)
    expect(cards(held)).toHaveLength(4)
    await ada.night()
    expect(held.of('reset')).toHaveLength(1)
    expect(held.items.has(idOf(ada, police))).toBe(false)
    expect(cards(held)).toHaveLength(3)
  })

  test('somebody whose contacts may not be read at all is one refusal', async () => {
    await using ada = await nights()
    await using connector = await open(ada.bed)
    await expect(run(connector, `contacts/${ada.bed.company.user('frida').id}`)).rejects.toMatchObject({ code: 'permission' })
  })

  test('groups that are refused leave the categories as they were', async () => {
    await using ada = await nights()
    await ada.night()
    ada.bed.faults.next('people.contactGroups.list', { type: 'status', status: 403, body: { error: { code: 403, message: 'no' } } })
    await ada.night()
    expect(ada.said).toEqual([])
    await ada.night()
    expect(ada.said).toEqual([])
  })
})

test('a contact with more addresses than a list gives is asked for whole', async () => {
  await using ada = await nights({ groupwareStories: false })
  const emailAddresses = Array.from({ length: 100 }, (_, n) => ({ value: `a${n}@example.org` }))
  const { resourceName } = ada.bed.groupware.contacts.addContact(who, {
    names: [{ displayName: 'Many' }],
    emailAddresses,
    memberships: [inGroup('contactGroups/starred')],
  })
  const held = await ada.night()
  expect(ada.bed.calls.count('people.get')).toBe(1)
  expect(linesOf((held.items.get(idOf(ada, resourceName ?? '')) as SourceItem<'contact'>).body.vcf)).toContain('CATEGORIES:Starred')
})
