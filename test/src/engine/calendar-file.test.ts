import { expect, test } from 'vitest'
import { calendarFile } from '../../../src/engine/calendar-file.ts'

const object = (...parts: readonly (readonly string[])[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...parts.flat(), 'END:VCALENDAR', ''].join('\r\n')
const berlin = ['BEGIN:VTIMEZONE', 'TZID:Europe/Berlin', 'BEGIN:STANDARD', 'TZOFFSETTO:+0100', 'END:STANDARD', 'END:VTIMEZONE']
const event = (uid: string): readonly string[] => [
  'BEGIN:VEVENT',
  `UID:${uid}`,
  'DESCRIPTION:folded at',
  ' BEGIN:VEVENT is text',
  'BEGIN:VALARM',
  'END:VALARM',
  'END:VEVENT',
]

test('many objects become one file: every component once, every zone once, folded text untouched', () => {
  const { text, skipped } = calendarFile('Work, and; more', [object(berlin, event('a')), object(berlin, event('b'), event('b'))])
  expect(skipped).toBe(0)
  expect(text.match(/BEGIN:VTIMEZONE/g)).toHaveLength(1)
  expect(text.match(/^UID:.*/gm)).toEqual(['UID:a', 'UID:b', 'UID:b'])
  expect(text).toContain('X-WR-CALNAME:Work\\, and\\; more\r\n')
  expect(text).toContain('DESCRIPTION:folded at\r\n BEGIN:VEVENT is text\r\n')
  expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true)
})

test('a text that is cut off does not break its neighbours', () => {
  const { text, skipped } = calendarFile('Work', [object(event('a')), 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:torn', object(event('c'))])
  expect(skipped).toBe(1)
  expect(text.match(/^UID:.*/gm)).toEqual(['UID:a', 'UID:c'])
})
