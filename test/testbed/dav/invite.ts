import { createTransport } from 'nodemailer'
import type { Mode } from './mode.ts'
import { type Person, unfolded } from './state.ts'

/** Sends what a scheduling server would send for this change, by real SMTP. */
export async function invite(
  mode: Mode,
  person: Person,
  text: string,
  method: 'REQUEST' | 'CANCEL',
  headers: (name: string) => string | undefined,
  smtpPort: number | undefined,
): Promise<void> {
  if (mode.schedules === 'never' || smtpPort === undefined) return
  const quiet = headers('schedule-reply') === 'F'
  if (quiet && (mode.schedules === 'unless-header' || method === 'CANCEL')) return
  const lines = unfolded(text).split(/\r?\n/)
  const organizer = lines.find((line) => /^ORGANIZER[;:]/i.test(line))
  if (organizer === undefined || !organizer.toLowerCase().includes(`mailto:${person.email.toLowerCase()}`)) return
  const agents = mode.schedules === 'unless-agent' ? /SCHEDULE-AGENT="?(NONE|CLIENT)/i : /SCHEDULE-AGENT="?CLIENT/i
  if (agents.test(organizer)) return
  const guests = lines
    .filter((line) => /^ATTENDEE[;:]/i.test(line) && !agents.test(line))
    .flatMap((line) => /mailto:(\S+)$/i.exec(line)?.[1] ?? [])
    .filter((address) => address.toLowerCase() !== person.email.toLowerCase())
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, secure: false, ignoreTLS: true })
  for (const to of new Set(guests)) await transport.sendMail({ from: person.email, to, subject: method, text: `${method} of an event` })
  transport.close()
}
