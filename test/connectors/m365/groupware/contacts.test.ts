import { describe, expect, test } from 'vitest'
import { itemId, type ItemId } from '../../../../src/contract/ids.ts'
import type { ContactStore } from '../../../testbed/graph/groupware/contact-store.ts'
import { contactsOf } from '../../../testbed/graph/groupware/parts.ts'
import type { GraphTestbed } from '../../../testbed/graph/testbed.ts'
import { bed, connect, linesOf, never, of, type Pass, run, said } from './reading.ts'

const storeOf = (graph: GraphTestbed): ContactStore => contactsOf(graph.tenant, 'ada')
const idOf = (graph: GraphTestbed, kind: 'contact' | 'addressbook', native: string): ItemId =>
  itemId(kind, graph.tenant.user('ada').id, native)
const names = (pass: Pass): readonly string[] =>
  of(pass, 'contact')
    .flatMap(
      ({ body }) =>
        linesOf(body.vcf)
          .find((line) => line.startsWith('FN:'))
          ?.slice(3) ?? [],
    )
    .toSorted()

describe('the first run', () => {
  test('gives the default folder, which no list has, and those below it', async () => {
    await using graph = await bed()
    storeOf(graph).addFolder('Enkel', storeOf(graph).addFolder('Kinder'))
    const pass = await run(graph, 'contacts')
    expect(
      of(pass, 'addressbook')
        .map(({ body }) => `${body.name} ${body.primary}`)
        .toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(['Familie false', 'Kinder / Enkel false', 'Kinder false', 'Kontakte true'])
    expect(names(pass)).toEqual(['Alan', 'Grace Hopper', 'Oma'])
    expect(pass.losses).toEqual([])
    expect(graph.mutable).toEqual([])
  })

  test('has pictures in hand; that there is none is no loss', async () => {
    await using graph = await bed()
    const pass = await run(graph, 'contacts')
    const pictured = of(pass, 'contact').filter(({ blobs }) => blobs.length > 0)
    expect(pictured.map(({ body, blobs }) => [body.photo, blobs[0]?.type, blobs[0]?.mediaType])).toEqual([[0, 'inline', 'image/jpeg']])
    expect(graph.calls.byRoute['contacts.photo']).toBe(3)
  })

  test('works where nobody has a contact', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    for (const name of ['Grace Hopper', 'Alan', 'Oma']) store.remove(store.named(name))
    const first = await run(graph, 'contacts')
    expect(of(first, 'addressbook').map(({ body }) => body.name)).toEqual(['Familie'])
    store.add({ displayName: 'Erste' })
    const second = await run(graph, 'contacts', first)
    expect([names(second), of(second, 'addressbook').map(({ body }) => body.name)]).toEqual([['Erste'], ['Kontakte']])
  })
})

describe('the next run', () => {
  test('costs one request for the folders and one for each folder when nothing changed', async () => {
    await using graph = await bed({ pages: 'full' })
    const first = await run(graph, 'contacts')
    graph.calls.clear()
    const pass = await run(graph, 'contacts', first)
    expect(said(pass)).toEqual([])
    expect(graph.calls.byRoute).toEqual({ token: 1, 'users.list': 1, 'groups.list': 1, 'contactFolders.delta': 1, 'contacts.delta': 2 })
  })

  test('finds what is new, edited and deleted, and a new picture', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const first = await run(graph, 'contacts')
    store.add({ displayName: 'Neu' })
    store.edit(store.named('Alan'), { displayName: 'Alan II' })
    const gone = store.named('Grace Hopper')
    store.remove(gone)
    store.setPhoto(store.named('Oma'), Uint8Array.of(0x89, 0x50, 0x4e, 0x47))
    const pass = await run(graph, 'contacts', first)
    expect(names(pass)).toEqual(['Alan II', 'Neu', 'Oma'])
    expect(pass.deleted).toEqual([idOf(graph, 'contact', gone)])
    expect(of(pass, 'contact').flatMap(({ blobs }) => blobs.map(({ mediaType }) => mediaType))).toEqual(['image/png'])
  })

  test.each(['forth', 'back'])('a contact that moved to another folder is moved, not deleted (%s)', async (way) => {
    await using graph = await bed()
    const store = storeOf(graph)
    const family = [...store.folders.things.keys()][0] ?? ''
    const id = store.named(way === 'forth' ? 'Alan' : 'Oma')
    const first = await run(graph, 'contacts')
    const to = way === 'forth' ? family : store.standard.id
    store.move(id, to)
    const pass = await run(graph, 'contacts', first)
    expect(pass.deleted).toEqual([])
    expect(of(pass, 'contact').map(({ id: moved, body }) => [moved, body.addressbook])).toEqual([
      [idOf(graph, 'contact', id), idOf(graph, 'addressbook', to)],
    ])
    expect(said(await run(graph, 'contacts', pass))).toEqual([])
  })

  test('a contact that moved away and back between two runs is still there', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const family = [...store.folders.things.keys()][0] ?? ''
    const id = store.named('Alan')
    const first = await run(graph, 'contacts')
    store.move(id, family)
    store.move(id, store.standard.id)
    const pass = await run(graph, 'contacts', first)
    expect(said(pass)).toEqual([])
    store.edit(id, { nickName: 'Al' })
    expect(names(await run(graph, 'contacts', pass))).toEqual(['Alan'])
  })

  test('a folder that was renamed is renamed; one that is gone takes its contacts with it, except those that moved before', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const family = [...store.folders.things.keys()][0] ?? ''
    const aunt = store.add({ displayName: 'Tante' }, family)
    const first = await run(graph, 'contacts')
    store.renameFolder(family, 'Sippe')
    const renamed = await run(graph, 'contacts', first)
    expect(of(renamed, 'addressbook').map(({ body }) => body.name)).toEqual(['Sippe'])
    const grandma = store.named('Oma')
    store.move(aunt, store.standard.id)
    store.removeFolder(family)
    const pass = await run(graph, 'contacts', renamed)
    expect(pass.deleted).toEqual([idOf(graph, 'contact', grandma), idOf(graph, 'addressbook', family)])
    expect(names(pass)).toEqual(['Tante'])
  })

  test('a lost delta link begins anew, names everything, fetches no picture again and finds what is gone', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const first = await run(graph, 'contacts')
    const gone = store.named('Alan')
    store.remove(gone)
    graph.expireTokens()
    graph.calls.clear()
    const pass = await run(graph, 'contacts', first)
    expect(pass.resets).toHaveLength(1)
    expect(names(pass)).toEqual(['Grace Hopper', 'Oma'])
    expect(graph.calls.byRoute['contacts.photo']).toBeUndefined()
    expect(pass.items.get(idOf(graph, 'contact', store.named('Grace Hopper')))?.revision).toBe(
      first.items.get(idOf(graph, 'contact', store.named('Grace Hopper')))?.revision,
    )
    expect(pass.deleted).toEqual([idOf(graph, 'contact', gone)])
    expect(pass.changes.slice(0, -1).some(({ type }) => type === 'checkpoint')).toBe(false)
    const blob = pass.items.get(idOf(graph, 'contact', store.named('Grace Hopper')))?.blobs[0]
    await using connector = connect(graph, ['contacts'])
    const bytes = await Array.fromAsync(await connector.blob(blob?.type === 'handle' ? blob.handle : '', never))
    expect(Buffer.concat(bytes)).toHaveLength(7)
  })

  test('a link lost for one folder after another was read does the same', async () => {
    await using graph = await bed()
    const first = await run(graph, 'contacts')
    storeOf(graph).edit(storeOf(graph).named('Alan'), { nickName: 'Al' })
    graph.faults.next(
      'contacts.delta',
      { type: 'delay', ms: 0 },
      { type: 'status', status: 410, body: { error: { code: 'SyncStateNotFound' } } },
    )
    const pass = await run(graph, 'contacts', first)
    expect([pass.resets.length, names(pass), pass.deleted]).toEqual([1, ['Alan', 'Grace Hopper', 'Oma'], []])
  })
})

