/** So many requests are under way at one mailbox; a fifth is refused. */
export const together = 4

/** Results in the order of what was asked, so many at a time as a mailbox allows. */
export async function* inTurns<T, R>(all: readonly T[], ask: (one: T) => Promise<R>): AsyncGenerator<readonly [T, R]> {
  for (let from = 0; from < all.length; from += together) {
    const part = all.slice(from, from + together)
    const answers = await Promise.all(part.map(ask))
    for (const [at, one] of part.entries()) yield [one, answers[at] as R]
  }
}
