import { expect, test } from 'vitest'
import { dayInGoogle, dayInMicrosoft, quietDay } from '../support/office-days.ts'
import { officeWorkshop, type OfficeWorkshop } from '../support/office-workshop.ts'
import { changesBetween, objectsOf } from '../support/workshop.ts'
import type { Item } from '../../src/contract/item.ts'
import type { RunResult } from '../../src/engine/api.ts'

const nothing = { added: 0, updated: 0, deleted: 0 }
/** What people would call a thing of a picture: `INBOX "subject" flags`, `event Lunch`, `contact Alan`. */
function called(line: string): string {
  const [type = '', , place = ''] = line.split(' ')
  if (type === 'mail') return line.replace(/^mail \S+ /, '').replace(/ \S+ \w{12}$/, '')
  if (type !== 'object') return line.replace(/ (\S+@\S+) (fallreep-\w+ )?/, ' ')
  const { SUMMARY, FN } = JSON.parse(line.slice(line.indexOf('{'))) as { SUMMARY?: string[]; FN?: string[] }
  return `${SUMMARY === undefined ? 'contact' : 'event'} ${SUMMARY?.[0] ?? FN?.[0] ?? place}`
}
const calledAll = (lines: readonly string[]): readonly string[] => lines.map(called).toSorted()
const applied = (results: readonly RunResult[]): readonly (readonly number[])[] =>
  results.map(({ applied: { created, updated, deleted, failed } }) => [created, updated, deleted, failed])
const balanced = (results: readonly RunResult[]): void => {
  for (const { totals } of results) {
    expect(totals).toMatchObject({ differs: 0, missing: 0 })
    expect(totals.planned).toBe(totals.matched + totals.explained)
  }
}
const kindsOf = (items: readonly Item[], kind: string): number => items.filter((item) => item.kind === kind).length

test('a night in which nothing happened costs a few requests for each person, adds no pack, and is listed', async () => {
  await using shop = await officeWorkshop({ google: { pages: 'full' }, graph: { pages: 'full' } })
  const first = await shop.night()
  const packs = await objectsOf(shop, 'packs')
  shop.google.calls.clear()
  shop.graph.calls.clear()
  const second = await shop.night()
  for (const source of ['google', 'm365'] as const) {
    expect(second[source]).toMatchObject({ state: 'complete', snapshot: { changed: nothing, counts: first[source].snapshot.counts } })
    expect(second[source].snapshot.losses).toBe(first[source].snapshot.losses)
  }
  expect(await objectsOf(shop, 'packs')).toEqual(packs)
  const people = 2
  const calendars = kindsOf(await shop.items('google'), 'calendar')
  const { byRoute } = shop.google.calls
  expect(byRoute).toMatchObject({
    'gmail.history.list': people,
    'calendar.events.list': calendars,
    'people.connections.list': people,
    'people.otherContacts.list': people,
  })
  for (const route of ['gmail.messages.list', 'gmail.messages.get', 'calendar.acl.list', 'photos']) expect(byRoute[route]).toBeUndefined()
  expect(second.google.requests).toBeLessThanOrEqual(12 * people + calendars + 8)
  const folders = kindsOf(await shop.items('m365'), 'mailbox')
  expect(shop.graph.calls.byRoute).toMatchObject({ 'messages.delta': folders })
  expect(shop.graph.calls.byRoute['messages.get']).toBeUndefined()
  expect(second.m365.requests).toBeLessThanOrEqual(folders + 20 * people + 12)
})

test('what people do all day is found by the next night, and the cutover after a cutover brings exactly that', async () => {
  await using shop = await officeWorkshop({
    // Deletions are kept on mail servers unless somebody says otherwise; names of labels are read once a week.
    targets: { mail: { deletions: 'apply' } },
    sources: { google: { settingsDays: 0 } },
  })
  await shop.night()
  quietDay(shop.google, shop.graph)
  const quiet = await shop.night()
  expect(quiet.google.snapshot.changed).toEqual({ ...nothing, added: 3 })
  expect(quiet.m365.snapshot.changed).toEqual({ ...nothing, added: 3 })
  balanced(await shop.cutoverAll())
  const before = shop.picture()

  dayInGoogle(shop.google)
  dayInMicrosoft(shop.graph)
  const busy = await shop.night()
  // Google: two mails, label, two events, contact, task. Microsoft: two mails, folder and the one inside it, two events, contact, its folder, task.
  expect(busy.google.snapshot).toMatchObject({ state: 'complete', changed: { added: 1, updated: 7, deleted: 4 } })
  expect(busy.m365.snapshot).toMatchObject({ state: 'complete', changed: { added: 1, updated: 9, deleted: 4 } })
  shop.imap.calls.clear()
  shop.dav.calls.clear()
  const delta = await shop.cutoverAll()
  balanced(delta)
  expectTheDay(before, shop)
  expectNoMoreWrites(delta, shop)

  const settled = shop.picture()
  shop.imap.calls.clear()
  shop.dav.calls.clear()
  const again = await shop.cutoverAll()
  balanced(again)
  expect(applied(again)).toEqual(again.map(() => [0, 0, 0, 0]))
  expect(shop.writes()).toBe(0)
  expect(shop.picture()).toEqual(settled)
  // And whoever reads everything again finds nothing that the nights had missed.
  expect((await shop.backup('google', { full: true })).snapshot.changed).toEqual(nothing)
}, 120_000)

