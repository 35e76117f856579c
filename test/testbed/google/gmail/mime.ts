import { Random } from '../../world/random.ts'

const words = 'harbour ladder invoice meeting rope Möwe Zoë проєкт 会議 deadline anchor tide budget draft crane fog'.split(' ')
const crlf = (lines: readonly string[]): string => lines.join('\r\n')

export interface MimeOptions {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly date: Date
  readonly messageId: string
  /** About so many bytes of text. Default 400. */
  readonly bytes?: number
}

/** A decent mail, the same bytes for the same seed. */
export function mime(seed: number, { from, to, subject, date, messageId, bytes = 400 }: MimeOptions): Uint8Array {
  const random = new Random(seed)
  const lines: string[] = []
  for (let written = 0; written < bytes;) {
    const line = Array.from({ length: 9 }, () => random.pick(words)).join(' ')
    lines.push(line)
    written += line.length + 2
  }
  const encoded = `=?UTF-8?B?${Buffer.from(subject).toString('base64')}?=`
  return Buffer.from(
    crlf([
      `Received: by 2002:a05:${(seed % 65_536).toString(16)} with SMTP id x${seed}; ${date.toUTCString()}`,
      `From: ${from}`,
      `To: ${to}`,
      `Subject: ${encoded}`,
      `Date: ${date.toUTCString()}`,
      `Message-ID: <${messageId}>`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=UTF-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      ...lines,
      '',
    ]),
  )
}

const head = (more: readonly string[]): string[] => [
  'From: Mallory <mallory@example.net>',
  'To: ada@example.org',
  'Date: Tue, 03 Mar 2026 10:00:00 +0100',
  ...more,
]
const bytes = (...lines: readonly string[]): Uint8Array => Buffer.from(crlf(lines))
const latin = (...lines: readonly string[]): Uint8Array => Buffer.from(crlf(lines), 'latin1')

/** Mails as they really lie in mailboxes. Gmail gives their bytes as they came, and so do we. */
export const BROKEN: Readonly<Record<string, () => Uint8Array>> = {
  'bare line feeds': () => Buffer.from([...head(['Message-ID: <lf@x>', 'Subject: unix']), '', 'one', 'two', ''].join('\n')),
  'a NUL': () => Buffer.from(crlf([...head(['Message-ID: <nul@x>', 'Subject: nul']), '', 'be\0fore', '\0', ''])),
  'eight bits in headers': () =>
    latin(...head(['Message-ID: <eight@x>', 'Subject: Gr\xfc\xdfe aus M\xfcnchen']), '', 'umlaute \xe4\xf6\xfc', ''),
  'no Message-ID': () => bytes(...head(['Subject: nameless']), '', 'nobody', ''),
  'the same Message-ID as another': () => bytes(...head(['Message-ID: <eight@x>', 'Subject: twin']), '', 'other words', ''),
  'two Message-IDs': () => bytes(...head(['Message-ID: <one@x>', 'Message-ID: <two@x>', 'Subject: twice']), '', 'x', ''),
  'a line of 12,000 letters': () => bytes(...head(['Message-ID: <long@x>', 'Subject: long']), '', 'x'.repeat(12_000), ''),
  'mails inside of mails': () =>
    bytes(
      ...head(['Message-ID: <outer@x>', 'Subject: Fwd', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=a']),
      '',
      '--a',
      'Content-Type: message/rfc822',
      '',
      ...head(['Message-ID: <inner@x>', 'Subject: Fwd', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b']),
      '',
      '--b',
      'Content-Type: message/rfc822',
      '',
      ...head(['Message-ID: <innermost@x>', 'Subject: at last']),
      '',
      'the end',
      '--b--',
      '--a--',
      '',
    ),
  'S/MIME': () =>
    bytes(
      ...head([
        'Message-ID: <smime@x>',
        'Subject: sealed',
        'MIME-Version: 1.0',
        'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
        'Content-Transfer-Encoding: base64',
      ]),
      '',
      Buffer.from('a sealed letter of many, many words').toString('base64'),
      '',
    ),
  'a wrong charset': () =>
    latin(...head(['Message-ID: <charset@x>', 'Subject: lie', 'Content-Type: text/plain; charset=utf-8']), '', 'k\xe4se \xff\xfe', ''),
  'a boundary that never comes': () =>
    bytes(...head(['Message-ID: <bound@x>', 'Subject: open', 'Content-Type: multipart/mixed; boundary="never"']), '', 'text', ''),
  'a header and nothing else': () => bytes(...head(['Message-ID: <bare@x>', 'Subject: bare'])),
  'no header': () => bytes('', 'only a body', ''),
  'a broken date': () => bytes('From: a@x', 'Date: Thirty-fifth of May', 'Subject: when', '', 'x', ''),
  'nothing at all': () => new Uint8Array(),
}
