/**
 * Seconds-dot-microseconds text (as Slack writes its `ts`) to ISO 8601 with six decimals; undefined when it is no such time.
 * Text in, text out: a double cannot hold microseconds since 1970 exactly enough.
 */
export function isoFromSecondsText(text: string): string | undefined {
  const match = /^(\d{1,11})(?:\.(\d{1,6}))?$/.exec(text)
  if (match === null) return undefined
  const seconds = Number(match[1])
  const inDay = seconds % DAY_S
  const inHour = inDay % 3600
  const time = `${two((inDay - inHour) / 3600)}:${two(Math.floor(inHour / 60))}:${two(inHour % 60)}`
  return `${dateOf(seconds - inDay)}T${time}.${(match[2] ?? '').padEnd(6, '0')}Z`
}

const DAY_S = 86_400
const two = (number: number): string => (number < 10 ? `0${number}` : String(number))
/** Messages come day by day: the date of the last one is nearly always the date of the next, and dates are dear. */
let last = { start: 0, date: '1970-01-01' }
function dateOf(start: number): string {
  if (last.start !== start) last = { start, date: new Date(start * 1000).toISOString().slice(0, 10) }
  return last.date
}

/** Whole milliseconds since 1970 of an ISO time with six decimals. */
export const epochMs = (iso: string): number => Date.parse(`${iso.slice(0, 23)}Z`)

/** `YYYY-MM` of an ISO time. */
export const monthOf = (iso: string): string => iso.slice(0, 7)