describe('faults', () => {
  test('a picture that is refused is a loss of the picture only', async () => {
    await using graph = await bed()
    graph.faults.next('contacts.photo', { type: 'status', status: 403, body: { error: { code: 'ErrorAccessDenied' } } })
    const pass = await run(graph, 'contacts')
    expect(names(pass)).toHaveLength(3)
    expect(pass.losses).toMatchObject([{ code: 'withheld-by-source', effect: { type: 'degraded', field: 'photo' } }])
  })

  test('a person without a mailbox is a loss, told once, and what was read of it stays', async () => {
    await using graph = await bed()
    const first = await run(graph, 'contacts')
    graph.tenant.user('ada').refused = { status: 404, code: 'MailboxNotEnabledForRESTAPI' }
    const without = await run(graph, 'contacts', first)
    expect(said(without)).toMatchObject([{ type: 'loss', loss: { code: 'withheld-by-source' } }])
    expect(said(await run(graph, 'contacts', without))).toEqual([])
    graph.tenant.user('ada').refused = undefined
    expect(said(await run(graph, 'contacts', without))).toEqual([])
  })

  test('a mailbox that is full is listed whole, and what is gone from it is found', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    store.addFolder('Enkel', [...store.folders.things.keys()][0])
    const first = await run(graph, 'contacts')
    graph.tenant.mailbox('ada').full = true
    expect(said(await run(graph, 'contacts', first))).toEqual([])
    const gone = store.named('Alan')
    store.remove(gone)
    store.edit(store.named('Oma'), { nickName: 'Omi' })
    const pass = await run(graph, 'contacts', first)
    expect([names(pass), pass.deleted]).toEqual([['Oma'], [idOf(graph, 'contact', gone)]])
    const anew = await run(graph, 'contacts')
    expect([names(anew), of(anew, 'addressbook').length]).toEqual([['Grace Hopper', 'Oma'], 3])
    graph.tenant.mailbox('ada').full = false
    expect(said(await run(graph, 'contacts', pass))).toEqual([])
  })

  test('killed at any page, it goes on and loses neither contacts nor removals', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    for (let at = 0; at < 30; at += 1) store.add({ displayName: `k${at}` })
    const first = await run(graph, 'contacts')
    for (let at = 0; at < 20; at += 1) store.remove(store.named(`k${at}`))
    await using one = connect(graph, ['contacts'])
    const [, contacts] = await Array.fromAsync(one.collections(never))
    if (contacts === undefined) throw new Error('nothing listed')
    let at = first.cursors.get(contacts.id)
    const deleted: ItemId[] = []
    for (let round = 0; round < 50; round += 1) {
      let killed = false
      for await (const change of one.changes(contacts, at, never)) {
        if (change.type === 'delete') deleted.push(change.id)
        if (change.type !== 'checkpoint') continue
        killed = change.cursor !== at
        at = change.cursor
        break
      }
      if (!killed) break
    }
    expect(new Set(deleted).size).toBe(20)
  })
})
