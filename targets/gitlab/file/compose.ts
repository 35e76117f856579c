import type { ComposeInput, Composed } from './composed.ts'

/** Writes the import file of one project and yields what went into it, in the order of the file. */
export async function* composeProject(input: ComposeInput, signal: AbortSignal): AsyncGenerator<Composed> {
  signal.throwIfAborted()
  yield* [] as Composed[]
  throw new Error(`${input.project.project}: not written yet`)
}
