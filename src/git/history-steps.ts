import { git } from '../process/git.ts'
import { records } from '../process/records.ts'

/** How many commits the tips have that `have` does not reach; counting ends soon after `enough`. */
export async function missingCommits(
  directory: string,
  tips: readonly string[],
  have: readonly string[],
  enough: number,
  signal: AbortSignal,
): Promise<number> {
  let count = 0
  for await (const _ of revisions(directory, [`--max-count=${enough + 1}`], tips, have, signal)) count++
  return count
}

/**
 * Commits on the way to a tip, the oldest first and the tip not among them, each about `commits` commits further than the one before. All lie
 * on the line of first parents, so each contains the one before; a merge of a long history of its own is one large step.
 */
export async function* historySteps(
  directory: string,
  tip: string,
  have: readonly string[],
  commits: number,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const line = revisions(directory, ['--reverse', '--first-parent'], [tip], have, signal)
  try {
    let next = (await line.next()).value?.toString('latin1')
    let [count, taken, candidate]: [number, number, string | undefined] = [0, 0, undefined]
    // Parents come before children in both listings, so the line of first parents is met in its order.
    for await (const commit of revisions(directory, ['--reverse', '--topo-order'], [tip], have, signal)) {
      count++
      const oid = commit.toString('latin1')
      if (oid === next) {
        candidate = oid
        next = (await line.next()).value?.toString('latin1')
      }
      if (count - taken < commits || candidate === undefined || candidate === tip) continue
      yield candidate
      taken = count
      candidate = undefined
    }
  } finally {
    await line.return?.()
  }
}

function revisions(
  directory: string,
  args: readonly string[],
  tips: readonly string[],
  have: readonly string[],
  signal: AbortSignal,
): AsyncIterableIterator<Buffer> {
  const stdin = [...tips.map((oid) => `${oid}\n`), ...have.map((oid) => `^${oid}\n`)]
  // What only the other side has is passed over.
  return records(
    git(['rev-list', '--ignore-missing', ...args, '--stdin'], { what: 'The history cannot be read', directory, stdin }, signal),
  )
}
