/**
 * Seconds-dot-microseconds text (as Slack writes its `ts`) to ISO 8601 with six decimals; undefined when it is no such time.
 * Text in, text out: a double cannot hold microseconds since 1970 exactly enough.
 */
export function isoFromSecondsText(text: string): string | undefined {
  if (!/^\d{1,11}(?:\.\d{1,6})?$/.test(text)) return undefined
  const dot = text.indexOf('.')
  const seconds = Number(dot === -1 ? text : text.slice(0, dot))
  const fraction = dot === -1 ? '' : text.slice(dot + 1)
  const inDay = seconds % DAY_S
  const inHour = inDay % 3600
  const time = `${two((inDay - inHour) / 3600)}:${two(Math.floor(inHour / 60))}:${two(inHour % 60)}`
  return `${dateOf(seconds - inDay)}T${time}.${fraction.padEnd(6, '0')}Z`
}

const DAY_S = 86_400
const two = (number: number): string => (number < 10 ? `0${number}` : String(number))
/** Messages come day by day: the date of the last one is nearly always the date of the next, and dates are dear. */
let last = { start: 0, date: '1970-01-01' }
function dateOf(start: number): string {
  if (last.start !== start) last = { start, date: new Date(start * 1000).toISOString().slice(0, 10) }
  return last.date
}

/** Whole milliseconds since 1970 of an ISO time with six decimals; not a number if it is no such time. */
export function epochMs(iso: string): number {
  if (!/^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}/.test(iso)) return Date.parse(`${iso.slice(0, 23)}Z`)
  const date = iso.slice(0, 10)
  if (lastRead.date !== date) lastRead = { date, ms: Date.parse(`${date}T00:00:00.000Z`) }
  const digits = (at: number): number => (iso.charCodeAt(at) - 48) * 10 + iso.charCodeAt(at + 1) - 48
  const seconds = digits(11) * 3600 + digits(14) * 60 + digits(17)
  return lastRead.ms + seconds * 1000 + digits(20) * 10 + iso.charCodeAt(22) - 48
}
let lastRead = { date: '1970-01-01', ms: 0 }

/** `YYYY-MM` of an ISO time. */
export const monthOf = (iso: string): string => iso.slice(0, 7)
