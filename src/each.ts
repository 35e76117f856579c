/**
 * What comes in batches, one by one: a message of a batch costs a tenth of what it costs to hand it through generators that yield to each other,
 * and there are a million. Asked again before it has answered, it is not defined what it says.
 */
export function each<T>(batches: AsyncGenerator<readonly T[]>): AsyncIterableIterator<T> {
  let batch: readonly T[] = []
  let at = 0
  const more = async (): Promise<IteratorResult<T>> => {
    for (;;) {
      const next = await batches.next()
      if (next.done === true) return { done: true, value: undefined }
      const [first] = next.value
      if (first === undefined) continue
      batch = next.value
      at = 1
      return { done: false, value: first }
    }
  }
  return {
    next: () => (at < batch.length ? Promise.resolve({ done: false, value: batch[at++] as T }) : more()),
    return: async () => {
      batch = []
      await batches.return(undefined)
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** The same, one asked for before it is wanted: whoever makes them and whoever uses them work side by side. An error comes in its turn. */
export async function* oneAhead<T>(from: AsyncIterable<T>): AsyncGenerator<T> {
  const all = from[Symbol.asyncIterator]()
  const ask = (): Promise<IteratorResult<T>> => {
    const asked = all.next()
    // Nobody may come for it any more.
    asked.catch(() => undefined)
    return asked
  }
  let next = ask()
  try {
    for (;;) {
      const { done, value } = await next
      if (done === true) return
      next = ask()
      yield value
    }
  } finally {
    await next.catch(() => undefined)
    await all.return?.()
  }
}
