import { contentOf, queryAll } from './body.ts'
import type { DavClient } from './client.ts'
import { silent } from './places.ts'
import { Refusal } from './refusal.ts'

/** A deleted event or task that Nextcloud still keeps. `place`: last part of the path of the calendar it was in. */
export interface TrashedObject {
  readonly path: string
  readonly place: string
  readonly text: string
}

/** The trash bin of a Nextcloud calendar home; empty where there is none. @throws Refusal */
export async function trashedObjects(client: DavClient, home: string, signal: AbortSignal): Promise<readonly TrashedObject[]> {
  try {
    // Its folder gives no listing, only an answer to a query (Nextcloud 29, DeletedCalendarObjectsCollection.php).
    const { found } = await client.report(`${home}trashbin/objects/`, queryAll([contentOf.calendar, 'nc:calendar-uri']), signal)
    return found.flatMap(({ href, props }) => {
      const text = props.get('calendar-data')?.text
      return text === undefined ? [] : [{ path: href, place: props.get('calendar-uri')?.text.trim() ?? '', text }]
    })
  } catch (error) {
    if (error instanceof Refusal && [403, 404, 405, 501].includes(error.status)) return []
    throw error
  }
}

/** Takes one object out of the trash bin for good. @throws Refusal */
export async function purgeTrashed(client: DavClient, path: string, signal: AbortSignal): Promise<void> {
  try {
    await client.request({ method: 'DELETE', path, headers: silent }, signal)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 404) throw error
  }
}
