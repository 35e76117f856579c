import type { ItemId } from '../../../src/contract/ids.ts'
import type { GoogleTestbedOptions } from '../../testbed/google/testbed.ts'
import { linesOf } from './map/facts.ts'
import { adasNights, type Nights } from './nights.ts'
import type { Held } from './world.ts'

export const zone = 'Europe/Berlin'
export const at = (utc: string): { start: object; end: object } => ({
  start: { dateTime: `${utc}:00Z`, timeZone: zone },
  end: { dateTime: `${utc.slice(0, 14)}30:00Z`, timeZone: zone },
})
export const event = (uid: string, calendar = 'ada@example.org'): ItemId => `event/${calendar}/${uid}@google.com` as ItemId
export const icsOf = (held: Held, id: ItemId): readonly string[] => {
  const item = held.items.get(id)
  if (item?.kind !== 'event') throw new Error(`${id} is not held`)
  return linesOf(item.body.ics)
}
export const ids = (held: Held): readonly string[] => [...held.items.keys()].toSorted()

export const nights = (options: GoogleTestbedOptions = {}): Promise<Nights> => adasNights('calendars', { pages: 'full', ...options })
