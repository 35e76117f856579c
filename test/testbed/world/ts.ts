/** Microseconds since 1970 as Slack writes a message's moment: `1772442000.000219`. */
export function timestamp(microseconds: number): string {
  const seconds = Math.floor(microseconds / 1e6)
  return `${seconds}.${String(microseconds - seconds * 1e6).padStart(6, '0')}`
}

/** The other way; integers up to 2^53 hold microseconds until the year 2255. */
export function microseconds(ts: string): number {
  const [seconds = '', fraction = ''] = ts.split('.')
  return Number(seconds) * 1e6 + Number(fraction.padEnd(6, '0'))
}
