import { Fault } from '../../../src/fault.ts'
import { type Graph, seg } from '../graph.ts'
import { isUnreadable } from '../graph-fault.ts'
import { readHandle } from '../map/mail.ts'
import { builtMail } from './build.ts'

/** What became of the bytes of one mailbox in this session. */
export interface BytesWatch {
  /** Asked for, and not answered yet. */
  readonly asked: Set<string>
  /** Put together by us, because Graph could not write them, and how many attachments are missing in them. */
  readonly built: Map<string, number>
}

const watches = new WeakMap<Graph, Map<string, BytesWatch>>()

export function bytesWatch(graph: Graph, person: string): BytesWatch {
  const own = watches.get(graph) ?? new Map<string, BytesWatch>()
  watches.set(graph, own)
  const watch = own.get(person) ?? { asked: new Set<string>(), built: new Map<string, number>() }
  own.set(person, watch)
  return watch
}

/**
 * A mail as Graph writes it, or put together from its parts where Graph cannot.
 * @throws Fault `rejected`, `gone` or `permission` when there is no way to its bytes; what concerns the whole mailbox is worth another try
 */
export async function mailBytes(graph: Graph, handle: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const name = readHandle(handle)
  if (name === undefined) throw new Fault({ code: 'gone', what: 'This name of bytes is none of ours', remedy: 'Nothing to do' })
  const { person, native } = name
  const watch = bytesWatch(graph, person)
  watch.asked.add(native)
  try {
    return await graph.stream(valuePath(person, native), signal)
  } catch (error) {
    if (isUnreadable(error)) return await pieced(graph, person, native, error, signal)
    if (error instanceof Fault && error.code === 'permission') throw await oneOrAll(graph, person, native, error, signal)
    throw error
  } finally {
    watch.asked.delete(native)
  }
}

const valuePath = (person: string, native: string): string => `/users/${seg(person)}/messages/${seg(native)}/$value`

async function pieced(
  graph: Graph,
  person: string,
  native: string,
  first: unknown,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  try {
    const { built: counted } = bytesWatch(graph, person)
    const missing = (): void => void counted.set(native, (counted.get(native) ?? 0) + 1)
    const built = await builtMail(graph, person, native, missing, signal)
    counted.set(native, 0)
    return built
  } catch (error) {
    if (error instanceof Fault && (error.code === 'rejected' || error.code === 'gone' || error.code === 'permission')) throw first
    throw error
  }
}

/** A refused mail is a loss; a mailbox that was closed to us in the middle of a run must not make a loss of every mail in it. */
async function oneOrAll(graph: Graph, person: string, native: string, refusal: Fault, signal: AbortSignal): Promise<Fault> {
  try {
    await graph.get(`/users/${seg(person)}/messages/${seg(native)}`, { $select: 'id' }, {}, signal)
    return refusal
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (error.code !== 'permission') return error
    return new Fault({
      code: 'unavailable',
      what: 'A mailbox was closed to this app while it was read',
      why: error.why,
      remedy: error.remedy,
      retry: { type: 'never' },
    })
  }
}

/** Whether Graph can write a mail: asked only of those whose fate a killed run did not write down. */
export async function canBeWritten(graph: Graph, person: string, native: string, signal: AbortSignal): Promise<boolean> {
  try {
    const stream = await graph.stream(valuePath(person, native), signal)
    await stream.cancel()
    return true
  } catch (error) {
    if (isUnreadable(error)) return false
    if (error instanceof Fault && error.code === 'gone') return true
    throw error
  }
}
