import type { Loss } from '../../contract/fidelity.ts'
import type { Applied, Fields, LedgerEntry, Stated } from '../../contract/target.ts'
import type { JsonValue } from '../../contract/json.ts'
import { type FoundPlace, findPlace, makePlace, patchPlace } from '../places.ts'
import type { PlaceChange, PlaceProperties } from '../body.ts'
import { Refusal } from '../refusal.ts'
import { hashOf } from './draft.ts'
import { type Home, onlyThem } from './homes.ts'
import { nextcloudLimits } from './limits.ts'
import { type PlaceOperation, placeRemote } from './operations.ts'
import { type Work, kept, patiently, refused } from './work.ts'

type StatedPlace = Exclude<Stated<PlaceOperation>, { state: 'gone' }>
/** Places that this run has made: they are empty, and nobody else knows them yet. By path. */
export type Fresh = Map<string, { readonly op: PlaceOperation; readonly entry: LedgerEntry }>

type Shown = Omit<FoundPlace, 'path' | 'type' | 'etag' | 'maxBytes'>
/** What it takes is one field for each kind: some servers take more than they were asked to, and that is no harm (Xandikos, Radicale). */
export const placeFields = ({ title, description, color, timezone, components }: Shown): Fields => ({
  title,
  description,
  color,
  timezone,
  ...Object.fromEntries(['VEVENT', 'VTODO'].map((name) => [`takes ${name}`, components.length === 0 || components.includes(name)])),
})
export function wantedFields({ title, description, color, timezone, components }: PlaceProperties): Fields {
  const zone = timezone === null ? null : (/^TZID:(.+?)\r?$/m.exec(timezone)?.[1] ?? null)
  const takes = components.map((name) => [`takes ${name}`, true] as const)
  const all: Fields = { title, description, color, timezone: zone, ...Object.fromEntries(takes) }
  // What the source does not say is the server's to choose.
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
}

/** Makes a place, or brings one that we made up to date. @throws Fault where going on makes no sense */
export async function applyPlace(work: Work, stated: StatedPlace, fresh: Fresh, signal: AbortSignal): Promise<Applied> {
  const { op } = stated
  const remote = placeRemote(op.login, op.place)
  const expect = wantedFields(op.properties)
  const settle = (outcome: Applied['outcome'], losses: readonly Loss[]): Applied => ({
    key: op.key,
    item: op.item,
    outcome,
    remote,
    expect,
    losses,
  })
  if (stated.state === 'same') return settle('unchanged', lostIn(stated.known, op))
  const entry = (state: LedgerEntry['state'], notes: LedgerEntry['notes']): LedgerEntry => ({
    key: op.key,
    item: op.item,
    collection: op.collection,
    revision: op.revision,
    remote,
    state,
    notes,
  })
  const known = stated.state === 'changed' && stated.known.remote === remote ? stated.known : undefined
  work.context.ledger.put([{ ...entry('staged', known?.notes ?? {}) }])
  try {
    const home = await work.homes.of(op.login, signal)
    const path = `${home.path}${op.place}/`
    const made =
      known?.state === 'applied'
        ? false
        : await patiently(work, () => makePlace(home.client, work.format.kind, path, op.properties, signal), signal)
    const before = await findPlace(home.client, work.format.kind, path, signal)
    if (before === undefined || before.type !== work.format.kind) return settle('failed', [refused(op.item, whyNot(before))])
    // A whole place was put and its properties were not set again: what it looks like is nobody's wish.
    const bare = known?.notes['whole'] === true
    const theirs = known === undefined || bare ? [] : changedByOthers(known, before)
    const change = { ...without(op.properties, theirs), ...(bare ? { components: op.properties.components } : {}) }
    const after = agrees(before, expect) ? before : await patched(work, home, path, change, before, signal)
    const differing = Object.keys(expect).filter((field) => !same(placeFields(after)[field], expect[field]))
    const notes = { fields: hashOfPlace(after), lost: differing }
    const done = entry('applied', notes)
    work.context.ledger.put([done])
    if (made) fresh.set(path, { op, entry: done })
    return settle(stated.state === 'new' || known === undefined ? 'created' : 'updated', lostIn(done, op))
  } catch (error) {
    const decided = error instanceof Refusal && error.status === 403 && /limit/i.test(error.said)
    if (!decided && !onlyThem(error, work.settings)) throw error
    return settle('failed', [
      refused(
        op.item,
        `${error.message}${decided ? `: occ config:app:set dav ${nextcloudLimits[work.format.kind].setting} --value=-1 lifts it` : ''}`,
      ),
    ])
  }
}

async function patched(
  { format }: Work,
  { client }: Home,
  path: string,
  change: Parameters<typeof patchPlace>[3],
  before: FoundPlace,
  signal: AbortSignal,
): Promise<FoundPlace> {
  // A property that a server does not know is told by what is read back.
  await patchPlace(client, format.kind, path, change, signal).catch((error: unknown) => {
    if (!(error instanceof Refusal) || error.retry.type !== 'never') throw error
  })
  return (await findPlace(client, format.kind, path, signal)) ?? before
}

const whyNot = (place: FoundPlace | undefined): string =>
  place === undefined
    ? 'the server said that it made it, and it is not there'
    : place.type === 'trash'
      ? 'somebody deleted it: it is in the trash bin of the server; restore it there, or empty the trash bin, then run again'
      : 'something of another kind stands in its place'

/** The note of what differs from what was asked for becomes a loss each time: it goes on to differ. */
const lostIn = ({ notes }: LedgerEntry, op: PlaceOperation): readonly Loss[] =>
  (Array.isArray(notes['lost']) ? (notes['lost'] as readonly string[]) : []).map((field) =>
    kept(op.item, field, `${field}: the server does not keep ours, or somebody changed it there`),
  )

/** Fields that do not look as we left them. The ledger has a hash of each. */
function changedByOthers({ notes }: LedgerEntry, now: FoundPlace): readonly string[] {
  const left = notes['fields']
  if (left === null || typeof left !== 'object' || Array.isArray(left)) return []
  const hashes = hashOfPlace(now)
  return Object.entries(left).flatMap(([field, hash]) => (hashes[field] === hash ? [] : [field]))
}
const hashOfPlace = (place: FoundPlace): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(placeFields(place)).map(([field, value]) => [field, hashOf({ value })]))

function without({ title, description, color, timezone }: PlaceProperties, fields: readonly string[]): PlaceChange {
  const own = <T>(field: string, value: T): T | null => (fields.includes(field) ? null : value)
  return {
    title: own('title', title),
    description: own('description', description),
    color: own('color', color),
    timezone: own('timezone', timezone),
  }
}
const agrees = (place: FoundPlace, expect: Fields): boolean =>
  Object.entries(expect).every(([field, value]) => same(placeFields(place)[field], value))
const same = (a: JsonValue | undefined, b: JsonValue | undefined): boolean => JSON.stringify(a) === JSON.stringify(b)
