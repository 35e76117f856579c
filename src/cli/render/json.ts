import { startProgress } from '../../observe/progress.ts'
import type { Streams } from '../streams.ts'
import type { Output } from './output.ts'

/** NDJSON on stdout: `status` at most once a second, everything else as it comes; the last line is `summary` or `exit-error`. */
export function jsonOutput(streams: Pick<Streams, 'out' | 'err'>, now: () => number): Output {
  let statusMs = -Infinity
  // Keeps the position for SIGUSR1 and errors; writes nothing by itself.
  const progress = startProgress({ write: () => {}, live: true, columns: () => 80, now, framesPerSecond: 0 })
  const line = (row: object): void => streams.out(`${JSON.stringify(row)}\n`)
  return {
    event(event) {
      progress.update(event)
      if (event.type === 'status') {
        const finished = event.total !== undefined && event.done >= event.total
        if (now() - statusMs < 1000 && !finished) return
        statusMs = now()
      }
      line(event)
    },
    print: (row) => line(row),
    note: (text) => streams.err(`${text}\n`),
    failure: ({ code, exitCode, what, why, remedy, state, run }) =>
      line({ type: 'exit-error', code, exitCode, what, why, remedy, state, run }),
    position: () => progress.line(),
    [Symbol.dispose]: () => progress[Symbol.dispose](),
  }
}
