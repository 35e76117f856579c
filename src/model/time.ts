/**
 * Seconds-dot-microseconds text (as Slack writes its `ts`) to ISO 8601 with six decimals; undefined when it is no such time.
 * Text in, text out: a double cannot hold microseconds since 1970 exactly enough.
 */
export function isoFromSecondsText(text: string): string | undefined {
  const match = /^(\d{1,11})(?:\.(\d{1,6}))?$/.exec(text)
  if (match === null) return undefined
  const seconds = new Date(Number(match[1]) * 1000).toISOString().slice(0, 19)
  return `${seconds}.${(match[2] ?? '').padEnd(6, '0')}Z`
}

/** Whole milliseconds since 1970 of an ISO time with six decimals. */
export const epochMs = (iso: string): number => Date.parse(`${iso.slice(0, 23)}Z`)

/** `YYYY-MM` of an ISO time. */
export const monthOf = (iso: string): string => iso.slice(0, 7)
