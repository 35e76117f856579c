/** `rows` laid evenly over `places`: which row belongs where, and the other way, without a list. */
export interface Spread {
  readonly placeOf: (row: number) => number
  /** First row, and the one after the last. */
  readonly rowsOf: (place: number) => readonly [number, number]
}
export const spread = (rows: number, places: number): Spread => ({
  placeOf: (row) => Math.floor((row * places) / rows),
  rowsOf: (place) => [Math.ceil((place * rows) / places), Math.ceil(((place + 1) * rows) / places)],
})

/** Which of `all` places are chosen, evenly: the pull requests among the issues. */
export interface Choice {
  readonly count: number
  readonly has: (place: number) => boolean
  /** How many are chosen before a place. */
  readonly before: (place: number) => number
  /** The place of the one so many are before. */
  readonly at: (rank: number) => number
}
export const choice = (chosen: number, all: number): Choice => {
  const before = (place: number): number => (all === 0 ? 0 : Math.floor((place * chosen) / all))
  return {
    count: chosen,
    has: (place) => before(place + 1) > before(place),
    before,
    at: (rank) => Math.ceil(((rank + 1) * all) / chosen) - 1,
  }
}
export const others = (of: Choice, all: number): Choice => {
  const before = (place: number): number => place - of.before(place)
  return {
    count: all - of.count,
    has: (place) => !of.has(place),
    before,
    at: (rank) => {
      let low = rank
      let high = all - 1
      while (low < high) {
        const middle = (low + high) >>> 1
        if (before(middle + 1) > rank) high = middle
        else low = middle + 1
      }
      return low
    },
  }
}

/** Whole numbers in the shape of `weights` that add up to `total`. */
export function shares(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((all, one) => all + one, 0)
  let upTo = 0
  let given = 0
  return weights.map((weight) => {
    upTo += weight
    const until = Math.round((total * upTo) / sum)
    const share = until - given
    given = until
    return share
  })
}
