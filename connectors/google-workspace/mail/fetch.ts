import type { Readable } from 'node:stream'
import { Fault } from '../../../src/fault.ts'
import type { Google, GooglePerson } from '../google.ts'
import { ask, type Asking } from './reading.ts'
import { Message } from './wire.ts'

/** Answers up to this size are read as they come; larger ones wait for their turn. */
const small = 1024 * 1024
const about = 'id,threadId,labelIds,internalDate,historyId,sizeEstimate'

/** A message as Gmail gives it, and its bytes, or null where it has none. */
export interface Whole {
  readonly message: Message
  /** Google's JSON without the bytes. */
  readonly raw: object
  readonly bytes: Uint8Array | null
  /** `inline`: the bytes were asked for. `handle`: they were not, since they are stored already or will be. */
  readonly how: 'inline' | 'handle'
}

/** A mail with its bytes: one request. @throws Fault `gone` if it was deleted in the meantime */
export async function wholeMail(asking: Asking, id: string, turn: Promise<void>): Promise<Whole> {
  const { gmail, person } = asking
  // A cut answer that calls itself whole is asked for once more.
  for (let tried = 1; ; tried++) {
    const stream = await asking.google.call(
      `Gmail refused mail ${id} of ${person.id}`,
      (options) =>
        gmail.users.messages.get(
          { userId: person.address, id, format: 'raw', fields: `${about},raw` },
          { ...options, responseType: 'stream' },
        ),
      asking.signal,
    )
    const parsed = Message.safeParse(json(await readAll(stream, turn)))
    if (!parsed.success && tried === 1) continue
    if (!parsed.success) throw unreadable(id)
    const { raw, ...message } = parsed.data
    return { message, raw: message, bytes: raw === undefined ? null : Buffer.from(raw, 'base64url'), how: 'inline' }
  }
}

/** What stands on a mail, without its bytes. @throws Fault `gone` */
export async function markedMail(asking: Asking, id: string): Promise<Whole> {
  const { gmail, person } = asking
  const message = await ask(asking, 'messages.get', Message, (options) =>
    gmail.users.messages.get({ userId: person.address, id, format: 'minimal', fields: about }, options),
  )
  return { message, raw: message, bytes: null, how: 'handle' }
}

/** The bytes of one mail that is already known otherwise. @throws Fault `gone` */
export async function mailBytes(
  google: Google,
  person: GooglePerson,
  id: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const gmail = await google.gmail(person)
  const { bytes } = await wholeMail({ google, person, gmail, signal }, id, Promise.resolve())
  if (bytes !== null) return new Blob([Uint8Array.from(bytes)]).stream()
  throw new Fault({ code: 'gone', what: `Mail ${id} has no bytes`, why: 'Gmail gives none for it', remedy: 'Nothing to do' })
}

async function readAll(stream: Readable, turn: Promise<void>): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    chunks.push(chunk)
    bytes += chunk.byteLength
    if (bytes > small) await turn
  }
  return Buffer.concat(chunks, bytes).toString('latin1')
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const unreadable = (id: string): Fault =>
  new Fault({
    code: 'corrupt',
    what: `Gmail's answer for mail ${id} cannot be read`,
    why: 'it is no JSON of a message; it came twice like that',
    remedy: 'Run again; it is asked for again',
    retry: { type: 'backoff' },
  })
