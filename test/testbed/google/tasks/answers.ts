import type { tasks_v1 } from 'googleapis/build/src/apis/tasks/v1.js'
import { type Asked, size } from '../asked.ts'
import { type Pages, Tokens } from '../changes.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { TasksStore } from './store.ts'

/** The Tasks API, reading only. There are no sync tokens, and a deleted task is shown only to those who ask. */
export class TasksAnswers {
  readonly #store: TasksStore
  readonly #pages: Pages
  readonly #tokens = new Tokens()
  constructor(store: TasksStore, pages: Pages) {
    this.#store = store
    this.#pages = pages
  }

  static route(path: readonly string[]): string | undefined {
    if (path[0] === 'users' && path[2] === 'lists' && path.length === 3) return 'tasklists.list'
    if (path[0] === 'users' && path[2] === 'lists' && path.length === 4) return 'tasklists.get'
    if (path[0] === 'lists' && path[2] === 'tasks' && path.length === 3) return 'tasks.list'
    return undefined
  }

  /** @throws Refusal */
  answer(asked: Asked): object {
    switch (TasksAnswers.route(asked.path)) {
      case 'tasklists.list': {
        const all = [...this.#store.of(asked.person).values()].map(({ list }) => list)
        return { kind: 'tasks#taskLists', etag: '"0"', ...this.#page(all, asked.query, 1000, 1000) }
      }
      case 'tasklists.get': {
        const lists = this.#store.of(asked.person)
        // The first one is the one that everybody has.
        const held = asked.path[3] === '@default' ? [...lists.values()][0] : lists.get(asked.path[3] ?? '')
        if (held === undefined) throw notFound()
        return held.list
      }
      case 'tasks.list':
        return this.#tasks(asked)
      case undefined:
      default:
        throw notFound()
    }
  }

  #tasks({ path, query, person }: Asked): tasks_v1.Schema$Tasks {
    const held = this.#store.of(person).get(path[1] ?? '')
    if (held === undefined) throw notFound()
    if (held.refuses !== undefined) throw new Refusal(held.refuses, 'forbidden', 'Forbidden')
    const says = (name: string, usual: boolean): boolean => (query.get(name) ?? String(usual)) === 'true'
    const since = query.get('updatedMin')
    if (since !== null && Number.isNaN(Date.parse(since))) throw new Refusal(400, 'invalid', 'Invalid value for: updatedMin')
    const shown = [...held.tasks.values()].filter(
      (task) =>
        (task.status !== 'completed' || says('showCompleted', true)) &&
        (task.hidden !== true || says('showHidden', false)) &&
        (task.deleted !== true || says('showDeleted', false)) &&
        (task.assignmentInfo === undefined || says('showAssigned', false)) &&
        (since === null || Date.parse(task.updated ?? '') >= Date.parse(since)),
    )
    return { kind: 'tasks#tasks', etag: '"0"', ...this.#page(shown, query, 20, 100) }
  }

  #page<T>(all: readonly T[], query: URLSearchParams, usual: number, most: number): { items?: T[]; nextPageToken?: string } {
    const token = query.get('pageToken')
    const place = token === null ? { after: 0 } : (this.#tokens.open(token) as { after: number } | undefined)
    if (place === undefined) throw new Refusal(400, 'invalid', 'Invalid page token.')
    const asked = size(query, 'maxResults', usual, most)
    const items = all.slice(place.after, place.after + (this.#pages === 'full' ? asked : Math.min(asked, 3)))
    const end = place.after + items.length
    return { ...(items.length === 0 ? {} : { items }), ...(end < all.length ? { nextPageToken: this.#tokens.seal({ after: end }) } : {}) }
  }
}
