import { describe, expect, test } from 'vitest'
import type { Item } from '../../src/contract/item.ts'
import { dayInGoogle, dayInMicrosoft } from '../support/office-days.ts'
import { officeWorkshop, type OfficeSource, type OfficeWorkshop } from '../support/office-workshop.ts'
import { errorBody, Refusal } from '../testbed/google/refusal.ts'

/** When something was written by an emulator, which lives by the machine's clock. */
const timeless = (line: string): string => line.replaceAll(/(DTSTAMP|CREATED|LAST-MODIFIED|REV):\d{8}T\d{6}Z/g, '$1')
const sources = ['google', 'm365'] as const
const erika = 'erika@example.org'
const mailsOf = (items: readonly Item[], owner: string): number =>
  items.filter(({ kind, collection }) => kind === 'mail' && collection === `mail/${owner}`).length
const idsOf = (shop: OfficeWorkshop): Readonly<Record<OfficeSource, string>> => ({
  google: shop.google.company.user('erika').id,
  m365: shop.graph.tenant.user('erika').id,
})

describe('one person whom the cloud does not let us read', () => {
  test('stops nobody else, is named with a reason, and what an earlier night read of them is cut over', async () => {
    await using shop = await officeWorkshop()
    await shop.night()
    const before = { google: await shop.items('google'), m365: await shop.items('m365') }
    shop.google.desk.denied.add(erika)
    shop.graph.tenant.user('erika').refused = { status: 404, code: 'MailboxNotEnabledForRESTAPI' }
    shop.google.mail.of('ada').arrive({ subject: 'for Ada' })
    shop.graph.tenant.mailbox('ada').deliver('inbox', { subject: 'für Ada' })
    const night = await shop.night()
    for (const source of sources) {
      expect(night[source]).toMatchObject({ state: 'complete', snapshot: { changed: { added: 1, updated: 0, deleted: 0 } } })
      const id = idsOf(shop)[source]
      const items = await shop.items(source)
      expect(mailsOf(items, id)).toBe(mailsOf(before[source], id))
      const losses = (await shop.losses(source)).filter(({ item }) => item.includes(id))
      expect(new Set(losses.map(({ code }) => code))).toEqual(new Set(['withheld-by-source']))
      for (const service of [/^mail/, /^calendar/, /^(contacts|addressbook)/, /^task/])
        expect(losses.filter(({ item }) => service.test(item)).length).toBeGreaterThan(0)
      const cut = await shop.cutover(source, 'mail')
      expect(cut.totals).toMatchObject({ differs: 0, missing: 0 })
    }
    const hers = shop.picture().filter((line) => line.startsWith(`mail ${erika}`))
    expect(hers.length).toBe(mailsOf(before.google, idsOf(shop).google) + mailsOf(before.m365, idsOf(shop).m365))
  })
})

describe('a night for which the cloud remembers nothing of the one before', () => {
  test('finds what was changed and what was deleted all the same, and takes nothing for deleted that is there', async () => {
    await using shop = await officeWorkshop({ sources: { google: { settingsDays: 0 } } })
    await shop.night()
    dayInGoogle(shop.google)
    dayInMicrosoft(shop.graph)
    for (const { primaryEmail } of shop.google.company.users.values()) {
      shop.google.mail.of(primaryEmail).forgetHistory()
      shop.google.groupware.calendars.expireTokens(primaryEmail)
      shop.google.groupware.contacts.expireTokens(primaryEmail)
    }
    shop.google.expirePageTokens()
    shop.graph.expireTokens()
    const night = await shop.night()
    expect(night.google).toMatchObject({ state: 'complete', snapshot: { changed: { added: 1, updated: 7, deleted: 4 } } })
    expect(night.m365).toMatchObject({ state: 'complete', snapshot: { changed: { added: 1, updated: 9, deleted: 4 } } })
    const quiet = await shop.night()
    for (const source of sources) expect(quiet[source].snapshot.changed).toEqual({ added: 0, updated: 0, deleted: 0 })
  })
})

describe('a cloud that wants us to wait', () => {
  test('is waited for, whatever it says and wherever, and the night is as complete as any other', async () => {
    await using calm = await officeWorkshop()
    const undisturbed = await calm.night()
    await using shop = await officeWorkshop()
    const { google, graph } = shop
    const tooMany = { type: 'status', status: 429, retryAfterS: 40 } as const
    const busy = { type: 'status', status: 503, retryAfterS: 20 } as const
    const quota = { type: 'status', status: 403, body: errorBody(403, 'userRateLimitExceeded', 'x') } as const
    const stormy = {
      google: [
        'directory.users.list',
        'gmail.messages.list',
        'gmail.messages.get',
        'calendar.events.list',
        'people.connections.list',
        'tasks.list',
      ],
      m365: ['users.list', 'mailFolders.list', 'messages.delta', 'messages.value', 'events.list', 'contacts.delta', 'todo.tasks.delta'],
    }
    for (const route of stormy.google) google.faults.next(route, tooMany, quota, busy, tooMany)
    for (const route of stormy.m365) graph.faults.next(route, tooMany, busy, tooMany)
    const night = await shop.night()
    expect([...google.faults.unused, ...graph.faults.unused]).toEqual([])
    for (const source of sources) {
      const { state, snapshot } = undisturbed[source]
      expect(night[source]).toMatchObject({ state, snapshot: { counts: snapshot.counts, losses: snapshot.losses } })
    }
    expect((await shop.content('google')).map(timeless)).toEqual((await calm.content('google')).map(timeless))
  })
})

