import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { ListedRef } from './upload-pack.ts'

const Oid = z.string().regex(/^[0-9a-f]{40}$/)

/**
 * What a run leaves for the next, to be kept in a cursor: about 45 bytes for each ref.
 * `haves`: commits that branches and tags pointed to, ascending: what the chain of bundles holds, with everything they reach.
 * `others`: tags themselves, and tags of files and trees; the chain holds these too. `refsHash`: of HEAD and all refs.
 */
export const MirrorState = z.strictObject({
  refsHash: z.string(),
  haves: z.array(Oid),
  others: z.array(Oid),
  chain: z.strictObject({ bundles: z.number().int(), baseBytes: z.number().int(), incrementBytes: z.number().int() }),
})
export type MirrorState = z.infer<typeof MirrorState>
export type Chain = MirrorState['chain']

/** When the next bundle is a whole one again: whoever restores opens every bundle of the chain, and fetches them all. */
export interface ChainRule {
  readonly mostBundles: number
  /** All increments together, as a part of the size of the whole bundle they rest on. */
  readonly mostIncrement: number
  /** Increments that are together no larger than this are never too large. */
  readonly smallBytes: number
}
export const chainRule: ChainRule = { mostBundles: 50, mostIncrement: 1, smallBytes: 1024 * 1024 }

export const isLong = ({ bundles, baseBytes, incrementBytes }: Chain, rule: ChainRule): boolean =>
  bundles >= rule.mostBundles || incrementBytes > Math.max(rule.smallBytes, baseBytes * rule.mostIncrement)

export function lengthened(chain: Chain | undefined, bytes: number): Chain {
  if (chain === undefined) return { bundles: 1, baseBytes: bytes, incrementBytes: 0 }
  return { ...chain, bundles: chain.bundles + 1, incrementBytes: chain.incrementBytes + bytes }
}

export function refsHash(head: string | null, refs: readonly ListedRef[]): string {
  const hash = createHash('sha256').update(JSON.stringify(head))
  for (const { name, oid } of refs) hash.update(JSON.stringify([name, oid]))
  return hash.digest('hex')
}

/**
 * What the next run may say it has, of these refs. Only what is known to be a commit is offered to the host and asked of whoever opens a bundle:
 * git takes nothing else for a prerequisite. A ref that is no commit for sure is only remembered, so that it is not fetched twice.
 */
export function tips(
  refs: readonly ListedRef[],
  before: readonly string[],
  types: ReadonlyMap<string, string>,
): { readonly haves: readonly string[]; readonly others: readonly string[] } {
  const commits = new Set(before)
  const isCommit = (name: string, oid: string): boolean =>
    // git lets a branch be nothing else, and neither do hosts with the heads of pull requests.
    commits.has(oid) || types.get(oid) === 'commit' || name.startsWith('refs/heads/') || /^refs\/pull\/\d+\/head$/.test(name)
  const haves = new Set<string>()
  const others = new Set<string>()
  for (const { name, oid, peeled } of refs) {
    const aim = peeled ?? oid
    if (isCommit(name, aim)) haves.add(aim)
    if (peeled !== null || !isCommit(name, aim)) others.add(oid)
  }
  return { haves: [...haves].toSorted(), others: [...others].toSorted() }
}
