import { git } from '../process/git.ts'
import { recordBatches } from '../process/records.ts'
import { CommitQueue } from './commit-queue.ts'
import { IntList } from './int-list.ts'
import { OidTable } from './oid-table.ts'

const HEX = 40
const SPACE = 0x20
/** Sides that reach a commit, while both histories are walked at once. */
const [ONE, TWO, STALE] = [1, 2, 4]

export interface CommitsBetween {
  /** All that are in head and not in base. */
  readonly total: number
  /** The newest of them, at most as many as were asked for, newest first: the order of `git rev-list` and of GitLab's `relative_order`. */
  readonly oids: readonly string[]
}

/**
 * The history of a repository in memory, about 60 bytes a commit: answers by the hundred thousand without starting git for any of them.
 * Read once with `readCommitGraph`; commits that come later are not in it.
 */
export class CommitGraph {
  readonly #names: OidTable
  /** Of each commit, where its parents begin in `#parents` and how many there are. */
  readonly #first: IntList
  readonly #count: IntList
  readonly #parents: IntList
  /** Seconds since 1970 by the committer's clock, whatever it showed. */
  readonly #dates: Float64Array
  /** Longest way to a root. A parent's is always lower than its child's, which dates do not promise. */
  readonly #depth: Int32Array
  readonly #marks: Uint8Array

  constructor(names: OidTable, first: IntList, count: IntList, parents: IntList, dates: Float64Array, depth: Int32Array) {
    this.#names = names
    this.#first = first
    this.#count = count
    this.#parents = parents
    this.#dates = dates
    this.#depth = depth
    this.#marks = new Uint8Array(names.size)
  }

  get size(): number {
    return this.#names.size
  }

  has(oid: string): boolean {
    return this.#names.find(oid) !== -1
  }

  /**
   * The best common ancestor of two commits, or undefined if they have none or one is unknown. Histories that criss-cross have several: it is
   * the one with the newest date, as git says first, and of several of one second the one whose name is lowest.
   */
  mergeBase(a: string, b: string): string | undefined {
    const [one, two] = [this.#names.find(a), this.#names.find(b)]
    if (one === -1 || two === -1) return undefined
    const bases = this.#paint(one, two).filter((commit) => this.#marks[commit] === (ONE | TWO))
    this.#clean()
    return bases
      .map((commit) => ({ date: this.#dates[commit] ?? 0, name: this.#names.name(commit) }))
      .toSorted((x, y) => y.date - x.date || (x.name < y.name ? -1 : 1))
      .at(0)?.name
  }

  /** What `git rev-list base..head` lists; without a base the whole history of head. Of an unknown head nothing, of an unknown base no exception. */
  commitsBetween(base: string | undefined, head: string, limit: number): CommitsBetween {
    const [from, to] = [base === undefined ? -1 : this.#names.find(base), this.#names.find(head)]
    if (to === -1) return { total: 0, oids: [] }
    const inHead = this.#paint(to, from).filter((commit) => this.#marks[commit] === ONE)
    const total = inHead.length
    const oids: string[] = []
    const queue = new CommitQueue((commit) => this.#dates[commit] ?? 0)
    // Once queued, a commit loses its mark, so that it is queued once.
    const meet = (commit: number): void => {
      if (this.#marks[commit] !== ONE) return
      this.#marks[commit] = 0
      queue.push(commit)
    }
    meet(to)
    for (let next = queue.pop(); next !== undefined && oids.length < limit; next = queue.pop()) {
      oids.push(this.#names.name(next))
      this.#eachParent(next, meet)
    }
    this.#clean()
    return { total, oids }
  }

  #touched: number[] = []

  /**
   * Walks both histories from the top by depth, so that everything a commit's children know has reached it when its turn comes; ends when
   * only ancestors of common ones are left. @returns every commit that had its turn; `#marks` says what each is
   */
  #paint(one: number, two: number): readonly number[] {
    const queue = new CommitQueue((commit) => this.#depth[commit] ?? 0)
    const turns: number[] = []
    let fresh = 0
    const mark = (commit: number, sides: number): void => {
      const before = this.#marks[commit] ?? 0
      const after = before | sides
      if (before === after) return
      this.#marks[commit] = after
      if (before === 0) {
        this.#touched.push(commit)
        queue.push(commit)
        if ((after & STALE) === 0) fresh++
      } else if ((before & STALE) === 0 && (after & STALE) !== 0) fresh--
    }
    mark(one, ONE)
    if (two !== -1) mark(two, TWO)
    while (fresh > 0) {
      const commit = queue.pop()
      if (commit === undefined) break
      const sides = this.#marks[commit] ?? 0
      turns.push(commit)
      if ((sides & STALE) === 0) fresh--
      const passedOn = sides === (ONE | TWO) ? sides | STALE : sides
      this.#eachParent(commit, (parent) => mark(parent, passedOn))
    }
    return turns
  }

  #eachParent(commit: number, then: (parent: number) => void): void {
    const first = this.#first.at(commit)
    const end = first + this.#count.at(commit)
    for (let n = first; n < end; n++) then(this.#parents.at(n))
  }

  #clean(): void {
    for (const commit of this.#touched) this.#marks[commit] = 0
    this.#touched = []
  }
}

/** Reads the history of everything that any ref reaches. @throws as `git` does; a history with missing commits is refused by git */
export async function readCommitGraph(directory: string, signal: AbortSignal): Promise<CommitGraph> {
  const names = new OidTable()
  const [first, count, parents, order] = [new IntList(), new IntList(), new IntList(), new IntList()]
  let dates = new Float64Array(1_024)
  // Children before parents: read backwards, that is the order in which depths can be known.
  const args = ['rev-list', '--all', '--topo-order', '--parents', '--timestamp']
  for await (const lines of recordBatches(git(args, { what: 'The history cannot be read', directory }, signal), 0x0a)) {
    for (const line of lines) {
      let at = line.indexOf(SPACE)
      const commit = names.intern(line, at + 1)
      if (commit >= dates.length) dates = widened(dates, commit)
      dates[commit] = Number(line.toString('latin1', 0, at))
      order.push(commit)
      first.set(commit, parents.length)
      let n = 0
      for (at += HEX + 1; at + HEX < line.length; at += HEX + 1, n++) parents.push(names.intern(line, at + 1))
      count.set(commit, n)
    }
  }
  const depth = new Int32Array(names.size)
  for (let n = order.length - 1; n >= 0; n--) {
    const commit = order.at(n)
    let deepest = 0
    const end = first.at(commit) + count.at(commit)
    for (let p = first.at(commit); p < end; p++) deepest = Math.max(deepest, depth[parents.at(p)] ?? 0)
    depth[commit] = deepest + 1
  }
  return new CommitGraph(names, first, count, parents, dates, depth)
}

function widened(dates: Float64Array<ArrayBuffer>, index: number): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(Math.max(index + 1, Math.ceil(dates.length * 1.5)))
  wider.set(dates)
  return wider
}
