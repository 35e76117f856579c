import { createHash } from 'node:crypto'

/** An id in Exchange's style: all of one mailbox begin alike, and letters matter. */
export function exchangeId(owner: string, kind: string, serial: number): string {
  const part = (text: string, length: number): string => createHash('sha256').update(text).digest('base64url').slice(0, length)
  return `AAkALg${part(owner, 40)}AAA${part(`${owner} ${kind} ${serial}`, 24)}AAA=`
}
/** A change key: another one with every change. */
export const changeKey = (serial: number): string => createHash('sha256').update(`key ${serial}`).digest('base64').slice(0, 32)
/** A UID as Outlook makes them. */
export const iCalUid = (owner: string, serial: number): string =>
  `040000008200E00074C5B7101A82E008${createHash('sha256').update(`${owner} ${serial}`).digest('hex').slice(0, 48).toUpperCase()}`
