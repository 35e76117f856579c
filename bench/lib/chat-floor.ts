import { Unzip } from '../../src/bundle/unzip.ts'

/** Inflates every JSON file of a zip, parses it and writes it out again into nothing: what nobody who reads such an export can avoid. */
export async function floorOf(path: string, signal: AbortSignal): Promise<number> {
  await using zip = await Unzip.open(path, signal)
  let values = 0
  let bytes = 0
  for (const entry of zip.entries.values()) {
    if (!entry.name.endsWith('.json')) continue
    const value = await zip.using(entry, parsed, signal)
    if (Array.isArray(value) && entry.name.includes('/')) values += value.length
    bytes += JSON.stringify(value).length
  }
  if (bytes === 0) throw new Error('there was nothing to read')
  return values
}
const parsed = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
