import { expect, test } from 'vitest'
import { looksOf, markOf } from '../../../targets/imap/apply/mark.ts'

const header = (end: string): string => ['From: a@b.example', 'Message-ID: <1@b.example>', 'Subject: ÿ', '', ''].join(end)
const looks = (text: string) => looksOf(Buffer.from(text, 'latin1'))

test('a mail is known again whatever its line ends have become', () => {
  const regular = looks(`${header('\r\n')}Hello\r\n`)
  const bare = looks(`${header('\n')}Hello\n`)
  const double = looks(`${header('\r\n').replace('\r\n', '\r\r\n')}Hello\r\n`)
  expect(regular).toEqual({ mark: regular.mark, others: [], distinct: true, irregular: false })
  expect(bare).toMatchObject({ mark: regular.mark, distinct: true, irregular: true })
  expect(double.others[0]).toBe(regular.mark)
  // As a server tells it: the header as it keeps it, and the size with CRLF.
  expect(markOf(Buffer.from(header('\n'), 'latin1'), regular.mark.length).mark).toBe(
    markOf(Buffer.from(header('\r\n'), 'latin1'), regular.mark.length).mark,
  )
})

test('what only looks like a Message-ID makes no mail unlike others', () => {
  expect(looks('message-id:\t<1@b>\r\n\r\n').distinct).toBe(true)
  expect(looks('Message-ID: \r\nTo: a@b.example\r\n\r\n').distinct).toBe(false)
  expect(looks('X-Message-ID: <1@b>\r\n\r\nMessage-ID: <2@b>\r\n').distinct).toBe(false)
})

test('a NUL or an odd line end anywhere makes a mail irregular', () => {
  for (const body of ['a\nb\r\n', 'a\r\r\nb\r\n', 'a\0b\r\n']) expect(looks(`${header('\r\n')}${body}`)).toMatchObject({ irregular: true })
})
