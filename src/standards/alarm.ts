import type { Component } from './component.ts'
import { line } from './lines.ts'
import { escapeText, uriValue } from './text.ts'
import { writeWhen } from './when.ts'

/**
 * A reminder: so many minutes before the start (negative: after it), or at an instant (ISO 8601, UTC).
 * One by mail needs the address it goes to, usually that of the calendar's owner.
 */
export type Alarm = ({ readonly method: 'popup' } | { readonly method: 'email'; readonly address: string }) &
  ({ readonly minutesBefore: number } | { readonly at: string })

/** `related`: what minutes are counted from. */
export function alarmComponent(alarm: Alarm, summary: string, related: 'START' | 'END'): Component {
  const trigger =
    'at' in alarm
      ? line('TRIGGER', writeWhen({ type: 'utc', at: alarm.at }), { VALUE: 'DATE-TIME' })
      : line('TRIGGER', duration(-alarm.minutesBefore), { RELATED: related === 'END' ? 'END' : null })
  const text = escapeText(summary === '' ? 'Reminder' : summary)
  const mail = alarm.method === 'email' ? [line('SUMMARY', text), line('ATTENDEE', `mailto:${uriValue(alarm.address)}`)] : []
  const action = line('ACTION', alarm.method === 'email' ? 'EMAIL' : 'DISPLAY')
  return { name: 'VALARM', lines: [action, trigger, line('DESCRIPTION', text), ...mail], components: [] }
}

/** Whole days as days, the rest as hours and minutes: `-P1DT2H30M`; none is `PT0S`. */
function duration(minutes: number): string {
  const total = Math.abs(Math.round(minutes))
  const [days, hours, rest] = [Math.floor(total / 1440), Math.floor((total % 1440) / 60), total % 60]
  if (total === 0) return 'PT0S'
  const time = `${hours === 0 ? '' : `${hours}H`}${rest === 0 ? '' : `${rest}M`}`
  return `${minutes < 0 ? '-' : ''}P${days === 0 ? '' : `${days}D`}${time === '' ? '' : `T${time}`}`
}
