/** Whether a test is to take all the time it wants. */
export const everyPoint = process.env['FALLREEP_EVERY_POINT'] !== undefined

/**
 * Points from 0 up to `count` at which a test does its harm: the first, the last, and by chance one of each of `most - 2` equal stretches
 * between them. With FALLREEP_EVERY_POINT set it is all of them, which takes minutes. A test names the point that it failed at.
 */
export function pointsOf(count: number, most: number): readonly number[] {
  if (everyPoint || count <= most) return Array.from({ length: count }, (_, at) => at)
  const stretch = (count - 2) / (most - 2)
  const between = Array.from({ length: most - 2 }, (_, n) => 1 + Math.floor((n + Math.random()) * stretch))
  return [0, ...between, count - 1]
}
