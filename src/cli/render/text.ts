import { startProgress } from '../../observe/progress.ts'
import { durationText } from '../format.ts'
import type { Streams } from '../streams.ts'
import type { FailureReport } from '../failure.ts'
import type { Output } from './output.ts'

export interface TextOptions {
  readonly quiet: boolean
  readonly verbose: boolean
  readonly framesPerSecond: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** Lines for people: results on stdout, progress and findings on stderr. */
export function textOutput(streams: Streams, { quiet, verbose, framesPerSecond, now }: TextOptions): Output {
  const progress = startProgress({
    write: streams.err,
    live: streams.errIsTty && !quiet,
    columns: streams.columns,
    now,
    framesPerSecond: quiet ? 0 : framesPerSecond,
  })
  const note = (text: string): void => progress.note(text)
  return {
    event(event) {
      progress.update(event)
      if (event.type === 'item-failed')
        note(`${streams.paint('yellow', 'failed')}: ${event.collection}${event.item === undefined ? '' : ` ${event.item}`}: ${event.what}`)
      if (event.type === 'stage' && event.state === 'finished' && !quiet)
        note(streams.paint('dim', `${event.stage} done${event.seconds === undefined ? '' : ` in ${durationText(event.seconds)}`}`))
      if (event.type === 'loss' && verbose) note(`loss: ${event.loss.code} ${event.loss.item}: ${event.loss.detail}`)
    },
    print(_row, text) {
      if (text === '') return
      // The live region stands on the same screen.
      if (streams.outIsTty && streams.errIsTty) progress.clear()
      streams.out(`${text}\n`)
    },
    note: (text) => {
      if (!quiet) note(text)
    },
    failure(report) {
      note(failureText(report, streams))
    },
    position: () => progress.line(),
    [Symbol.dispose]: () => progress[Symbol.dispose](),
  }
}

export function failureText({ code, what, why, remedy, state, run, stack }: FailureReport, { paint }: Pick<Streams, 'paint'>): string {
  const indented = (text: string): string => text.replaceAll('\n', '\n       ')
  const lines = [
    `${paint(['red', 'bold'], 'error')}: ${indented(what)}`,
    ...(why === undefined ? [] : [`  why: ${indented(why)}`]),
    ...(remedy === undefined ? [] : [` next: ${indented(remedy)}`]),
    ...(state === undefined ? [] : [`state: ${indented(state)}`]),
    paint('dim', `       docs/errors.md#${code}  run ${run}`),
    ...(stack === undefined ? [] : [stack]),
  ]
  return lines.join('\n')
}
