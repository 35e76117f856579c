import type { BlobReader, Fields } from '../../contract/target.ts'
import { canonicalJson } from '../../model/canonical.ts'
import { hash } from 'node:crypto'
import type { Filling, Format } from './format.ts'
import type { ObjectOperation } from './operations.ts'

/** One object ready to be written, and how it must look when it is read back. */
export interface Draft {
  readonly uid: string
  readonly text: string
  readonly fields: Fields
}

/** Puts the bytes into it. `uid`: of its own, where another object of the place has the same. @throws Fault `corrupt` for bytes that are not what the vault says */
export async function draftOf(
  op: ObjectOperation,
  uid: string | null,
  { format, blobs }: { readonly format: Format; readonly blobs: BlobReader },
  signal: AbortSignal,
): Promise<Draft> {
  const fillings = new Map<string, Filling>()
  for (const { slot, blob } of op.fills) {
    const bytes = new Uint8Array(await new Response(asBody(await blobs.open(blob, signal))).arrayBuffer())
    fillings.set(slot, { bytes, mediaType: blob.mediaType })
  }
  const plain = uid === null ? op.text : format.withUid(op.text, uid)
  const text = fillings.size === 0 ? plain : format.filled(plain, fillings)
  return { uid: uid ?? op.uid, text, fields: format.fieldsOf(text) }
}

export const hashOf = (fields: Fields): string => hash('sha256', canonicalJson(fields)).slice(0, 32)

/** True if what was found says everything that was expected; what a server adds of its own is not our business. */
export function holds(found: Fields, expected: Fields): boolean {
  return Object.entries(expected).every(([name, value]) => found[name] !== undefined && canonicalJson(found[name]) === canonicalJson(value))
}

/** Node's own streams are what `Response` takes; the types of the two do not know each other. */
const asBody = (stream: ReadableStream<Uint8Array>) => stream as ConstructorParameters<typeof Response>[0]
