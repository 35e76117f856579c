/** Does something with each of a stream, so many at a time, and gives the results in order. An error ends it. */
export async function* sideBySide<T, R>(source: AsyncIterable<T>, most: number, work: (one: T) => Promise<R>): AsyncGenerator<R> {
  const waiting: Promise<R>[] = []
  try {
    for await (const one of source) {
      const started = work(one)
      started.catch(() => undefined)
      waiting.push(started)
      if (waiting.length >= most) yield await (waiting.shift() as Promise<R>)
    }
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) yield await next
  } finally {
    await Promise.allSettled(waiting)
  }
}
