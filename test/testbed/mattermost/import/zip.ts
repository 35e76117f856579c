import { buffer } from 'node:stream/consumers'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'

/** An import zip opened for reading by name. */
export interface ImportZip {
  readonly names: readonly string[]
  has(name: string): boolean
  /** @throws if there is no such entry or it cannot be inflated. */
  read(name: string): Promise<Buffer>
}

/** Opens the uploaded bytes; a damaged zip or an entry that would leave the directory rejects. */
export async function openZip(bytes: Uint8Array): Promise<ImportZip> {
  const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
    lazyEntries: true,
    autoClose: false,
  })
  const entries = await entriesOf(zip)
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    read: async (name) => {
      const entry = entries.get(name)
      if (entry === undefined) throw new Error(`no entry ${name}`)
      return buffer(await zip.openReadStreamPromise(entry))
    },
  }
}

function entriesOf(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>()
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry)
      zip.readEntry()
    })
    zip.on('end', () => resolve(entries))
    zip.on('error', reject)
    zip.readEntry()
  })
}