describe('single mails that the cloud cannot give tonight', () => {
  test('make the night partial and are owed; the others are there, and the next night has them', async () => {
    await using shop = await officeWorkshop()
    let down = true
    const owed = (): Uint8Array => {
      if (down) throw new Refusal(503, 'backendError', 'Backend Error')
      return Buffer.from('Subject: owed\r\n\r\nhere after all\r\n')
    }
    shop.google.mail.of('erika').arrive({ bytes: owed, labels: ['INBOX'] })
    const [sick] = shop.graph.tenant.mailbox('erika').in('inbox')
    if (sick === undefined) throw new Error('Erika has no mail')
    sick.broken = { status: 503, code: 'ErrorServerBusy' }
    const first = await shop.night()
    for (const source of sources) expect(first[source]).toMatchObject({ state: 'partial', collections: { failed: 1 } })
    // What can be cut over from that names the one that is not there yet.
    const early = await shop.cutover('m365', 'mail')
    expect(early).toMatchObject({ snapshot: { state: 'partial' }, totals: { differs: 0, missing: 0 } })
    const named = (await shop.mapLosses(early)).filter(({ item }) => item.endsWith(sick.id))
    expect(named.map(({ code, effect }) => [code, effect.type])).toEqual([['withheld-by-source', 'dropped']])

    sick.broken = undefined
    down = false
    const second = await shop.night()
    for (const source of sources) expect(second[source].state).toBe('complete')
    const late = await shop.cutover('m365', 'mail')
    expect(late).toMatchObject({ applied: { created: 1 }, totals: { differs: 0, missing: 0 } })
    expect((await shop.mapLosses(late)).filter(({ item }) => item.endsWith(sick.id))).toEqual([])
    const { google } = shop
    const there = ['ada', 'erika'].map((name) => google.mail.of(name).ids.filter((id) => google.mail.of(name).mail(id).bytes !== undefined))
    expect(second.google.snapshot.counts.mail).toBe(there.flat().length)
    expect((await shop.items('m365')).filter(({ id }) => id.endsWith(sick.id))).toHaveLength(1)
  })
})

describe('a mailbox that people use while it is read', () => {
  test('mails that come, move and go between two pages are there in the end, each once and where it is', async () => {
    await using shop = await officeWorkshop({ google: { mailsPerPerson: 30 }, graph: { mails: 30 } })
    const box = shop.google.mail.of('erika')
    const { hooks } = shop.google
    for (const n of [1, 2, 3]) hooks.before('gmail.messages.list', () => void box.arrive({ subject: `during ${n}`, labels: ['INBOX'] }))
    hooks.before('gmail.messages.get', () => void box.mark(box.ids.at(-1) ?? '', { add: ['STARRED'] }))
    const other = shop.graph.tenant.mailbox('erika')
    let rounds = 0
    shop.graph.before = (route, path) => {
      if (route !== 'messages.delta' || !path.includes(other.owner) || ++rounds > 12) return
      other.deliver('inbox', { subject: `währenddessen ${rounds}` })
      const [early] = other.in(rounds % 2 === 0 ? 'inbox' : 'archive')
      if (early !== undefined) other.move(early.id, rounds % 2 === 0 ? 'archive' : 'inbox')
    }
    await shop.night()
    shop.graph.before = () => undefined
    const [back] = other.in('inbox')
    if (back === undefined) throw new Error('Erika has no mail')
    // Out and back between two nights: to Microsoft's delta it has left.
    other.move(back.id, 'archive')
    other.move(back.id, 'inbox')
    const night = await shop.night()
    for (const source of sources) expect(night[source].state).toBe('complete')

    const google = (await shop.items('google')).filter(({ collection }) => collection === `mail/${idsOf(shop).google}`)
    expect(new Set(google.flatMap(({ id, kind }) => (kind === 'mail' ? [id.split('/')[2]] : [])))).toEqual(new Set(box.ids))
    const microsoft = (await shop.items('m365')).filter(({ collection }) => collection === `mail/${idsOf(shop).m365}`)
    const stands = microsoft.flatMap((item) => (item.kind === 'mail' ? item.body.mailboxes.map((folder) => `${item.id} in ${folder}`) : []))
    const hers = [...other.mails.values()].filter(({ folder }) => microsoft.some(({ id }) => id.endsWith(folder)))
    expect(stands.toSorted()).toEqual(
      hers.map(({ id, folder }) => `mail/${other.owner}/${id} in mailbox/${other.owner}/${folder}`).toSorted(),
    )
    expect(hers.length).toBeGreaterThan(40)
  })
})
