import type { Google, GooglePerson } from '../google.ts'
import { filled, type Json, object, objects, text } from '../json.ts'
import { type Paged, paged } from '../paged.ts'

/** The Tasks API in one person's name, in the few ways it is used. */
export interface TaskReading {
  readonly google: Google
  readonly person: GooglePerson
  /** @throws Fault */
  lists(signal: AbortSignal): Promise<readonly Json[]>
  /** Id of the list that everybody has; empty: Google does not say. @throws Fault */
  primary(signal: AbortSignal): Promise<string>
  /** Tasks of a list, page by page: all of them, or those changed since a moment; deleted ones too. @throws Fault */
  tasks(list: string, updatedMin: string | undefined, signal: AbortSignal): AsyncIterable<readonly Json[]>
}

/** Everything that is ever shown. Read 2026-11-25: https://developers.google.com/workspace/tasks/reference/rest/v1/tasks/list */
const everything = { maxResults: 100, showCompleted: true, showHidden: true, showDeleted: true, showAssigned: true } as const

export async function taskReading(google: Google, person: GooglePerson): Promise<TaskReading> {
  const { tasklists, tasks } = await google.tasks(person)
  return {
    google,
    person,
    async lists(signal) {
      const found: Json[] = []
      const ask = async (pageToken: string | undefined) => {
        const query = { maxResults: 1000, ...(pageToken === undefined ? {} : { pageToken }) }
        return pageOf(await google.call('Google refused the lists of tasks', (options) => tasklists.list(query, options), signal))
      }
      for await (const { page } of paged('lists of tasks', ask)) found.push(...page)
      return found
    },
    async primary(signal) {
      const answer = object(
        await google.call('Google refused a list of tasks', (options) => tasklists.get({ tasklist: '@default' }, options), signal),
      )
      return text(answer?.['id'])
    },
    async *tasks(tasklist, updatedMin, signal) {
      const since = updatedMin === undefined ? {} : { updatedMin }
      const ask = async (pageToken: string | undefined) => {
        const query = { tasklist, ...everything, ...since, ...(pageToken === undefined ? {} : { pageToken }) }
        return pageOf(await google.call('Google refused the tasks of a list', (options) => tasks.list(query, options), signal))
      }
      for await (const { page } of paged('tasks', ask)) yield page
    },
  }
}

function pageOf(answer: unknown): Paged<readonly Json[]> {
  const json = object(answer)
  return { page: objects(json?.['items']), next: filled(json?.['nextPageToken']) ?? undefined }
}
