const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const
const LOWER_CASE: readonly string[] = MONTHS.map((name) => name.toLowerCase())
const SHAPE = /^\s?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/
const two = (number: number): string => String(number).padStart(2, '0')

/** ` 7-Nov-2026 09:05:00 +0000`, as APPEND takes it. `iso`: a time of the model; fractions of a second have no place there. */
export function toInternalDate(iso: string): string {
  const at = new Date(`${iso.slice(0, 19)}Z`)
  const day = String(at.getUTCDate()).padStart(2, ' ')
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
  return `${day}-${MONTHS[at.getUTCMonth()] ?? 'Jan'}-${String(at.getUTCFullYear()).padStart(4, '0')} ${time} +0000`
}

/** `2026-11-07T09:05:00Z` of what a server says; undefined when it is no such time. */
export function fromInternalDate(text: string): string | undefined {
  const match = SHAPE.exec(text)
  const month = LOWER_CASE.indexOf(match?.[2]?.toLowerCase() ?? '')
  if (match === null || month < 0) return undefined
  const [, day, , year, hour, minute, second, sign, hours, minutes] = match
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
  const ms = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second)) - offset
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
