import { hash } from 'node:crypto'
import { type ItemId, itemId } from '../../../src/contract/ids.ts'
import { filled, type Json, text } from '../json.ts'

/** An id for ever: the UID, or its hash where it is too long or holds letters that no id should. `place`: native parts of the calendar's id. */
export const eventId = (place: readonly string[], uid: string): ItemId =>
  itemId('event', ...place, /^[!-.0-~]{1,200}$/.test(uid) ? uid : `sha256-${hash('sha256', uid).slice(0, 32)}`)

/** The id of the series an occurrence belongs to, or the event's own. */
export const baseOf = (event: Json): string => filled(event['recurringEventId']) ?? text(event['id']).replace(/_\d{8}(?:T\d{6}Z)?$/, '')

/** The UID an event shares with the rest of its series. Google always gives one; where it does not, it is made as Google makes it. */
export const uidOf = (event: Json): string => filled(event['iCalUID']) ?? madeUid(baseOf(event))

/**
 * The UID that Google would have made of an id, or an id of: `abc` is `abc@google.com`; of an imported event the id is `_` and its UID in
 * base 32. Nobody promises this, so what does not follow it is remembered.
 */
export const madeUid = (base: string): string => (base.startsWith('_') ? decoded(base.slice(1)) : undefined) ?? `${base}@google.com`

const letters = '0123456789abcdefghijklmnopqrstuv'
function decoded(text: string): string | undefined {
  if (text === '' || !/^[0-9a-v]+$/.test(text)) return undefined
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const letter of text) {
    value = (value << 5) | letters.indexOf(letter)
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >> bits) & 0xff)
    value &= (1 << bits) - 1
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(bytes))
  } catch {
    return undefined
  }
}
