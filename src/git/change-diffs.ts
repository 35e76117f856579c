import { conversation } from './conversation.ts'
import { readDiff } from './patch-reader.ts'
import type { DiffLimits, FileDiff } from './file-diff.ts'

/** A change whose files are asked for: what turns `base` into `head`. Without a base everything in head is new. */
export interface DiffRequest<K> {
  readonly key: K
  readonly base: string | undefined
  readonly head: string
}
export type ChangeDiff<K> = { readonly key: K } & (
  | { readonly type: 'files'; readonly files: readonly FileDiff[]; readonly overflow: boolean }
  /** This commit is not in the repository. */
  | { readonly type: 'missing'; readonly oid: string }
  /** git fell over it: an object is damaged or lacks. */
  | { readonly type: 'broken'; readonly why: string }
)
type Trees<K> = { readonly key: K } & (
  | { readonly from: string; readonly to: string }
  | { readonly missing: string }
  | { readonly why: string }
)

/** Known to every git, whether the repository has it or not. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
const OID = /^[0-9a-f]{40}$/
/** git repeats what is no object name, and writes out all it holds back. */
const END = 'end'

/**
 * The diffs of many changes, in the order of the requests, by one git that finds their trees and one that compares them: no process per change.
 * The same options as GitLab's own (`--find-renames=30%`, three lines of context; Gitaly internal/gitaly/service/diff/commit_diff.go, read
 * 2026-11-25), so that what is stored is what GitLab would have stored. Attributes and configuration of the repository change nothing.
 * Memory: one change within the limits, and requests read ahead; these must not wait for answers.
 */
export async function* changeDiffs<K>(
  directory: string,
  requests: AsyncIterable<DiffRequest<K>> | Iterable<DiffRequest<K>>,
  limits: DiffLimits,
  signal: AbortSignal,
): AsyncGenerator<ChangeDiff<K>> {
  yield* conversation<Trees<K>, ChangeDiff<K>>(
    {
      args: DIFF_TREE,
      options: { what: 'A change could not be compared', directory, env: { GIT_ATTR_SOURCE: EMPTY_TREE } },
      write: (trees) => ('from' in trees ? `${trees.from} ${trees.to}\n${END}\n` : `${END}\n`),
      read: async (reader, trees) => {
        const { key } = trees
        // The pair itself; or the end at once, if it was not asked about or git does not have a tree.
        const first = await reader.line()
        if ('missing' in trees) return { key, type: 'missing', oid: trees.missing }
        if ('why' in trees) return { key, type: 'broken', why: trees.why }
        if (first?.toString('latin1') === END) return { key, type: 'broken', why: 'a tree is missing' }
        return { key, type: 'files', ...(await readDiff(reader, END, limits)) }
      },
      broken: ({ key }, fault) => ({ key, type: 'broken', why: fault.why ?? fault.what }),
    },
    treesOf(directory, requests, signal),
    signal,
  )
}

const DIFF_TREE = [
  'diff-tree',
  '--stdin',
  '-r',
  '-z',
  '--raw',
  '--patch',
  '--full-index',
  '--find-renames=30%',
  '-l1000',
  '--unified=3',
  '--inter-hunk-context=0',
  '--diff-algorithm=myers',
  '--indent-heuristic',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--submodule=short',
  '--ignore-submodules=none',
  '--src-prefix=a/',
  '--dst-prefix=b/',
]

/** The trees of both sides. */
function treesOf<K>(
  directory: string,
  requests: AsyncIterable<DiffRequest<K>> | Iterable<DiffRequest<K>>,
  signal: AbortSignal,
): AsyncGenerator<Trees<K>> {
  const asked = (oid: string | undefined): string => `${oid === undefined ? EMPTY_TREE : OID.test(oid) ? oid : '0'.repeat(40)}^{tree}\n`
  return conversation<DiffRequest<K>, Trees<K>>(
    {
      args: ['cat-file', '--batch-check=%(objectname)'],
      options: { what: 'A commit could not be found', directory },
      write: ({ base, head }) => asked(base) + asked(head),
      read: async (reader, { key, base, head }) => {
        const from = (await reader.line())?.toString('latin1') ?? ''
        const to = (await reader.line())?.toString('latin1') ?? ''
        if (!OID.test(from)) return { key, missing: base ?? '' }
        return OID.test(to) ? { key, from, to } : { key, missing: head }
      },
      broken: ({ key }, fault) => ({ key, why: fault.why ?? fault.what }),
    },
    requests,
    signal,
  )
}
