import type { Loss, LossCode } from '../../contract/fidelity.ts'
import type { Item } from '../../contract/item.ts'
import type { ItemId } from '../../contract/ids.ts'
import type { Directory, Mapped } from '../../contract/target.ts'
import { Fault } from '../../fault.ts'
import { cleanText } from '../../standards/text.ts'
import type { PlaceProperties } from '../body.ts'
import type { Format } from './format.ts'
import { type Fill, type ObjectOperation, type PlaceOperation, sealed, shortHash } from './operations.ts'
import { ownerOf } from './people.ts'
import { type CommonSettings, placePrefix } from './settings.ts'

export type PlaceItem = Item<'calendar' | 'tasklist' | 'addressbook'>
export type ObjectItem = Item<'event' | 'task' | 'contact'>
export interface Mapping {
  readonly directory: Directory
  readonly settings: CommonSettings
  readonly format: Format
}

export const dropped = (item: ItemId, code: LossCode, detail: string): Mapped<never> => ({
  ops: [],
  losses: [{ item, stage: 'map', code, effect: { type: 'dropped' }, detail }],
})
export const degraded = (item: ItemId, code: LossCode, field: string, detail: string): Loss => ({
  item,
  stage: 'map',
  code,
  effect: { type: 'degraded', field },
  detail,
})

/** The last part of the path of a calendar, list or address book: of its item id, so that a new name at the source renames it. */
const placeOf = (item: string, settings: CommonSettings): string => `${placePrefix(settings)}${shortHash(item)}`

/** A calendar, list or address book in the home of its owner. */
export function mapPlace(
  item: PlaceItem,
  properties: Omit<PlaceProperties, 'title'>,
  losses: readonly Loss[],
  { directory, settings }: Mapping,
): Mapped<PlaceOperation> {
  const { body } = item
  const owner = ownerOf(directory, settings, body.owner)
  if (owner.type === 'nobody') return dropped(item.id, owner.code, owner.why)
  const named = body.primary ? (settings.primaryTitle ?? body.name) : body.name
  const plain = cleanText(named).replaceAll('\n', ' ').trim()
  const whose = owner.foreign === null ? '' : ` (${owner.foreign})`
  const rehearsal = settings.scratch === undefined ? '' : `Rehearsal ${settings.scratch}: `
  const title = clip(`${rehearsal}${plain === '' ? fallback[item.kind] : plain}${whose}`)
  const renamed = title === `${rehearsal}${body.name}` ? [] : [degraded(item.id, 'name-changed', 'title', `it is called "${title}" there`)]
  const op = sealed<PlaceOperation>({
    item: item.id,
    collection: item.collection,
    summary: `${item.kind} for ${owner.login}`,
    type: 'place',
    login: owner.login,
    place: placeOf(item.id, settings),
    properties: { ...properties, title },
  })
  return { ops: [op], losses: [...renamed, ...losses] }
}
const fallback = { calendar: 'Calendar', tasklist: 'Tasks', addressbook: 'Contacts' } as const
/** What databases behind servers take as a name (Nextcloud: 255 letters). */
const clip = (title: string): string =>
  title.length <= 200
    ? title
    : `${title
        .slice(0, 199)
        .toWellFormed()
        .replace(/\ufffd$/, '')}…`

/** An event, task or card in the place of what it belongs to. What cannot be read is a loss of its own; its neighbours go on. */
export function mapObject(
  item: ObjectItem,
  place: { readonly id: string; readonly owner: string } | undefined,
  make: () => { readonly text: string; readonly fills: readonly Fill[]; readonly losses: readonly Loss[] },
  { directory, settings, format }: Mapping,
): Mapped<ObjectOperation> {
  if (place === undefined) return dropped(item.id, 'invalid-at-source', 'what it belongs to is not in the directory')
  const owner = ownerOf(directory, settings, place.owner)
  if (owner.type === 'nobody') return dropped(item.id, owner.code, owner.why)
  try {
    const { text, fills, losses } = make()
    const uid = format.uidOf(text)
    // Whether it can be compared is known now and not in the middle of an import.
    format.fieldsOf(text)
    const op = sealed<ObjectOperation>({
      item: item.id,
      collection: item.collection,
      summary: `${item.kind} for ${owner.login}`,
      type: 'object',
      login: owner.login,
      place: placeOf(place.id, settings),
      uid,
      text,
      fills,
    })
    return { ops: [op], losses }
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'corrupt') throw error
    return dropped(item.id, 'invalid-at-source', error.message)
  }
}
