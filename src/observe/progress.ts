import type { EngineEvent } from '../engine/api.ts'

/** What the progress display needs of the world; times in milliseconds. */
export interface ProgressHost {
  readonly write: (text: string) => void
  /** A terminal that understands carriage return and erase. */
  readonly live: boolean
  readonly columns: () => number
  readonly now: () => number
  /** Frames per second on a terminal; 0 for none. */
  readonly framesPerSecond: number
}
export interface Progress extends Disposable {
  update(event: EngineEvent): void
  /** Prints a line above the live region. */
  note(line: string): void
  /** Takes the live region off the screen until the next frame. */
  clear(): void
  /** How things stand, in one line. */
  line(): string
}

const MINUTE_MS = 60_000
const ERASE = '\r\u001b[2K'
interface Position {
  readonly stage: string
  readonly what: string
  readonly done: number
  readonly total: number | undefined
  readonly sinceMs: number
  readonly from: number
}

/** One live region on a terminal, a line a minute elsewhere. Prints nothing before there is something to say. */
export function startProgress(host: ProgressHost): Progress {
  const startedMs = host.now()
  let at: Position | undefined
  let drawn = false
  const erase = (): void => {
    if (drawn) host.write(ERASE)
    drawn = false
  }
  const line = (): string =>
    at === undefined ? `${elapsed(host.now() - startedMs)}  starting` : positionText(at, host.now() - startedMs, host.now())
  const draw = (): void => {
    if (at === undefined) return
    host.write(`${drawn ? ERASE : ''}${line().slice(0, Math.max(20, host.columns() - 1))}`)
    drawn = true
  }
  const ticks = host.live && host.framesPerSecond > 0
  const timer = ticks
    ? setInterval(draw, 1000 / host.framesPerSecond)
    : setInterval(() => {
        if (at !== undefined && !host.live) host.write(`${line()}\n`)
      }, MINUTE_MS)
  timer.unref()
  return {
    line,
    clear: erase,
    update(event) {
      if (event.type === 'stage' && event.state === 'started')
        at = { stage: event.stage, what: '', done: 0, total: undefined, sinceMs: host.now(), from: 0 }
      if (event.type !== 'status') return
      const same = at !== undefined && at.stage === event.stage && at.what === event.what && at.done <= event.done
      at = { ...event, sinceMs: same && at !== undefined ? at.sinceMs : host.now(), from: same && at !== undefined ? at.from : event.done }
    },
    note(text) {
      erase()
      host.write(`${text}\n`)
    },
    [Symbol.dispose]() {
      clearInterval(timer)
      erase()
    },
  }
}

function positionText({ stage, what, done, total, sinceMs, from }: Position, sinceStartMs: number, nowMs: number): string {
  const amount =
    total === undefined ? (done === 0 ? '' : done.toLocaleString('en')) : `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`
  const rest = remainingMs(done - from, total === undefined ? undefined : total - done, nowMs - sinceMs)
  return [elapsed(sinceStartMs), stage, what, amount, rest === undefined ? '' : `about ${elapsed(rest)} left`]
    .filter((part) => part !== '')
    .join('  ')
}

/** From what was measured in this very step, or nothing: ten seconds and a twentieth of the way at least. */
function remainingMs(done: number, rest: number | undefined, tookMs: number): number | undefined {
  if (rest === undefined || rest <= 0 || tookMs < 10_000 || done * 20 < done + rest) return undefined
  return (tookMs / done) * rest
}

function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes >= 60) return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`
  return minutes === 0 ? `${seconds}s` : `${minutes}m ${String(seconds % 60).padStart(2, '0')}s`
}
