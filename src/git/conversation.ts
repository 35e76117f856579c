import { Fault } from '../fault.ts'
import { ByteReader } from '../process/byte-reader.ts'
import { git } from '../process/git.ts'
import type { GitOptions } from '../process/git.ts'

export interface Conversation<Q, A> {
  readonly args: readonly string[]
  readonly options: GitOptions
  /** The lines that ask. git must answer each question with at least one byte before it reads the next. */
  readonly write: (question: Q) => string
  /** Reads the whole answer and nothing of the next. */
  readonly read: (answer: ByteReader, question: Q) => Promise<A>
  /** What to answer if git fell over this question. */
  readonly broken: (question: Q, fault: Fault) => A
}

/** git that falls over so many questions in a row will fall over the next. */
const PATIENCE = 20

/**
 * Asks one long-lived git many things and yields the answers in order; questions are read ahead as far as pipes hold them, so they must not
 * wait for answers. If git falls over a question (a damaged object), that one is `broken` and another git goes on with the next.
 * @throws as `git` does, if it fails 20 times in a row; whatever `questions` throws
 */
export async function* conversation<Q, A>(
  { args, options, write, read, broken }: Conversation<Q, A>,
  questions: AsyncIterable<Q> | Iterable<Q>,
  signal: AbortSignal,
): AsyncGenerator<A> {
  const source = Symbol.asyncIterator in questions ? questions[Symbol.asyncIterator]() : questions[Symbol.iterator]()
  const pending: Q[] = []
  const asking = { over: false, failed: false, turn: 0 }
  // One question at a time, whoever waits for it: of a git that has fallen over, the asker may still be waiting.
  let coming: Promise<IteratorResult<Q>> | undefined
  async function* ask(turn: number): AsyncGenerator<string> {
    const again = pending.map(write).join('')
    if (again !== '') yield again
    while (!asking.over) {
      coming ??= Promise.resolve(source.next())
      const next = await coming.catch((error: unknown) => {
        asking.failed = true
        throw error
      })
      if (turn !== asking.turn) return
      coming = undefined
      if (next.done === true) asking.over = true
      else {
        pending.push(next.value)
        yield write(next.value)
      }
    }
  }
  let failures = 0
  try {
    do {
      const reader = new ByteReader(git(args, { ...options, stdin: ask(++asking.turn) }, signal))
      try {
        while ((await reader.peek()) !== undefined) {
          const [question] = pending
          if (question === undefined) throw unasked(options.what)
          const answer = await read(reader, question)
          pending.shift()
          failures = 0
          yield answer
        }
        if (pending.length > 0) throw unasked(options.what)
      } catch (error) {
        if (asking.failed || signal.aborted || !(error instanceof Fault) || error.code === 'config' || ++failures > PATIENCE) throw error
        const question = pending.shift()
        if (question === undefined) throw error
        yield broken(question, error)
      } finally {
        await reader.close()
      }
    } while (pending.length > 0 || !asking.over)
  } finally {
    asking.over = true
    await source.return?.()
  }
}

const unasked = (what: string): Fault => new Fault({ code: 'corrupt', what, why: 'git answered something else than it was asked' })
