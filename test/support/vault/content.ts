import type { SnapshotReader } from '../../../src/contract/vault.ts'
import { canonicalJson } from '../../../src/model/canonical.ts'
import { never } from './subject.ts'

/** Emulators listen on other ports each time. */
export const portless = (text: string): string => text.replaceAll(/(127\.0\.0\.1|localhost):\d+/g, '$1:PORT')
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What is alive in a snapshot, a line each, without ports. Every blob is read back. */
export async function contentOf(reader: SnapshotReader): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const { id, kind, body, blobs } of reader.items({}, never)) {
    for (const blob of blobs) if (blob !== null) for await (const _chunk of await reader.open(blob, never)) void _chunk
    lines.push(`${kind} ${id} ${portless(canonicalJson(body))} ${blobs.map((blob) => blob?.sha256 ?? 'none').join(' ')}`)
  }
  for await (const { id } of reader.tombstones(never)) lines.push(`deleted ${id}`)
  return lines.toSorted(byText)
}
