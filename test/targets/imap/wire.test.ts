import { array, assert, date as anyDate, integer, property, string, uint8Array, uniqueArray } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromInternalDate, toInternalDate } from '../../../targets/imap/wire/dates.ts'
import { Lines, type Piece } from '../../../targets/imap/wire/lines.ts'
import { fromModifiedUtf7, quoted, toModifiedUtf7 } from '../../../targets/imap/wire/names.ts'
import { codeOf, replyOf, uidSet, uidsOf, untaggedOf } from '../../../targets/imap/wire/replies.ts'
import { openSocket } from '../../../targets/imap/wire/socket.ts'
import { signal } from './world.ts'

function linesOf(chunks: readonly Buffer[]): readonly (readonly Piece[])[] {
  const all: (readonly Piece[])[] = []
  const lines = new Lines({ sink: () => undefined, line: (pieces) => void all.push(pieces) })
  for (const chunk of chunks) lines.push(chunk)
  return all
}

describe('what a server says', () => {
  test('is cut into the same lines and literals wherever the network cuts it', () => {
    const said = Buffer.from('* 1 FETCH (UID 7 BODY[] {11}\r\nab\r\nc{9}\r\n\r FLAGS (\\Seen))\r\n* OK {x}\r\nf1 OK [UIDNEXT 3] done\r\n')
    const whole = linesOf([said])
    expect(whole).toHaveLength(3)
    expect(whole[0]?.[1]).toEqual(Buffer.from('ab\r\nc{9}\r\n\r'))
    assert(
      property(array(integer({ min: 0, max: said.length })), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), said.length]
        expect(linesOf(at.slice(1).map((end, from) => said.subarray(at[from], end)))).toEqual(whole)
      }),
    )
  })

  test('is read as nested values, with brackets, quotes, NIL and literals', () => {
    const [fetch] = linesOf([Buffer.from('* 12 FETCH (BODY[HEADER.FIELDS (DATE FROM)]<0> {3}\r\na)b X "q\\"\\\\(" NIL (A (B)) UID 5)\r\n')])
    const { name, number, values } = untaggedOf(fetch ?? [])
    expect([name, number]).toEqual(['FETCH', 12])
    expect(values()).toEqual([['BODY[HEADER.FIELDS (DATE FROM)]<0>', Buffer.from('a)b'), 'X', 'q"\\(', null, ['A', ['B']], 'UID', '5']])
  })

  test('never ends in an exception, whatever it is', () => {
    const read = (bytes: Uint8Array): void => {
      for (const pieces of linesOf([Buffer.from(bytes)])) if (pieces[0] !== undefined) untaggedOf(pieces).values()
    }
    expect(() => assert(property(uint8Array({ maxLength: 300 }), read))).not.toThrow()
  })

  test('holds a verdict with its code', () => {
    expect(replyOf('f9 NO [OVERQUOTA] Quota exceeded (mailbox for user is full)')).toEqual({
      tag: 'f9',
      status: 'NO',
      code: 'OVERQUOTA',
      text: 'Quota exceeded (mailbox for user is full)',
    })
    expect(replyOf('f9 OK [BADCHARSET ("]")] x')?.code).toBe('BADCHARSET ("]")')
    expect(codeOf({ tag: '', status: 'OK', code: 'appenduid 1 2:3', text: '' })).toBe('APPENDUID')
  })
})

describe('what we say', () => {
  test('names go there and come back', () => {
    expect(toModifiedUtf7('Entwürfe & Ämter/台北')).toBe('Entw&APw-rfe &- &AMQ-mter/&U,BTFw-')
    assert(property(string({ unit: 'grapheme' }), (name) => fromModifiedUtf7(toModifiedUtf7(name)) === name))
    assert(property(string({ unit: 'binary' }), (name) => /^[\u0020-\u007e]*$/.test(toModifiedUtf7(name))))
  })

  test('no quoted string carries a line end', () => {
    expect(() => quoted('a\r\nb LOGOUT')).toThrow(RangeError)
    expect(quoted('a"b\\c')).toBe('"a\\"b\\\\c"')
  })

  test('times go there and come back to the second', () => {
    expect(toInternalDate('2026-03-07T09:05:01.999999Z')).toBe(' 7-Mar-2026 09:05:01 +0000')
    expect(fromInternalDate('07-Mar-2026 01:35:01 -0730')).toBe('2026-03-07T09:05:01Z')
    expect(fromInternalDate('yesterday')).toBeUndefined()
    assert(
      property(anyDate({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), (date) => {
        const iso = `${date.toISOString().slice(0, 19)}Z`
        expect(fromInternalDate(toInternalDate(iso))).toBe(iso)
      }),
    )
  })

  test('sets of numbers are short and whole', () => {
    expect(uidSet([5, 1, 2, 3, 9])).toBe('1:3,5,9')
    assert(
      property(
        uniqueArray(integer({ min: 1, max: 200 }), { minLength: 1 }),
        (uids) => uidsOf(uidSet(uids)).join() === uids.toSorted((a, b) => a - b).join(),
      ),
    )
  })

  test('no password leaves this machine in the clear unless somebody says so', async () => {
    const address = {
      host: 'mail.example.test',
      port: 143,
      security: 'plain',
      allowPlain: false,
      caFile: undefined,
      timeoutMs: 1000,
    } as const
    await expect(openSocket(address, signal)).rejects.toMatchObject({
      code: 'config',
      remedy: expect.stringContaining('starttls') as string,
    })
  })
})
