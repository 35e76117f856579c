import { wallClock } from './clock.ts'

/** The clocks of a zone are changed: at this instant (milliseconds since 1970), from one offset to another (seconds east of UTC). */
export interface Transition {
  readonly at: number
  readonly from: number
  readonly to: number
}

/** What is written about a zone ends here. */
export const lastYear = 2037
const stepMs = 7 * 86_400_000
const cache = new Map<string, readonly Transition[]>()

/** All changes of a zone's clocks from a year's first day to the end of 2038, ascending. Some 20 ms for each zone that is asked for the first time. */
export function transitionsOf(zone: string, fromYear: number): readonly Transition[] {
  const key = `${fromYear} ${zone}`
  const known = cache.get(key)
  if (known !== undefined) return known
  const found = [...search(zone, Date.UTC(fromYear, 0, 1), Date.UTC(lastYear + 2, 0, 1))]
  if (cache.size > 200) cache.clear()
  cache.set(key, found)
  return found
}

/** The offset of a zone at an instant, in seconds. */
export function offsetAt(zone: string, at: number): number {
  return ((wallClock(zone, at) ?? at) - at) / 1000
}

function* search(zone: string, start: number, end: number): Generator<Transition> {
  let before = offsetAt(zone, start)
  for (let at = start; at < end; at += stepMs) {
    const after = offsetAt(zone, at + stepMs)
    if (after === before) continue
    let [low, high] = [at, at + stepMs]
    while (high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000
      if (offsetAt(zone, middle) === before) low = middle
      else high = middle
    }
    yield { at: high, from: before, to: offsetAt(zone, high) }
    before = after
  }
}
