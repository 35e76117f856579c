import { type Cursor, cursor } from '../../../src/contract/ids.ts'

/** What is known of one list. There are no sync tokens: what was seen is remembered, task by task, in about forty bytes. */
export interface ListState {
  /** Revision of the list's item. */
  item: string
  /** The newest `updated` seen, ISO 8601; null: it was not yet listed whole. */
  newest: string | null
  /** When all of it was last listed, ISO 8601. */
  sweptAt: string
  /** First digits of the revision, by task. */
  readonly tasks: Map<string, string>
}
export interface State {
  readonly lists: Map<string, ListState>
  /** Id of the list that everybody has, and the lists for which that was asked. */
  primary: { readonly id: string; readonly of: string }
  losses: string
}

export const freshList = (): ListState => ({ item: '', newest: null, sweptAt: '', tasks: new Map() })
export const freshState = (): State => ({ lists: new Map(), primary: { id: '', of: '' }, losses: '' })

export const encode = ({ lists, primary, losses }: State): Cursor =>
  cursor(
    JSON.stringify({
      v: 1,
      lists: Object.fromEntries([...lists].map(([id, { tasks, ...rest }]) => [id, { ...rest, tasks: Object.fromEntries(tasks) }])),
      primary,
      losses,
    }),
  )

/** Undefined: not written by this version. */
export function decode(since: Cursor): State | undefined {
  try {
    const read = JSON.parse(since) as {
      v: unknown
      lists: Record<string, Omit<ListState, 'tasks'> & { tasks: Record<string, string> }>
      primary: State['primary']
      losses: string
    }
    if (read.v !== 1) return undefined
    const lists = Object.entries(read.lists).map(([id, { tasks, ...rest }]): [string, ListState] => [
      id,
      { ...rest, tasks: new Map(Object.entries(tasks)) },
    ])
    return { lists: new Map(lists), primary: read.primary, losses: read.losses }
  } catch {
    return undefined
  }
}
