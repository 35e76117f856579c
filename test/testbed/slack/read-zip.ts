import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { fromBufferPromise, openPromise } from 'yauzl'

/** Every entry of a small zip, as text by name. The reader is not ours: what it accepts is a zip. */
export async function readZip(path: string): Promise<ReadonlyMap<string, string>> {
  const zip = await openPromise(path)
  const entries = new Map<string, string>()
  for await (const entry of zip.eachEntry()) entries.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)))
  return entries
}

/** The names alone: opening each of very many entries takes its time. */
export async function zipNames(path: string): Promise<readonly string[]> {
  // From memory: a read of the disk for each of them would be most of it.
  const zip = await fromBufferPromise(await readFile(path))
  const names: string[] = []
  for await (const { fileName } of zip.eachEntry()) names.push(fileName)
  return names
}
