import { expect, test } from 'vitest'
import { itemId, type ItemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import { graphTestbed, type GraphTestbed } from '../../testbed/graph/testbed.ts'
import type { Pass } from '../slack/world.ts'
import { connectorFor, mailOf, readOne } from './world.ts'

const mailsIn = (pass: Pass): SourceItem<'mail'>[] => [...pass.items.values()].filter((item) => item.kind === 'mail')
const idIn = (bed: GraphTestbed, native: string): ItemId => itemId('mail', bed.tenant.user('ada').id, native)
const folderIn = (bed: GraphTestbed, name: string): ItemId =>
  itemId('mailbox', bed.tenant.user('ada').id, bed.tenant.mailbox('ada').folder(name).id)

const read = async (bed: GraphTestbed, since?: Pass, more: Readonly<Record<string, unknown>> = {}): Promise<Pass> => {
  await using connector = connectorFor(bed, more)
  return await readOne(connector, mailOf(bed, 'ada'), since?.cursors)
}

test('lists every mail of every visible folder, and no search folder, hidden folder or recoverable item', async () => {
  await using bed = await graphTestbed()
  const pass = await read(bed)
  const box = bed.tenant.mailbox('ada')
  const kept = new Set(['recoverableitemsdeletions'].map((word) => box.folder(word).id))
  const expected = [...box.mails.values()].filter(({ folder }) => !kept.has(folder)).map(({ id }) => idIn(bed, id))
  expect(new Set(mailsIn(pass).map(({ id }) => id))).toEqual(new Set(expected))
  const folders = [...pass.items.values()].flatMap((item) => (item.kind === 'mailbox' ? [item.body.path.join(' > ')] : []))
  expect(folders).toContain('Projekte > A/B: Kunde')
  expect(folders).not.toContain('Posteingang > Ungelesen')
  expect(folders.join()).not.toMatch(/PersonMetadata|Recoverable/)
  expect(bed.mutable).toEqual([])
})

test('takes hidden folders and recoverable items where the configuration says so', async () => {
  await using bed = await graphTestbed()
  const pass = await read(bed, undefined, { mail: { hiddenFolders: true, recoverableItems: true } })
  const paths = [...pass.items.values()].flatMap((item) => (item.kind === 'mailbox' ? [item.body.path.join(' > ')] : []))
  expect(paths).toEqual(expect.arrayContaining(['PersonMetadata', 'Recoverable Items > Deletions', 'Recoverable Items > Purges']))
  expect(mailsIn(pass)).toHaveLength(bed.tenant.mailbox('ada').mails.size)
})

test('an unchanged night costs one request for each folder, one to list them and one for each with folders in it; settings are asked for when it is their day', async () => {
  await using bed = await graphTestbed({ pages: 'full' })
  const first = await read(bed)
  bed.calls.clear()
  const second = await read(bed, first)
  expect(second.changes.map(({ type }) => type)).toEqual(['checkpoint'])
  const folders = [...first.items.values()].filter(({ kind }) => kind === 'mailbox').length
  expect(bed.calls.byRoute).toEqual({
    token: 1,
    'users.list': 1,
    'groups.list': 1,
    'mailFolders.list': 1,
    // Inbox (a search folder) and Projekte.
    'childFolders.list': 2,
    'messages.delta': folders,
  })
  bed.calls.clear()
  await read(bed, first, { mail: { settingsDays: 0 } })
  expect(bed.calls.byRoute).toMatchObject({ 'mailboxSettings.get': 1, 'messageRules.list': 1, 'masterCategories.list': 1 })
})

test('a mail that moves between two runs is moved, not deleted', async () => {
  await using bed = await graphTestbed()
  const box = bed.tenant.mailbox('ada')
  const { id } = box.deliver('inbox', { subject: 'wandert' })
  const first = await read(bed)
  box.move(id, 'archive')
  const second = await read(bed, first)
  expect(second.deleted).toEqual([])
  expect(second.items.get(idIn(bed, id))?.body).toMatchObject({ mailboxes: [folderIn(bed, 'archive')] })
})

test('a mail that goes elsewhere and comes back is still there, although Graph says that it left', async () => {
  await using bed = await graphTestbed()
  const box = bed.tenant.mailbox('ada')
  const { id } = box.deliver('inbox', { subject: 'hin und her' })
  const first = await read(bed)
  box.move(id, 'archive')
  box.move(id, 'inbox')
  const second = await read(bed, first)
  expect(second.deleted).toEqual([])
  expect(second.items.get(idIn(bed, id))?.revision).toBe(first.items.get(idIn(bed, id))?.revision)
})

test('a mail that goes on moving while the folders are read ends where it is', async () => {
  await using bed = await graphTestbed()
  const box = bed.tenant.mailbox('ada')
  const { id } = box.deliver('inbox', { subject: 'flüchtig' })
  const first = await read(bed)
  box.move(id, 'archive')
  // The inbox is read last: what Graph says of the archive is known by then, and not true any more.
  let moved = false
  bed.before = (route, path) => {
    if (moved || route !== 'messages.delta' || !path.includes(encodeURIComponent(box.folder('inbox').id))) return
    moved = true
    box.move(id, 'junkemail')
  }
  const second = await read(bed, first)
  bed.before = () => undefined
  const third = await read(bed, second)
  expect(moved).toBe(true)
  expect([...second.deleted, ...third.deleted]).toEqual([])
  const last = third.items.get(idIn(bed, id)) ?? second.items.get(idIn(bed, id))
  expect(last?.body).toMatchObject({ mailboxes: [folderIn(bed, 'junkemail')] })
})

test('a mail that moves from a folder not yet read to one that was is seen by the second look of a first run', async () => {
  await using bed = await graphTestbed({ pages: 'full', stories: false })
  const box = bed.tenant.mailbox('ada')
  // Folders are listed from the last to the first: the inbox is read last.
  const { id } = box.deliver('inbox', { subject: 'zurück' })
  let moved = false
  bed.before = (route, path) => {
    if (moved || route !== 'messages.delta' || !path.includes(encodeURIComponent(box.folder('inbox').id))) return
    moved = true
    box.move(id, 'Projekte')
  }
  const pass = await read(bed)
  expect(moved).toBe(true)
  expect(pass.items.get(idIn(bed, id))?.body).toMatchObject({ mailboxes: [folderIn(bed, 'Projekte')] })
})

test.each([
  ['deleted by its owner, and kept by Exchange', 'delete', /not read/],
  ['deleted for good', 'purge', /404/],
] as const)('a mail that was %s is deleted, with the evidence', async (_, how, evidence) => {
  await using bed = await graphTestbed()
  const box = bed.tenant.mailbox('ada')
  const { id } = box.deliver('inbox')
  const first = await read(bed)
  box[how](id)
  const second = await read(bed, first)
  expect(second.deleted).toEqual([idIn(bed, id)])
  const [change] = second.changes.filter(({ type }) => type === 'delete')
  expect(change).toMatchObject({ evidence: expect.stringMatching(evidence) })
  expect((await read(bed, second)).changes.map(({ type }) => type)).toEqual(['checkpoint'])
})

test('a folder that is new since the last run is read, and one that is removed for good takes its mails with it', async () => {
  await using bed = await graphTestbed()
  const box = bed.tenant.mailbox('ada')
  const first = await read(bed)
  const folder = box.addFolder('Neu', 'inbox')
  const { id } = box.deliver(folder.id)
  const second = await read(bed, first)
  expect(second.items.get(itemId('mailbox', bed.tenant.user('ada').id, folder.id))?.body).toMatchObject({ path: ['Posteingang', 'Neu'] })
  expect(second.items.has(idIn(bed, id))).toBe(true)
  box.purgeFolder(folder.id)
  const third = await read(bed, second)
  expect(third.resets).toEqual([expect.stringContaining('removed for good')])
  expect(third.items.has(idIn(bed, id))).toBe(false)
  expect(third.items.size).toBe(first.items.size)
})

test('a folder with a new name keeps its id and its mails', async () => {
  await using bed = await graphTestbed()
  const box = bed.tenant.mailbox('ada')
  const first = await read(bed)
  const before = folderIn(bed, 'Projekte')
  box.renameFolder('Projekte', 'Vorhaben')
  const second = await read(bed, first)
  const changed = [...second.items.values()].map(({ id, body }) => [id, 'path' in body ? body.path : undefined])
  expect(changed).toEqual(
    expect.arrayContaining([
      [before, ['Vorhaben']],
      [folderIn(bed, 'A/B: Kunde'), ['Vorhaben', 'A/B: Kunde']],
    ]),
  )
  expect(mailsIn(second)).toEqual([])
})

test('a mail that moved and is named nowhere is found the same night, by what its folder counts', async () => {
  await using bed = await graphTestbed()
  const box = bed.tenant.mailbox('ada')
  const first = await read(bed)
  // It came and was filed between two runs: with immutable ids no folder may tell of it.
  const { id } = box.deliver('inbox', { subject: 'abgelegt' })
  box.move(id, 'archive')
  bed.calls.clear()
  const folders = [...first.items.values()].filter(({ kind }) => kind === 'mailbox').length
  bed.after = (route, json) => {
    if (route !== 'messages.delta' || bed.calls.count(route) > folders) return json
    const page = json as { value: { id: string }[] }
    return { ...page, value: page.value.filter((entry) => entry.id !== id) }
  }
  const second = await read(bed, first)
  expect(second.resets).toEqual([expect.stringContaining('grew or shrank')])
  expect(second.items.get(idIn(bed, id))?.body).toMatchObject({ mailboxes: [folderIn(bed, 'archive')] })
  expect((await read(bed, second)).changes.map(({ type }) => type)).toEqual(['checkpoint'])
})

test('what Graph no longer knows the state of is listed anew, and nothing of it is fetched again', async () => {
  await using bed = await graphTestbed()
  const bytes = new Map<string, Uint8Array>()
  await using connector = connectorFor(bed)
  const id = mailOf(bed, 'ada')
  const first = await readOne(connector, id, new Map(), { bytes })
  const { id: gone } = bed.tenant.mailbox('ada').in('archive')[0] ?? { id: '' }
  bed.tenant.mailbox('ada').purge(gone)
  bed.expireTokens()
  bed.calls.clear()
  const second = await readOne(connector, id, first.cursors, { bytes })
  expect(second.resets).toEqual([expect.stringContaining('does not know the state')])
  expect(second.items.has(idIn(bed, gone))).toBe(false)
  expect(mailsIn(second)).toHaveLength(mailsIn(first).length - 1)
  expect(bed.calls.count('messages.value')).toBe(0)
  for (const item of mailsIn(second)) expect(item.revision).toBe(first.items.get(item.id)?.revision)
})

test('a full mailbox is listed without delta queries, each night anew, until there is room again', async () => {
  await using bed = await graphTestbed()
  const box = bed.tenant.mailbox('ada')
  box.full = true
  const first = await read(bed)
  const expected = [...box.mails.values()].filter(({ folder }) => folder !== box.folder('recoverableitemsdeletions').id).length
  expect(mailsIn(first)).toHaveLength(expected)
  const { id } = box.in('archive')[0] ?? { id: '' }
  box.purge(id)
  const second = await read(bed, first)
  expect(second.resets).not.toEqual([])
  expect(mailsIn(second)).toHaveLength(expected - 1)
  box.full = false
  const third = await read(bed, second)
  expect(mailsIn(third)).toHaveLength(expected - 1)
  expect((await read(bed, third)).changes.map(({ type }) => type)).toEqual(['checkpoint'])
})
