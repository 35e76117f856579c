import { beforeAll, describe, expect, test } from 'vitest'
import { codeOf } from '../../src/cli/import.ts'
import { exitCodeOf } from '../../src/cli/exit-code.ts'
import type { RunResult } from '../../src/engine/api.ts'
import { faultIn, type Fault } from '../../src/fault.ts'
import { officeWorkshop, type OfficeTarget, type OfficeWorkshop, type OfficeWorkshopOptions } from '../support/office-workshop.ts'
import { changesBetween } from '../support/workshop.ts'

const ada = 'ada@example.org'
const erika = 'erika@example.org'
const times = <T>(count: number, what: T): readonly T[] => Array.from({ length: count }, () => what)
/** Mails with the same bytes each time, and events, contacts and tasks of both. */
const opened = async (options: OfficeWorkshopOptions = {}): Promise<OfficeWorkshop> => {
  const shop = await officeWorkshop({
    google: { mailsPerPerson: 8, eventsEach: 3, contactsEach: 3, tasksEach: 2 },
    ...options,
  })
  await shop.backup('google')
  return shop
}
let undisturbed: readonly string[]
beforeAll(async () => {
  await using shop = await opened()
  for (const target of ['dates', 'cards', 'mail'] as const) await shop.cutover('google', target)
  undisturbed = shop.picture()
})
const kindOf: Readonly<Record<OfficeTarget, RegExp>> = {
  mail: /^(folder|mail) /,
  dates: /^(calendar|object) (?!.*\{"(FN|.*"FN"))/,
  cards: /^(addressbook|object) .*("FN"|"displayname")/,
}
/** Only what one target brings. */
const part = (target: OfficeTarget, picture: readonly string[]): readonly string[] => picture.filter((line) => kindOf[target].test(line))
const same = (shop: OfficeWorkshop, target: OfficeTarget): void =>
  expect(changesBetween(part(target, undisturbed), part(target, shop.picture()))).toEqual({ gone: [], come: [] })
const good = ({ totals }: RunResult): void => {
  expect(totals).toMatchObject({ differs: 0, missing: 0 })
  expect(totals.planned).toBe(totals.matched + totals.explained)
}
const failing = async (work: Promise<unknown>): Promise<Fault> => {
  const fault = faultIn(await work.then(() => undefined).catch((error: unknown) => error))
  if (fault === undefined) throw new Error('it did not fail, or not with a Fault')
  return fault
}

describe('a mail server', () => {
  test('that drops the line inside of many mails, and answers that are never heard: nothing is lost and nothing is doubled', async () => {
    await using shop = await opened()
    shop.imap.fault('APPEND bytes', { type: 'cut', afterBytes: 3000 }, { type: 'cut', afterBytes: 9000 })
    shop.imap.fault('APPEND', { type: 'lost-answer' }, { type: 'lost-answer' })
    const result = await shop.cutover('google', 'mail')
    good(result)
    expect(shop.imap.takeFault('APPEND bytes')).toBeUndefined()
    expect(shop.imap.takeFault('APPEND')).toBeUndefined()
    same(shop, 'mail')
  })

  test('that hangs up over one mail, and refuses another: both are named, their neighbours stand', async () => {
    await using shop = await opened()
    shop.imap.chokesOn = (bytes) => bytes.includes('Subject: twice')
    shop.imap.refuses = (bytes) => (bytes.includes('Subject: sealed') ? 'no sealed letters here' : undefined)
    const result = await shop.cutover('google', 'mail')
    good(result)
    expect(result.applied.failed).toBe(2)
    expect(codeOf(result)).toBe(3)
    const refused = (await shop.mapLosses(result)).filter(({ stage, code }) => stage === 'apply' && code === 'rejected-by-target')
    expect(refused.map(({ detail }) => detail).toSorted()).toEqual([
      expect.stringContaining('no sealed letters here'),
      expect.stringContaining('hangs up'),
    ])
    shop.imap.chokesOn = undefined
    shop.imap.refuses = undefined
    good(await shop.cutover('google', 'mail'))
    same(shop, 'mail')
  })

  test('on which one person has no room, and another no mailbox: everybody else has everything, and more room heals it', async () => {
    await using shop = await opened({ people: [ada, erika, 'olena@example.org'] })
    const box = shop.imap.store.accounts.get(erika)
    if (box === undefined) throw new Error('Erika has no mailbox')
    box.quotaBytes = 2000
    shop.imap.store.accounts.delete('olena@example.org')
    const result = await shop.cutover('google', 'mail')
    good(result)
    expect(codeOf(result)).toBe(3)
    const losses = (await shop.mapLosses(result)).filter(({ stage }) => stage === 'apply')
    const of = (name: string) => losses.filter(({ item }) => item.includes(shop.google.company.user(name).id))
    expect(new Set(of('erika').map(({ code }) => code))).toEqual(new Set(['too-large']))
    expect(of('erika').every(({ detail }) => detail.includes('full') && detail.includes('room'))).toBe(true)
    expect(new Set(of('olena').map(({ code }) => code))).toEqual(new Set(['rejected-by-target']))
    const adas = (lines: readonly string[]): readonly string[] => part('mail', lines).filter((line) => line.includes(` ${ada} `))
    expect(adas(shop.picture())).toEqual(adas(undisturbed))

    box.quotaBytes = Infinity
    shop.imap.store.account('olena@example.org')
    const again = await shop.cutover('google', 'mail')
    good(again)
    expect([again.applied.failed, codeOf(again)]).toEqual([0, 0])
    expect(changesBetween(part('mail', undisturbed), part('mail', shop.picture())).gone).toEqual([])
  })

  test('that goes away half-way is told as temporary, and the same command later ends as if nothing had been', async () => {
    await using shop = await opened()
    shop.imap.fault('APPEND', { type: 'delay', ms: 0 }, { type: 'delay', ms: 0 }, { type: 'lost-answer' })
    let gone = false
    const away = setInterval(() => {
      if (gone || shop.imap.calls.count('APPEND') < 3) return
      gone = true
      shop.imap.fault('AUTHENTICATE', ...times(400, { type: 'cut', afterBytes: 0 } as const))
      for (const socket of shop.imap.open) socket.destroy()
    }, 1)
    const told = await failing(shop.cutover('google', 'mail')).finally(() => clearInterval(away))
    expect(told).toMatchObject({ code: 'unavailable', remedy: expect.stringMatching(/./) as string })
    expect(exitCodeOf(told.code)).toBe(75)
    while (shop.imap.takeFault('AUTHENTICATE') !== undefined);
    while (shop.imap.takeFault('APPEND') !== undefined);
    good(await shop.cutover('google', 'mail'))
    same(shop, 'mail')
  })
})

describe('a calendar and contact server', () => {
  const single = { targets: { dates: { wholePlaces: 'never' }, cards: { wholePlaces: 'never' } } } as const

  test('that says 500, 503 and 429 now and then ends up with everything, once', async () => {
    await using shop = await opened(single)
    const status = (code: number) => ({ type: 'status', status: code, ...(code === 500 ? {} : { retryAfterS: 3 }) }) as const
    shop.dav.faults.next('PUT object', status(500), status(503), { type: 'lost-answer' }, status(429), { type: 'reset' }, status(500))
    shop.dav.faults.next('MKCALENDAR place', status(503), { type: 'lost-answer' })
    shop.dav.faults.next('REPORT place', status(429), status(503))
    for (const target of ['dates', 'cards'] as const) {
      good(await shop.cutover('google', target))
      same(shop, target)
    }
    expect(shop.dav.faults.unused).toEqual([])
  })

  test('that has no room for one, and finds that another was changed meanwhile: they are named, the others stand, a later run heals it', async () => {
    await using shop = await opened(single)
    shop.dav.faults.next('PUT object', { type: 'status', status: 507, body: 'no room' }, { type: 'status', status: 412, body: 'changed' })
    const result = await shop.cutover('google', 'dates')
    good(result)
    expect(codeOf(result)).toBe(3)
    const refused = (await shop.mapLosses(result)).filter(({ stage }) => stage === 'apply')
    expect(refused.map(({ code, effect }) => [code, effect.type])).toEqual(times(result.applied.failed, ['rejected-by-target', 'dropped']))
    expect(refused.some(({ detail }) => detail.includes('507'))).toBe(true)
    expect(result.applied.created).toBeGreaterThan(10)
    const again = await shop.cutover('google', 'dates')
    good(again)
    expect(codeOf(again)).toBe(0)
    same(shop, 'dates')
  })

  test('that knows one of the people not: they are named, and everybody else has everything', async () => {
    await using shop = await opened()
    shop.dav.state.people.delete(erika)
    const result = await shop.cutover('google', 'dates')
    good(result)
    expect(codeOf(result)).toBe(3)
    const refused = (await shop.mapLosses(result)).filter(({ stage }) => stage === 'apply')
    expect(refused.length).toBeGreaterThan(5)
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['rejected-by-target']))
    const adas = (lines: readonly string[]): readonly string[] => part('dates', lines).filter((line) => line.includes(` ${ada} `))
    expect(adas(shop.picture())).toEqual(adas(undisturbed))
    shop.dav.state.person(erika, 'unused', erika)
    good(await shop.cutover('google', 'dates'))
    same(shop, 'dates')
  })

  test.each([1, 9])('that goes away after %i objects is told as temporary, and the same command later completes it', async (objects) => {
    await using shop = await opened(single)
    shop.dav.faults.next('PUT object', ...times(objects, { type: 'delay', ms: 0 } as const), ...times(400, { type: 'reset' } as const))
    const told = await failing(shop.cutover('google', 'dates'))
    expect(told).toMatchObject({ code: 'unavailable', remedy: expect.stringMatching(/./) as string })
    expect(exitCodeOf(told.code)).toBe(75)
    while (shop.dav.faults.take('PUT object') !== undefined);
    good(await shop.cutover('google', 'dates'))
    same(shop, 'dates')
  })
})

test('a rehearsal that is stopped leaves a place behind, and the next one removes it and says what it cannot know', async () => {
  let stop = new AbortController()
  await using shop = await opened({
    onEvent: (event) => {
      if (event.type === 'stage' && event.stage === 'observe') stop.abort(new Error('stopped by a person'))
    },
  })
  const before = shop.picture()
  for (const target of ['mail', 'dates'] as const) {
    stop = new AbortController()
    await expect(shop.rehearse('google', target, { signal: stop.signal })).rejects.toThrow('stopped by a person')
  }
  expect(shop.picture().length).toBeGreaterThan(before.length)
  const [mail, dates] = [await shop.rehearse('google', 'mail'), await shop.rehearse('google', 'dates')]
  for (const result of [mail, dates]) good(result)
  // A mail server does not tell whose mailboxes the stopped one had come to.
  expect(mail.leftovers.map(({ what }) => what)).toEqual([expect.stringContaining('if that rehearsal had made any')])
  expect(dates.leftovers).toEqual([])
  expect(shop.picture()).toEqual(before)
})
