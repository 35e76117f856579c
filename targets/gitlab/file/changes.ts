import type { CommitGraph } from '../../../src/git/commit-graph.ts'
import { type ChangeDiff, type DiffRequest, changeDiffs } from '../../../src/git/change-diffs.ts'
import { type CommitRecord, type FoundCommit, commitRecords } from '../../../src/git/commit-records.ts'
import { GITLAB_DIFF_LIMITS } from '../../../src/git/file-diff.ts'
import type { MergeRequestOperation } from '../operations.ts'
import { Asked } from './asked.ts'
import type { FileHistory } from './history.ts'
import type { MergeRequestDiff } from './merge-request-record.ts'
import type { ProjectSpool } from './spool.ts'

/** Commits of a merge request that are listed with it, as many as the source lists; git has the others too. */
export const MOST_COMMITS = 250

/** What one merge request changes, or why that cannot be said. */
export type Change = { readonly iid: number } & (
  | { readonly type: 'change'; readonly diff: MergeRequestDiff }
  | { readonly type: 'unknown'; readonly why: string }
)
interface Plan {
  readonly iid: number
  readonly base: string
  readonly head: string
  readonly commits: number
  readonly total: number
}
const NOTHING = '0'.repeat(40)

/**
 * What all merge requests of a project change, in the order of their numbers, by two gits that run through all of them: one compares, one reads
 * commits. Both are asked ahead; memory is that of a few hundred questions and one answer.
 */
export async function* changesOf(
  spool: ProjectSpool,
  project: string,
  directory: string,
  history: FileHistory,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const { graph } = history
  if (graph === undefined) return
  const commits = new Asked<string>()
  const parents = new ParentReader(directory, signal)
  const found = commitRecords(directory, commits, signal)
  try {
    for await (const answer of changeDiffs(directory, plans(spool, project, graph, parents, commits), GITLAB_DIFF_LIMITS, signal))
      yield changeOf(answer, await take(found, answer.key.commits))
  } finally {
    commits.end()
    await found.return(undefined)
    await parents[Symbol.asyncDispose]()
  }
}

async function* plans(
  spool: ProjectSpool,
  project: string,
  graph: CommitGraph,
  parents: ParentReader,
  commits: Asked<string>,
): AsyncGenerator<DiffRequest<Plan>> {
  for (const op of spool.part<MergeRequestOperation>(project, 'merge-request')) {
    const head = op.head.oid
    const base = await baseOf(op, graph, parents)
    const between = base === undefined || !graph.has(head) ? { total: 0, oids: [] } : graph.commitsBetween(base, head, MOST_COMMITS)
    for (const oid of between.oids) commits.push(oid)
    const key = { iid: op.iid, base: base ?? NOTHING, head, commits: between.oids.length, total: between.total }
    yield { key, base: key.base, head }
  }
  commits.end()
}

/** Where the change begins: the last commit that both sides share; if the base already has it all, what the merge was made on. */
async function baseOf(
  { base, head, mergeCommit }: MergeRequestOperation,
  graph: CommitGraph,
  parents: ParentReader,
): Promise<string | undefined> {
  const shared = graph.mergeBase(base.oid, head.oid)
  if (shared !== undefined && shared !== head.oid) return shared
  if (mergeCommit !== null && mergeCommit !== head.oid && graph.has(mergeCommit)) {
    const before = await parents.first(mergeCommit)
    const earlier = before === undefined ? undefined : graph.mergeBase(before, head.oid)
    if (earlier !== undefined && earlier !== head.oid) return earlier
  }
  return shared ?? (graph.has(base.oid) ? base.oid : undefined)
}

async function take(found: AsyncGenerator<FoundCommit>, count: number): Promise<readonly CommitRecord[]> {
  const commits: CommitRecord[] = []
  for (let n = 0; n < count; n++) {
    const next = await found.next()
    if (next.done !== true && next.value.type === 'commit') commits.push(next.value.commit)
  }
  return commits
}

function changeOf(answer: ChangeDiff<Plan>, commits: readonly CommitRecord[]): Change {
  const { iid, base, head, total } = answer.key
  if (answer.type === 'missing') {
    const what = answer.oid === head ? 'its last commit' : 'the commit it was made on'
    return { iid, type: 'unknown', why: `${what} is not in the archive` }
  }
  if (answer.type === 'broken') return { iid, type: 'unknown', why: answer.why }
  const { files, overflow } = answer
  return { iid, type: 'change', diff: { shas: { base, start: base, head }, files, overflow, commits, totalCommits: total } }
}

/** First parents of single commits, by a git that is started when the first is asked for. */
class ParentReader implements AsyncDisposable {
  readonly #asked = new Asked<string>()
  readonly #directory: string
  readonly #signal: AbortSignal
  #found: AsyncGenerator<FoundCommit> | undefined
  constructor(directory: string, signal: AbortSignal) {
    this.#directory = directory
    this.#signal = signal
  }
  async first(oid: string): Promise<string | undefined> {
    this.#found ??= commitRecords(this.#directory, this.#asked, this.#signal)
    this.#asked.push(oid)
    const { done, value } = await this.#found.next()
    return done !== true && value.type === 'commit' ? value.commit.parents[0] : undefined
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.#asked.end()
    await this.#found?.return(undefined)
  }
}
