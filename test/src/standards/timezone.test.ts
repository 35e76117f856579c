import ICAL from 'ical.js'
import { expect, test } from 'vitest'
import { knownZone, wallClock } from '../../../src/standards/clock.ts'
import { ianaOfWindows, vtimezone } from '../../../src/standards/timezone.ts'
import { offsetAt } from '../../../src/standards/transitions.ts'
import { instantOf, startOf } from '../../../src/standards/when.ts'

/** Half-hours, seven-day windows, Ramadan, a Thursday's end, a jump over the date line, summer time below zero, no summer time, and rules that changed. */
const zones = `Europe/Berlin Europe/Moscow Europe/Dublin America/New_York America/Santiago America/Sao_Paulo Africa/Cairo Africa/Casablanca
  Asia/Gaza Asia/Kolkata Asia/Tehran Australia/Lord_Howe Pacific/Apia Pacific/Chatham Etc/GMT+5 US/Eastern Europe/Kiev`.split(/\s+/)

test.each(zones)(
  'The written VTIMEZONE of %s gives the offsets of the time zone database, past and future, to a reader that knows nothing else',
  (zone) => {
    for (const year of [1970, 2026]) {
      const component = new ICAL.Component(ICAL.parse(vtimezone(zone, year) ?? '') as unknown[])
      const read = new ICAL.Timezone({ component, tzid: zone })
      for (let at = Date.UTC(year, 0, 2, 0, 30); at < Date.UTC(2037, 11, 31); at += 23 * 86_400_000 + 3_600_000) {
        const wall = wallClock(zone, at) ?? 0
        // An hour the clock shows twice has two answers.
        if (offsetAt(zone, at - 7_200_000) !== offsetAt(zone, at + 7_200_000)) continue
        const clock = ICAL.Time.fromJSDate(new Date(wall), true)
        expect([zone, new Date(wall).toISOString(), read.utcOffset(clock)]).toEqual([
          zone,
          new Date(wall).toISOString(),
          (wall - at) / 1000,
        ])
      }
    }
  },
)

test('A meeting in Moscow in 2012 is an hour further from UTC than one today', () => {
  expect(vtimezone('Europe/Moscow', 2012)).toBe(
    `BEGIN:VTIMEZONE
TZID:Europe/Moscow
BEGIN:STANDARD
DTSTART:20110327T020000
TZOFFSETFROM:+0300
TZOFFSETTO:+0400
END:STANDARD
BEGIN:STANDARD
DTSTART:20141026T020000
TZOFFSETFROM:+0400
TZOFFSETTO:+0300
END:STANDARD
END:VTIMEZONE
`.replaceAll('\n', '\r\n'),
  )
  expect(instantOf({ type: 'zoned', local: '2012-07-01T12:00:00', zone: 'Europe/Moscow' })).toBe('2012-07-01T08:00:00Z')
})

test.each([
  ['W. Europe Standard Time', 'Europe/Berlin'],
  ['Pacific Standard Time', 'America/Los_Angeles'],
  ['Eastern Standard Time', 'America/New_York'],
  ['UTC', 'UTC'],
  ['Etc/GMT', 'Etc/GMT'],
  [' Europe/Berlin ', 'Europe/Berlin'],
  ['europe/berlin', 'Europe/Berlin'],
  ['Asia/Calcutta', 'Asia/Calcutta'],
  ['Asia/Kolkata', 'Asia/Kolkata'],
  ['tzone://Microsoft/Custom', undefined],
  ['tzone://Microsoft/Utc', 'UTC'],
  ['Customized Time Zone', undefined],
  ['+01:00', undefined],
  ['', undefined],
  ['__proto__', undefined],
])('The zone %j is %s', (name, iana) => {
  expect(ianaOfWindows(name)).toBe(iana)
})

test('What is no zone has no VTIMEZONE', () => {
  expect(['Nowhere/Zone', 'constructor', 'Europe/Berlin\r\nX:1', '+01:00'].map((name) => [vtimezone(name), knownZone(name)])).toEqual(
    Array.from({ length: 4 }, () => [undefined, undefined]),
  )
})

test.each([
  ['2026-03-29T02:30:00', '2026-03-29T01:30:00Z', 'never shown: by the offset from before'],
  ['2026-10-25T02:30:00', '2026-10-25T00:30:00Z', 'shown twice: the first'],
  ['2026-07-01T00:00:00', '2026-06-30T22:00:00Z', 'summer'],
  ['0099-07-01T00:00:00', '0099-06-30T23:06:32Z', 'before there were zones'],
])('%s in Berlin is %s (%s)', (local, at) => {
  expect(instantOf({ type: 'zoned', local, zone: 'Europe/Berlin' })).toBe(at)
})

test('A day stays a day; what cannot be told is nothing', () => {
  expect(startOf({ type: 'date', date: '2026-03-01' })).toBe('2026-03-01')
  expect(startOf({ type: 'floating', local: '2026-03-01T09:00:00' })).toBeNull()
  expect(instantOf({ type: 'zoned', local: '2026-03-01T09:00:00', zone: 'Nowhere' })).toBeUndefined()
  expect(instantOf({ type: 'zoned', local: 'soon', zone: 'Europe/Berlin' })).toBeUndefined()
  expect(instantOf({ type: 'utc', at: 'soon' })).toBeUndefined()
})
