import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { TarEntry } from '../../../../src/bundle/tar.ts'
import type { Relations } from '../../file/relations.ts'
import { formatFor } from '../../file/version.ts'

/** What a file of single relations holds: the tree alone, without repository and files. */
export async function* relationEntries(version: string, relations: Relations): AsyncGenerator<TarEntry> {
  const text = (name: string, content: string): TarEntry => ({
    name,
    bytes: Buffer.byteLength(content),
    open: async () => Buffer.from(content),
  })
  yield text('VERSION', formatFor(version))
  yield text('GITLAB_VERSION', version)
  yield text('tree/project.json', '{}')
  for (const { name, path, bytes } of relations.written())
    yield {
      name: `tree/project/${name}.ndjson`,
      bytes,
      open: async () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
    }
}
