import { Fault } from '../fault.ts'
import { shownWords } from './git-remote.ts'
import { isRefName, refNameBytes, refNameOf } from './ref-name.ts'

/**
 * What a bundle says before its pack. `prerequisites`: commits that whoever opens it must have. `refs`: names and what they point to, every
 * one of the repository; `HEAD` may be among them.
 */
export interface BundleHeader {
  readonly prerequisites: readonly string[]
  readonly refs: readonly { readonly name: string; readonly oid: string }[]
}

const SIGNATURE = '# v2 git bundle'
/** Other programs write the subject of a commit behind a prerequisite. */
const MOST_LINE_BYTES = 64 * 1024
const MOST_HEADER_BYTES = 512 * 1024 * 1024
const NEWLINE = 0x0a

/** The header of a bundle of version 2, in the order given. https://git-scm.com/docs/gitformat-bundle, read 2026-11-25 */
export function bundleHeader({ prerequisites, refs }: BundleHeader): Buffer {
  const required = prerequisites.map((oid) => Buffer.from(`-${oid} \n`))
  const named = refs.map(({ oid, name }) => Buffer.concat([Buffer.from(`${oid} `), refNameBytes(name), Buffer.from('\n')]))
  return Buffer.concat([Buffer.from(`${SIGNATURE}\n`), ...required, ...named, Buffer.from('\n')])
}

/**
 * Reads the header of a bundle of version 2, or 3 with sha1, whoever wrote it. `pack` is what follows; read it or end it with `return`.
 * Memory grows with the number of refs alone.
 * @throws Fault `corrupt` at anything that is no such header
 */
export async function readBundleHeader(
  source: AsyncIterable<Uint8Array>,
): Promise<BundleHeader & { readonly bytes: number; readonly pack: AsyncIterableIterator<Uint8Array> }> {
  const chunks = source[Symbol.asyncIterator]()
  let held: Uint8Array = new Uint8Array()
  let bytes = 0
  const line = async (): Promise<Uint8Array> => {
    for (;;) {
      const end = held.indexOf(NEWLINE)
      if (end > MOST_LINE_BYTES || (end === -1 && held.byteLength > MOST_LINE_BYTES)) throw broken('a line of its header does not end')
      if (end !== -1) {
        const found = held.subarray(0, end)
        held = held.subarray(end + 1)
        bytes += end + 1
        if (bytes > MOST_HEADER_BYTES) throw broken('its header does not end')
        return found
      }
      const next = await chunks.next()
      if (next.done === true) throw broken('it ends inside its header')
      held = held.byteLength === 0 ? next.value : Buffer.concat([held, next.value])
    }
  }
  const prerequisites: string[] = []
  const refs: { name: string; oid: string }[] = []
  try {
    const signature = refNameOf(await line())
    if (signature !== SIGNATURE && signature !== '# v3 git bundle') throw broken('it does not begin like a bundle')
    for (;;) {
      const text = refNameOf(await line())
      if (text === '') break
      if (text.startsWith('@')) {
        if (signature === SIGNATURE || text !== '@object-format=sha1') throw broken(`it needs ${shownWords(text)}`)
      } else {
        const [, required, oid = '', name = ''] = /^(-?)([0-9a-f]{40})(?: (.*))?$/s.exec(text) ?? []
        if (required === '-') prerequisites.push(oid)
        else if (required === '' && isRefName(name)) refs.push({ name, oid })
        else throw broken(`this line of its header is none: ${shownWords(text)}`)
      }
    }
  } catch (error) {
    await chunks.return?.()
    throw error
  }
  return { prerequisites, refs, bytes, pack: rest(held, chunks) }
}

function rest(held: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncIterableIterator<Uint8Array> {
  let first = held.byteLength > 0
  return {
    next: async () => {
      if (!first) return chunks.next()
      first = false
      return { done: false, value: held }
    },
    return: async () => {
      first = false
      await chunks.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

const broken = (why: string): Fault =>
  new Fault({ code: 'corrupt', what: 'A git bundle cannot be read', why, remedy: 'Verify the vault: fallreep verify' })
