import type { Item } from '../contract/item.ts'

/** One file of an export, by its readable path. */
export interface ExportEntry {
  readonly name: string
  readonly bytes: number
  open(signal: AbortSignal): Promise<Uint8Array | ReadableStream<Uint8Array>>
}

export const text = (name: string, content: string): ExportEntry => {
  const data = Buffer.from(content)
  return { name, bytes: data.byteLength, open: () => Promise.resolve(data) }
}

export const lines = (name: string, values: readonly object[]): ExportEntry =>
  text(name, values.map((value) => `${JSON.stringify(value)}\n`).join(''))

/** An item as a line of an export: its blobs by the path they stand under. */
export const row = ({ id, revision, body, provenance, raw }: Item, files: readonly (string | null)[]): object => ({
  id,
  revision,
  ...body,
  blobs: files,
  provenance,
  raw,
})
