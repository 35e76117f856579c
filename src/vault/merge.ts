import { Fault } from '../fault.ts'
import type { BlobSource } from './blob-source.ts'
import type { EntryLine } from './manifest-line.ts'

/** A line of a record entry, as far as merging needs it. */
export interface RecordLine {
  readonly ref: string
  readonly op: 'put' | 'delete' | 'moved'
  readonly text: string
}
/** What shares kind and month in one collection, oldest entry first. */
export interface Part {
  readonly kind: string
  readonly month: string | null
  readonly entries: readonly EntryLine[]
}

/** Entries of one collection by part; parts by month ascending, those without one first. */
export function partsOf(entries: Iterable<EntryLine>): Part[] {
  const parts = new Map<string, { kind: string; month: string | null; entries: EntryLine[] }>()
  for (const entry of entries) {
    const key = entry.part ?? ''
    const known = parts.get(key)
    if (known === undefined) parts.set(key, { kind: entry.kind, month: entry.month ?? null, entries: [entry] })
    else {
      known.month ??= entry.month ?? null
      known.entries.push(entry)
    }
  }
  return [...parts.values()].toSorted((a, b) => ((a.month ?? '') < (b.month ?? '') ? -1 : (a.month ?? '') > (b.month ?? '') ? 1 : 0))
}

// Every line begins with its ref and its op, so that merging need not parse the rest.
const HEAD = /^\{"ref":"([0-9a-f]{32})","op":"(put|delete|moved)"/

async function* linesIn(blobs: BlobSource, entry: EntryLine, signal: AbortSignal): AsyncGenerator<RecordLine> {
  const bytes = await blobs.whole(entry.sha256, signal)
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at)
    const text = bytes.toString('utf8', at, end < 0 ? bytes.length : end)
    at += Buffer.byteLength(text) + 1
    const [, ref, op] = HEAD.exec(text.slice(0, 80)) ?? []
    if (ref === undefined || (op !== 'put' && op !== 'delete' && op !== 'moved'))
      throw new Fault({
        code: 'corrupt',
        what: `The entry ${entry.path} of pack ${entry.pack} holds a line that cannot be read`,
        remedy: 'Run verify, and restore the pack from a second copy of the vault',
      })
    yield { ref, op, text }
  }
}

/** The last line about each ref of a part. Memory grows with the refs of the part, and only if an entry replaces a line of an earlier one. */
export async function* lastLines(blobs: BlobSource, part: Part, signal: AbortSignal): AsyncGenerator<RecordLine> {
  if (!part.entries.some((entry) => entry.again === true)) {
    for (const entry of part.entries) yield* linesIn(blobs, entry, signal)
    return
  }
  const last = new Map<string, number>()
  let at = 0
  for (const entry of part.entries) for await (const { ref } of linesIn(blobs, entry, signal)) last.set(ref, at++)
  at = 0
  for (const entry of part.entries) for await (const line of linesIn(blobs, entry, signal)) if (last.get(line.ref) === at++) yield line
}

/** Every line of a part in order, for those who need what was before. */
export async function* allLines(blobs: BlobSource, part: Part, signal: AbortSignal): AsyncGenerator<RecordLine> {
  for (const entry of part.entries) yield* linesIn(blobs, entry, signal)
}