/** What a day of Ada's looks like on her new servers. */
function expectTheDay(before: readonly string[], shop: OfficeWorkshop): void {
  const { gone, come } = changesBetween(before, shop.picture())
  const renamed = (line: string): boolean => / (Clients\/A|Projekte)/.test(line)
  expect(calledAll(gone.filter((line) => !renamed(line)))).toEqual(dayGone)
  expect(calledAll(come.filter((line) => !renamed(line)))).toEqual(dayCome)
  const series = come.filter((line) => /Stand-up|Jour fixe/.test(line))
  for (const part of ['Stand-up, outside', '20260330T090000', 'Jour fixe, draußen', '20260407T090000'])
    expect(series.filter((line) => line.includes(part))).toHaveLength(1)
  // What stood under a label or a folder that has another name now moved with it, and the old one is gone.
  const newName = (line: string): string => line.replace('Clients/Acme', 'Clients/Apex').replace(' Projekte', ' Projekte 2026')
  const deleted = gone.filter((line) => line.includes('Betreff 2'))
  expect(deleted).toHaveLength(1)
  expect(come.filter(renamed)).toEqual(gone.filter((line) => renamed(line) && !deleted.includes(line)).map(newName))
  expect(come.filter(renamed).length).toBeGreaterThan(20)
}
const dayGone: readonly string[] = [
  'Clients "Rope" SENT,\\Seen',
  'INBOX "Betreff 5: Grüße" \\Seen',
  'INBOX "Betreff 6: Grüße" \\Seen,importance-high',
  'INBOX "the day after" \\Seen',
  'Sent "Nr. 3" \\Flagged',
  'addressbook {"displayname":"Familie"}',
  'contact 110',
  'contact Alan',
  'contact Dr. Grace Hopper',
  'contact Oma',
  'event Betriebsausflug',
  'event Holiday',
  'event Jour fixe',
  'event Lunch',
  'event Milch',
  'event Move house',
  'event Read the plan',
  'event Stand-up',
  'event Steuer',
  'event Zahnarzt',
]
const dayCome: readonly string[] = [
  'Archive "Betreff 6: Grüße" \\Seen,importance-high',
  'INBOX "Betreff 5: Grüße" ',
  'INBOX "came today" ',
  'INBOX "heute gekommen" ',
  'Sent "Nr. 3" \\Flagged,\\Seen',
  'Verträge "the day after" \\Seen',
  'addressbook {"displayname":"Verwandte"}',
  'contact Alan',
  'contact Dr. Grace Hopper',
  'event Jour fixe',
  'event Lunch, elsewhere',
  'event Move house',
  'event Stand-up',
  'event Steuer',
  'event Zahnarzt, verlegt',
]

/** One request for each thing that changed, and none for anything else. */
function expectNoMoreWrites(delta: readonly RunResult[], { imap, dav }: OfficeWorkshop): void {
  const objects = delta.filter(({ target }) => target.name !== 'mail').map(({ applied }) => applied)
  const sum = (of: (applied: RunResult['applied']) => number): number => objects.reduce((all, one) => all + of(one), 0)
  const routes = dav.calls.byRoute
  expect((routes['PUT object'] ?? 0) + (routes['PROPPATCH place'] ?? 0)).toBe(sum(({ created, updated }) => created + updated))
  expect(routes['DELETE object']).toBe(sum(({ deleted }) => deleted))
  expect(imap.calls.byRoute).toMatchObject({ APPEND: 2, CREATE: 3, DELETE: 3, 'UID EXPUNGE': 2 })
  expect(dav.smtp.mails).toEqual([])
}
