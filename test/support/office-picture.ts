import { createHash } from 'node:crypto'
import { canonicalJson } from '../../src/model/canonical.ts'
import { calendarFormat } from '../../targets/caldav/format.ts'
import { cardFormat } from '../../targets/carddav/format.ts'
import type { DavState, Place } from '../testbed/dav/state.ts'
import type { DavTestbed } from '../testbed/dav/testbed.ts'
import type { MailStore, StoredMail } from '../testbed/imap/store.ts'
import type { ImapTestbed } from '../testbed/imap/testbed.ts'
import { byText, portless } from './vault/content.ts'

/** What stands on a mail, a calendar and a contact server, a line each: places, and in them what people would see. */
export function officePicture(mail: MailStore, { places }: DavState): readonly string[] {
  const lines: string[] = []
  for (const { login, folders } of mail.accounts.values())
    for (const { name, subscribed, use, mails } of folders.values()) {
      lines.push(`folder ${login} ${name} ${use ?? '-'}${subscribed ? '' : ' unsubscribed'}`)
      for (const one of mails) lines.push(`mail ${login} ${name} ${mailLine(one)}`)
    }
  for (const place of places) {
    const { login, kind, name, props, objects } = place
    lines.push(`${kind} ${login} ${name} ${canonicalJson(Object.fromEntries([...props].filter(([key]) => key !== 'calendar-timezone')))}`)
    for (const { text } of objects.values()) lines.push(`object ${login} ${name} ${portless(objectLine(place, text))}`)
  }
  return lines.toSorted(byText)
}

/** What the next to last night's reader of a mail would see: its subject, flags, time and bytes. */
export const mailLine = ({ bytes, flags, date }: StoredMail): string =>
  `"${subjectOf(bytes)}" ${[...flags].toSorted(byText).join(',')} ${date} ${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`

/** The subject of a mail as people read it. */
export function subjectOf(bytes: Uint8Array): string {
  const found = /^subject: (.*)$/im.exec(Buffer.from(bytes).toString('latin1'))?.[1]?.trim() ?? ''
  const [, encoded] = /^=\?utf-8\?B\?(.*)\?=$/i.exec(found) ?? []
  return encoded === undefined ? found : Buffer.from(encoded, 'base64').toString('utf8')
}

function objectLine({ kind }: Place, text: string): string {
  const format = kind === 'calendar' ? calendarFormat : cardFormat
  return canonicalJson(format.fieldsOf(text))
}

const WRITES = new Set(['PUT', 'DELETE', 'MKCALENDAR', 'MKCOL', 'PROPPATCH', 'MOVE', 'COPY', 'POST'])
/** Requests to either server that could have changed something. */
export const officeWrites = (imap: ImapTestbed, { calls }: DavTestbed): number =>
  imap.writes + calls.calls.filter(({ method }) => WRITES.has(method)).length
