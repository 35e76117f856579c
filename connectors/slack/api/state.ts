import { hash } from 'node:crypto'
import { type Cursor, cursor } from '../../../src/contract/ids.ts'

/** A listing that was begun: what is between `before` and the newest is done, what is between `oldest` and `before` is not. Microseconds. */
export interface Listing {
  readonly oldest: number
  readonly before: number
  /** ISO time at which it began, if it goes through everything. */
  readonly sweep: string | null
}

/**
 * What one channel was seen to hold: the cursor of its collection. For each message 24 bits of a hash, for each thread its replies: about
 * ten bytes a message, which is what it takes to name an edit and a deletion of any age without asking the vault.
 */
export class ChannelState {
  /** ISO time of the last listing of everything; null: there was none yet. */
  swept: string | null = null
  /** Hash of the channel object and revision of the item made of it. */
  object = ''
  item = ''
  listing: Listing | undefined
  /** Messages that said of themselves that they are pinned. */
  readonly pinned = new Set<number>()
  readonly top = new Map<number, number>()
  readonly threads = new Map<number, Map<number, number>>()

  get size(): number {
    let replies = 0
    for (const thread of this.threads.values()) replies += thread.size
    return this.top.size + replies
  }

  /** Top-level messages before a moment, newest first. */
  newestFirst(before: number): Float64Array {
    return Float64Array.from(this.top.keys())
      .filter((at) => at < before)
      .toSorted()
      .toReversed()
  }

  encode(): Cursor {
    const { swept, object, item, listing } = this
    return cursor(
      JSON.stringify({
        v: 1,
        swept,
        object,
        item,
        listing: listing ?? null,
        pinned: [...this.pinned].toSorted((a, b) => a - b),
        messages: this.#messages(),
      }),
    )
  }

  #messages(): string {
    const parts: string[] = []
    let last = 0
    for (const at of Float64Array.from(new Set([...this.top.keys(), ...this.threads.keys()])).toSorted()) {
      const known = this.top.get(at)
      const thread = this.threads.get(at)
      const replies =
        thread === undefined || thread.size === 0
          ? ''
          : `(${written(
              [...thread].toSorted(([a], [b]) => a - b),
              at,
            )})`
      parts.push(`${(at - last).toString(36)}.${known === undefined ? '' : known.toString(36)}${replies}`)
      last = at
    }
    return parts.join(' ')
  }

  /** The state behind a cursor, or undefined when it is none of ours. */
  static decode(text: string): ChannelState | undefined {
    try {
      const read = JSON.parse(text) as { readonly [field: string]: unknown }
      if (read['v'] !== 1 || typeof read['messages'] !== 'string') return undefined
      const state = new ChannelState()
      state.swept = typeof read['swept'] === 'string' ? read['swept'] : null
      state.object = String(read['object'])
      state.item = String(read['item'])
      state.listing = (read['listing'] ?? undefined) as Listing | undefined
      for (const at of read['pinned'] as number[]) state.pinned.add(at)
      let at = 0
      for (const part of read['messages'] === '' ? [] : read['messages'].split(' ')) {
        const [, delta = '', known = '', replies] = /^([\da-z]+)\.([\da-z]*)(?:\(([^)]*)\))?$/.exec(part) ?? []
        if (delta === '') return undefined
        at += Number.parseInt(delta, 36)
        if (known !== '') state.top.set(at, Number.parseInt(known, 36))
        if (replies !== undefined) state.threads.set(at, readThread(replies, at))
      }
      return state
    } catch {
      return undefined
    }
  }
}

function written(entries: readonly (readonly [number, number])[], from: number): string {
  let last = from
  return entries
    .map(([at, known]) => {
      const part = `${(at - last).toString(36)}.${known.toString(36)}`
      last = at
      return part
    })
    .join(',')
}

function readThread(text: string, from: number): Map<number, number> {
  const thread = new Map<number, number>()
  let at = from
  for (const part of text.split(',')) {
    const [delta = '', known = ''] = part.split('.')
    at += Number.parseInt(delta, 36)
    thread.set(at, Number.parseInt(known, 36))
  }
  return thread
}

/** 24 bits of a revision, with whatever else counts. */
export const briefHash = (revision: string, more = ''): number =>
  Number.parseInt((more === '' ? revision : hash('sha256', `${revision} ${more}`)).slice(0, 6), 16)
