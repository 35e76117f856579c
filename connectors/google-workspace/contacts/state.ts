import { type Cursor, cursor } from '../../../src/contract/ids.ts'

/** One of the two lists of a person: contacts they made, and those that were gathered from their mail. */
export interface ListState {
  /** Google's sync token; null: not everything was listed yet. */
  token: string | null
  /** Where a full listing goes on, if one was broken off. */
  page: string | null
  /** Whether it was ever listed: then something of it may be kept that a refusal must not delete. */
  listed: boolean
  /** Revision of the address book's item. */
  book: string
}
export interface State {
  readonly own: ListState
  readonly other: ListState
  /** Names of groups as they are written into the cards. */
  groups: Readonly<Record<string, string | null>>
  losses: string
  /** A token is lost, and a list that was refused stood in the way of a full listing. */
  owed: boolean
}

const freshList = (): ListState => ({ token: null, page: null, listed: false, book: '' })
export const freshState = (): State => ({ own: freshList(), other: freshList(), groups: {}, losses: '', owed: false })
export const encode = (state: State): Cursor => cursor(JSON.stringify({ v: 1, ...state }))

/** Undefined: not written by this version. */
export function decode(since: Cursor): State | undefined {
  try {
    const { v, ...state } = JSON.parse(since) as State & { v: unknown }
    return v === 1 ? state : undefined
  } catch {
    return undefined
  }
}
