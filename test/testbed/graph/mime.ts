import { Random } from '../world/random.ts'
import type { StoredMail } from './mailbox.ts'

const WORDS = ['Grüße', 'invoice', 'Termin', 'quarterly', 'Сводка', '見積', 'attached', 'please', 'Anker', 'ladder'] as const

/** The text of a mail: the same for the same seed. */
export function bodyOf({ seed, subject }: Pick<StoredMail, 'seed' | 'subject'>): string {
  const random = new Random(seed)
  const words = Array.from({ length: 20 + random.below(60) }, () => random.pick(WORDS))
  return `${subject}\n\n${words.join(' ')}\n`
}

export const attachmentBytes = (name: string, bytes: number): Uint8Array => Buffer.alloc(bytes, `${name} `)

/** A mail as `$value` writes it: anew each time, so that no two readings are alike byte for byte. */
export function mimeOf(mail: StoredMail, reading: number): Uint8Array {
  const boundary = `_000_${reading.toString(16).padStart(8, '0')}_`
  const encoded = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`
  const lines = [
    `From: <${mail.from}>`,
    `To: <${mail.to}>`,
    `Subject: ${encoded(mail.subject)}`,
    `Date: ${mail.receivedAt.toUTCString()}`,
    `Message-ID: <${mail.id.slice(8, 30)}@example.org>`,
    `X-MS-Exchange-Reading: ${reading}`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset="utf-8"',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(bodyOf(mail)).toString('base64'),
    ...mail.attachments.flatMap(({ name, bytes }) => [
      `--${boundary}`,
      `Content-Type: application/octet-stream; name="${name}"`,
      'Content-Transfer-Encoding: base64',
      `Content-Disposition: attachment; filename="${name}"`,
      '',
      Buffer.from(attachmentBytes(name, bytes)).toString('base64'),
    ]),
    `--${boundary}--`,
    '',
  ]
  return Buffer.from(lines.join('\r\n'))
}
