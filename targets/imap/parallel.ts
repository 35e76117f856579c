/** Does a piece of work for each value, so many at once. The first failure stops the rest from being begun, and is thrown when all have ended. */
export async function inParallel<T>(values: readonly T[], width: number, work: (value: T) => Promise<void>): Promise<void> {
  let at = 0
  const failures: unknown[] = []
  const lane = async (): Promise<void> => {
    while (at < values.length && failures.length === 0) {
      const value = values[at++] as T
      try {
        await work(value)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, values.length) }, lane))
  if (failures.length > 0) throw failures[0]
}
