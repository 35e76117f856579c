import type { Change } from '../../../src/contract/connector.ts'
import { Fault } from '../../../src/fault.ts'
import { degraded, messageId } from '../map/item.ts'
import { message } from '../map/message.ts'
import { SlackFault } from '../slack-fault.ts'
import { microseconds, stamp, stampOf, text, type Wire, wires } from '../wire.ts'
import type { Reader } from './reader.ts'
import { briefHash, type ChannelState } from './state.ts'

/** One thread as it was read: the people who wrote in it, or undefined when Slack did not give it. */
export interface ThreadRead {
  readonly changes: readonly Change[]
  readonly writers: readonly string[] | undefined
}

/**
 * Reads a thread and says what is new in it, what changed and what is gone. A thread that Slack does not find, or does not show, is a
 * loss and stops nothing.
 */
export async function readThread(
  reader: Reader,
  state: ChannelState,
  channel: string,
  root: number,
  expected: number,
  signal: AbortSignal,
): Promise<ThreadRead> {
  const changes: Change[] = []
  const rootStamp = stampOf(root)
  const known = state.threads.get(root) ?? new Map<number, number>()
  const seen = new Set<number>()
  const writers = new Set<string>()
  try {
    for await (const reply of repliesOf(reader, channel, rootStamp, signal)) {
      const ts = stamp(reply['ts'])
      const at = ts === undefined ? undefined : microseconds(ts)
      if (at === root || (at !== undefined && seen.has(at))) continue
      const writer = text(reply['user'])
      if (writer !== undefined) writers.add(writer)
      const mapping = reader.mapping('conversations.replies')
      const plain = message(reply, channel, mapping)
      const brief = plain.item === undefined ? 0 : briefHash(plain.item.revision)
      if (at !== undefined) seen.add(at)
      if (at !== undefined && known.get(at) === brief) continue
      const mapped = message(await withFileFacts(reader, reply, signal), channel, mapping)
      if (mapped.item !== undefined) changes.push({ type: 'upsert', item: mapped.item })
      for (const loss of mapped.losses) changes.push({ type: 'loss', loss })
      if (at !== undefined) known.set(at, brief)
    }
  } catch (error) {
    if (!(error instanceof Fault) || (error.code !== 'gone' && error.code !== 'permission')) throw error
    if (error instanceof SlackFault && error.error === 'channel_not_found') throw error
    return { changes: missing(state, channel, root, expected, error), writers: undefined }
  }
  for (const at of known.keys()) {
    if (seen.has(at)) continue
    changes.push({ type: 'delete', id: messageId(channel, stampOf(at)), evidence: `absent-from-replies of ${rootStamp}` })
    known.delete(at)
  }
  if (known.size > 0) state.threads.set(root, known)
  else state.threads.delete(root)
  return { changes, writers: [...writers] }
}

function missing(state: ChannelState, channel: string, root: number, expected: number, error: Fault): readonly Change[] {
  const why = error instanceof SlackFault ? error.error : error.code
  if (error.code === 'gone' && expected === 0) {
    const gone = [...(state.threads.get(root)?.keys() ?? [])]
    state.threads.delete(root)
    return gone.map((at): Change => ({ type: 'delete', id: messageId(channel, stampOf(at)), evidence: why }))
  }
  return [
    {
      type: 'loss',
      loss: degraded(messageId(channel, stampOf(root)), 'replies', 'withheld-by-source', `${expected} replies are not given: ${why}`),
    },
  ]
}

/** Every reply on every page; a cursor that expired begins the thread again, which does no harm. */
async function* repliesOf(reader: Reader, channel: string, ts: string, signal: AbortSignal): AsyncGenerator<Wire> {
  let cursor: string | undefined
  for (let restarts = 0; ;) {
    try {
      const page = await reader.replies(channel, ts, cursor, signal)
      yield* page.messages
      if (page.cursor === undefined) return
      cursor = page.cursor
    } catch (error) {
      if (!(error instanceof SlackFault) || error.error !== 'invalid_cursor' || restarts >= 2) throw error
      restarts += 1
      cursor = undefined
    }
  }
}

/** Files of other organisations come without their facts; `files.info` has them. One that is refused stays as it came. */
export async function withFileFacts(reader: Reader, given: Wire, signal: AbortSignal): Promise<Wire> {
  const all = wires(given['files'])
  if (!all.some((file) => file['file_access'] === 'check_file_info')) return given
  const files: Wire[] = []
  for (const file of all)
    files.push(file['file_access'] === 'check_file_info' ? await fileFacts(reader, text(file['id']) ?? '', file, signal) : file)
  return { ...given, files }
}

export async function fileFacts(reader: Reader, id: string, otherwise: Wire, signal: AbortSignal): Promise<Wire> {
  try {
    const { file } = await reader.call('files.info', { file: id }, signal)
    return typeof file === 'object' && file !== null ? (file as Wire) : otherwise
  } catch (error) {
    if (error instanceof Fault && (error.code === 'gone' || error.code === 'permission')) return otherwise
    throw error
  }
}
