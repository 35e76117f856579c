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
