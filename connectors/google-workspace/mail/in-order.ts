/**
 * Runs work on many inputs at once and gives the results in the order of the inputs. At most `atOnce` are begun and not yet taken.
 * `turn` is fulfilled when everything before is taken: large results wait for it, so that one of them is in memory and not ten.
 * Whoever stops taking stops the rest: their signal is aborted. Whatever one throws comes at its place.
 */
export async function* inOrder<T, R>(
  inputs: AsyncIterable<T>,
  atOnce: number,
  work: (input: T, turn: Promise<void>, signal: AbortSignal) => Promise<R>,
  signal: AbortSignal,
): AsyncGenerator<R> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const source = inputs[Symbol.asyncIterator]()
  const begun: { readonly result: Promise<R>; readonly head: () => void }[] = []
  let ended = false
  try {
    for (;;) {
      while (!ended && begun.length < atOnce) {
        const next = await source.next()
        if (next.done === true) {
          ended = true
          break
        }
        const turn = Promise.withResolvers<void>()
        const result = work(next.value, turn.promise, either)
        // It is looked at when its turn comes.
        result.catch(() => undefined)
        begun.push({ result, head: turn.resolve })
        if (begun.length === 1) turn.resolve()
      }
      const first = begun[0]
      if (first === undefined) return
      const result = await first.result
      begun.shift()
      begun[0]?.head()
      yield result
    }
  } finally {
    stop.abort(new DOMException('nobody takes it any more', 'AbortError'))
    for (const { head } of begun) head()
    await Promise.allSettled(begun.map(({ result }) => result))
    await source.return?.()
  }
}
