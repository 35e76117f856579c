import type { Ports } from '../../../src/contract/ports.ts'
import { Fault } from '../../../src/fault.ts'
import type { SlackClient } from '../client.ts'
import type { Mapping } from '../map/item.ts'
import { SlackFault } from '../slack-fault.ts'
import { flag, text, type Wire, wire, wires } from '../wire.ts'

export interface Page {
  readonly messages: readonly Wire[]
  readonly more: boolean
  /** Slack has older messages and does not show them: the plan's limit, not a deletion. */
  readonly limited: boolean
  readonly cursor: string | undefined
}

/** The methods of the Web API as this connector uses them: paged, with page sizes that shrink when Slack cannot cope. */
export class Reader {
  readonly client: SlackClient
  readonly ports: Ports
  readonly source: string
  #limit = 999
  #short = 0
  /** True once Slack was seen to give fifteen messages at a time: the regime of distributed apps that it did not approve. */
  narrow = false

  constructor(source: string, client: SlackClient, ports: Ports) {
    this.source = source
    this.client = client
    this.ports = ports
  }

  mapping(endpoint: string): Mapping {
    return { source: this.source, fetchedAt: this.ports.clock.now().toISOString(), endpoint, token: () => undefined }
  }

  call(method: string, args: Wire, signal: AbortSignal): Promise<Wire> {
    return this.client.call(method, args, signal)
  }

  /** Pages of a list that has a cursor. A cursor that Slack no longer knows starts the list again; `restarted` is told, once. */
  async *list(
    method: string,
    field: string,
    args: Wire,
    signal: AbortSignal,
    restarted: () => void = () => undefined,
  ): AsyncGenerator<readonly unknown[]> {
    let cursor: string | undefined
    let restarts = 0
    do {
      const answer = await this.#page(method, cursor === undefined ? args : { ...args, cursor }, signal)
      if (answer === undefined) {
        restarts += 1
        if (restarts > 2)
          throw new Fault({
            code: 'unavailable',
            what: `Slack forgets its own cursors of ${method}`,
            remedy: 'Run again later',
            retry: { type: 'backoff' },
          })
        cursor = undefined
        restarted()
        continue
      }
      const entries = answer[field]
      yield Array.isArray(entries) ? entries : []
      cursor = nextCursor(answer)
      if (cursor === undefined) return
    } while (true)
  }

  async #page(method: string, args: Wire, signal: AbortSignal): Promise<Wire | undefined> {
    try {
      return await this.call(method, args, signal)
    } catch (error) {
      if (error instanceof SlackFault && error.error === 'invalid_cursor') return undefined
      throw error
    }
  }

  /**
   * Messages of a channel between two moments (both outside), newest first. `latest` is always given: with `oldest` alone Slack begins at
   * the old end. Read 2026-11-23: https://docs.slack.dev/reference/methods/conversations.history
   * @throws Fault `gone` if the channel was deleted since it was listed.
   */
  async history(channel: string, oldest: string, latest: string, cursor: string | undefined, signal: AbortSignal): Promise<Page> {
    const page = pageOf(
      await this.#shrinking('conversations.history', { channel, oldest, latest, ...(cursor === undefined ? {} : { cursor }) }, signal),
    )
    this.#short = page.more && page.messages.length === 15 ? this.#short + 1 : 0
    if (this.#short === 2 && !this.narrow) {
      this.narrow = true
      this.ports.log.warn('Slack gives 15 messages at a time: this app counts as distributed; see the README of the connector', {
        source: this.source,
      })
    }
    return page
  }

  /** Replies of a thread, oldest first; Slack repeats the root on every page. @throws SlackFault `thread_not_found` */
  async replies(channel: string, ts: string, cursor: string | undefined, signal: AbortSignal): Promise<Page> {
    return pageOf(await this.#shrinking('conversations.replies', { channel, ts, ...(cursor === undefined ? {} : { cursor }) }, signal, 200))
  }

  async #shrinking(method: string, args: Wire, signal: AbortSignal, most = 999): Promise<Wire> {
    for (let limit = Math.min(this.#limit, most); ; limit = Math.floor(limit / 2)) {
      try {
        return await this.call(method, { ...args, limit }, signal)
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== 'unavailable' || limit < 100) throw error
        this.ports.log.info('smaller pages after a failure', { method, limit: Math.floor(limit / 2) })
        this.#limit = Math.floor(limit / 2)
      }
    }
  }
}

const nextCursor = (answer: Wire): string | undefined => text(wire(answer['response_metadata'])?.['next_cursor']) || undefined
const pageOf = (answer: Wire): Page => {
  const cursor = nextCursor(answer)
  return {
    messages: wires(answer['messages']),
    more: flag(answer['has_more']) || cursor !== undefined,
    limited: flag(answer['is_limited']),
    cursor,
  }
}
