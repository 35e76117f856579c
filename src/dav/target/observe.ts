import type { CollectionId } from '../../contract/ids.ts'
import type { Fields, Ledger, LedgerEntry, Observed } from '../../contract/target.ts'
import { remoteId } from '../../contract/ids.ts'
import { readObjects } from '../objects.ts'
import { findPlace } from '../places.ts'
import type { Format } from './format.ts'
import { type Homes, onlyThem } from './homes.ts'
import { objectRemote, placeRemote, standsIn } from './operations.ts'
import { placeFields } from './place.ts'
import { Refusal } from '../refusal.ts'
import type { CommonSettings } from './settings.ts'

/** Reads back every place that the ledger knows, and everything in it, whoever put it there. Knows nothing of what was intended. */
export async function* observe(
  on: { readonly settings: CommonSettings; readonly format: Format; readonly homes: Homes },
  ledger: Ledger,
  only: ReadonlySet<CollectionId> | undefined,
  signal: AbortSignal,
): AsyncGenerator<Observed> {
  for (const { remote } of placesOf(ledger, only)) {
    signal.throwIfAborted()
    const { login, place } = standsIn(remote)
    try {
      const home = await on.homes.of(login, signal)
      const path = `${home.path}${place}/`
      const found = await findPlace(home.client, on.format.kind, path, signal)
      if (found === undefined || found.type !== on.format.kind) continue
      yield { remote: placeRemote(login, place), fields: placeFields(found) }
      for await (const { path: href, text } of readObjects(home.client, on.format.kind, path, signal))
        yield observed(on.format, login, place, href, text)
    } catch (error) {
      // Not there, or not for us any more: then it is missing, and the comparison says so.
      if (!onlyThem(error, on.settings) && !(error instanceof Refusal && (error.status === 404 || error.status === 410))) throw error
    }
  }
}

function* placesOf(ledger: Ledger, only: ReadonlySet<CollectionId> | undefined): Generator<LedgerEntry> {
  const all = only === undefined ? [{}] : [...only].map((collection) => ({ collection }))
  for (const of of all) for (const entry of ledger.entries(of)) if (standsIn(entry.remote).type === 'place') yield entry
}

function observed(format: Format, login: string, place: string, href: string, text: string): Observed {
  const fields = read(format, text)
  if (fields !== undefined) return { remote: objectRemote(login, place, fields.uid), fields: fields.fields }
  return { remote: remoteId(`unreadable/${encodeURIComponent(login)}/${place}/${href.slice(href.lastIndexOf('/') + 1)}`), fields: {} }
}
function read(format: Format, text: string): { readonly uid: string; readonly fields: Fields } | undefined {
  try {
    return { uid: format.uidOf(text), fields: format.fieldsOf(text) }
  } catch {
    return undefined
  }
}
