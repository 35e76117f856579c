import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { epochMs, isoFromSecondsText } from '../../../src/model/time.ts'

describe('isoFromSecondsText', () => {
  test('says what a Date says, in any order of times', () => {
    fc.assert(
      fc.property(fc.nat({ max: 99_999_999_999 }), fc.nat({ max: 999_999 }), (seconds, micros) => {
        const fraction = String(micros).padStart(6, '0')
        const wanted = `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}Z`
        expect(isoFromSecondsText(`${seconds}.${fraction}`)).toBe(wanted)
        expect(epochMs(wanted)).toBe(seconds * 1000 + Math.floor(micros / 1000))
      }),
    )
  })
  test.each([
    ['0', '1970-01-01T00:00:00.000000Z'],
    ['86399.5', '1970-01-01T23:59:59.500000Z'],
    ['1700000000.000100', '2023-11-14T22:13:20.000100Z'],
  ])('reads %s', (text, iso) => expect(isoFromSecondsText(text)).toBe(iso))
  test.each(['', '-1', '1e9', '1.1234567', '123456789012', ' 1', 'x'])('refuses %j', (text) =>
    expect(isoFromSecondsText(text)).toBeUndefined(),
  )
})
