import type { GitRemote } from './git-remote.ts'
import type { Ref } from './ref.ts'
import { listRefs } from './upload-pack.ts'

/** A ref that is not what it should be. `found` undefined: it lacks. `expected` undefined: nobody asked for it. */
export interface RefDifference {
  readonly ref: string
  readonly expected: string | undefined
  readonly found: string | undefined
}
export interface ExpectedRefs {
  readonly refs: Iterable<Ref>
  /** Beginnings of names that the host has for itself, or shows to nobody: they are not compared. */
  readonly hidden: readonly string[]
}

/**
 * Reads back what a repository's refs point to, and names every one that is not as it should be, by name. The same object name is the same
 * history to the byte; whether the host still has all of it, `git fsck` there can say.
 * @throws Fault as `listRefs`: a list that could not be read is never an empty one
 */
export async function* refDifferences(
  remote: GitRemote,
  { refs, hidden }: ExpectedRefs,
  signal: AbortSignal,
): AsyncGenerator<RefDifference> {
  const isHidden = (name: string): boolean => hidden.some((prefix) => name.startsWith(prefix))
  const found = new Map((await listRefs(remote, { prefixes: ['refs/'] }, signal)).refs.map(({ name, oid }) => [name, oid]))
  const expected = new Map(Array.from(refs, ({ name, oid }) => [name, oid]))
  const names = new Set([...found.keys(), ...expected.keys()].filter((name) => !isHidden(name)))
  for (const ref of [...names].toSorted()) {
    const difference = { ref, expected: expected.get(ref), found: found.get(ref) }
    if (difference.expected !== difference.found) yield difference
  }
}
