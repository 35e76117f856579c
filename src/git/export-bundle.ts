import { git, gitText } from '../process/git.ts'
import { bundleHeader } from './bundle-header.ts'
import type { Ref } from './ref.ts'
import type { Repository } from './repository.ts'

export interface ExportOptions {
  /** The name a ref gets in the bundle, or undefined to leave it out. It is not asked about HEAD. */
  readonly rename: (name: string) => string | undefined
}

/** Whatever could make two packs differ, said once. */
const PACK = {
  'pack.threads': '1',
  'pack.window': '10',
  'pack.depth': '50',
  'pack.windowMemory': '0',
  'pack.compression': '6',
  'core.compression': '6',
  'pack.useSparse': 'false',
  'pack.useBitmaps': 'false',
  'pack.allowPackReuse': 'false',
}

/**
 * A whole bundle of a repository under names of our choice, as `git bundle create` would write it: HEAD first if its branch is in it, then the
 * refs by name. `refs/pull/7/head` can so become `refs/merge-requests/7/head`, a place where no push may write.
 * The same repository, restored from the same chain of bundles, gives the same bytes; they depend on the version of git and of the zlib it
 * uses, for these choose the deltas and squeeze the bytes.
 * A bundle without refs is none to git: then nothing is yielded. Two refs that get one name: the first by its old name stays.
 */
export async function* exportBundle(repository: Repository, { rename }: ExportOptions, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { directory } = repository
  const named = new Map<string, string>()
  let head: string | undefined
  const { stdout, code } = await gitText(
    ['symbolic-ref', '--quiet', 'HEAD'],
    { what: 'HEAD cannot be read', directory, exits: [0, 1] },
    signal,
  )
  for await (const { name, oid } of repository.refs(signal)) {
    const next = rename(name)
    if (next === undefined || named.has(next)) continue
    named.set(next, oid)
    if (code === 0 && name === stdout.trimEnd()) head = oid
  }
  const sorted = [...named].map(([name, oid]): Ref => ({ name, oid })).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const refs = head === undefined ? sorted : [{ name: 'HEAD', oid: head }, ...sorted]
  if (refs.length === 0) return
  yield bundleHeader({ prerequisites: [], refs })
  const tips = [...new Set(refs.map(({ oid }) => oid))].toSorted()
  yield* git(
    ['pack-objects', '--revs', '--stdout', '--quiet', '--delta-base-offset'],
    { what: 'The bundle could not be written', directory, config: PACK, stdin: tips.map((oid) => `${oid}\n`) },
    signal,
  )
}
