/** Commits by rank, the highest first; of equal ones that which came first. A binary heap. */
export class CommitQueue {
  readonly #rank: (commit: number) => number
  readonly #heap: { readonly commit: number; readonly rank: number; readonly turn: number }[] = []
  #turn = 0
  constructor(rank: (commit: number) => number) {
    this.#rank = rank
  }

  get size(): number {
    return this.#heap.length
  }

  push(commit: number): void {
    const heap = this.#heap
    const entry = { commit, rank: this.#rank(commit), turn: this.#turn++ }
    let at = heap.length
    for (; at > 0;) {
      const up = (at - 1) >> 1
      const parent = heap[up]
      if (parent === undefined || before(parent, entry)) break
      heap[at] = parent
      at = up
    }
    heap[at] = entry
  }

  pop(): number | undefined {
    const heap = this.#heap
    const [top] = heap
    const last = heap.pop()
    if (top === undefined || last === undefined || heap.length === 0) return top?.commit
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const [one, two] = [heap[left], heap[left + 1]]
      if (one === undefined) break
      const [child, next] = two !== undefined && before(two, one) ? [two, left + 1] : [one, left]
      if (before(last, child)) break
      heap[at] = child
      at = next
    }
    heap[at] = last
    return top.commit
  }
}

type Ranked = { readonly rank: number; readonly turn: number }
const before = (one: Ranked, two: Ranked): boolean => one.rank > two.rank || (one.rank === two.rank && one.turn < two.turn)
