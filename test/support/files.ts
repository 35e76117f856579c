import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Every file below a directory, whole. */
export async function everyFile(dir: string): Promise<readonly { readonly name: string; readonly bytes: Buffer }[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(name) })))
}
