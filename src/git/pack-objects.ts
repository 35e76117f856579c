import { git } from '../process/git.ts'
import { records } from '../process/records.ts'
import { type LfsPointer, lfsPointerOf, POINTER_BYTES } from './lfs-pointer.ts'

export interface PackObjects {
  readonly count: number
  /** The types of those asked for that are in the pack. */
  readonly types: ReadonlyMap<string, string>
  /** LFS pointers among the files of the pack, wherever they stood in whichever commit; each object once, ascending by oid. */
  readonly pointers: readonly LfsPointer[]
}

/**
 * Looks at every object of a repository that holds one indexed pack. Only files of the size of a pointer are read.
 * Memory grows with the number of different LFS objects.
 */
export async function packObjects(repository: string, ask: ReadonlySet<string>, signal: AbortSignal): Promise<PackObjects> {
  const types = new Map<string, string>()
  let count = 0
  const small = async function* (): AsyncGenerator<string> {
    const args = ['cat-file', '--batch-all-objects', '--unordered', '--buffer', '--batch-check=%(objectname) %(objecttype) %(objectsize)']
    for await (const line of records(git(args, { what: 'The objects could not be listed', directory: repository }, signal))) {
      const [oid = '', type = '', size = ''] = line.toString('latin1').split(' ')
      count++
      if (ask.has(oid)) types.set(oid, type)
      if (type === 'blob' && Number(size) >= POINTER_BYTES.least && Number(size) <= POINTER_BYTES.most) yield `${oid}\n`
    }
  }
  const pointers = new Map<string, LfsPointer>()
  const options = { what: 'The files could not be read', directory: repository, stdin: small() }
  for await (const file of files(git(['cat-file', '--batch', '--buffer'], options, signal))) {
    const pointer = lfsPointerOf(file)
    if (pointer !== undefined) pointers.set(pointer.oid, pointer)
  }
  return { count, types, pointers: [...pointers.values()].toSorted((a, b) => (a.oid < b.oid ? -1 : 1)) }
}

/** The contents in what `git cat-file --batch` writes: a line that ends in the size, so many bytes, a line end. */
async function* files(output: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of output) {
    held = held.byteLength === 0 ? chunk : Buffer.concat([held, chunk])
    for (;;) {
      const lineEnd = held.indexOf(0x0a)
      if (lineEnd === -1) break
      const head = held.toString('latin1', 0, lineEnd)
      const end = lineEnd + 1 + Number(head.slice(head.lastIndexOf(' ') + 1))
      if (held.byteLength <= end) break
      yield held.subarray(lineEnd + 1, end)
      held = held.subarray(end + 1)
    }
  }
}
