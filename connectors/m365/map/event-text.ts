import type { Conference } from '../../../src/standards/conference.ts'
import type { WireEvent } from '../calendar/wire.ts'
import { filled, type ItemBody } from '../fields.ts'
import { textOfHtml } from './html.ts'

/** The body as plain text. */
export function describe(body: ItemBody): string {
  const content = body?.content ?? ''
  return body?.contentType === 'html' ? textOfHtml(content) : content.trim()
}

/** Whether the HTML says anything: Outlook keeps an empty page for an empty body. */
export const wordy = (body: ItemBody): boolean =>
  body?.contentType === 'html' && (/<img\b/i.test(body.content ?? '') || textOfHtml(body.content ?? '') !== '')

export function locationOf({ location, locations }: WireEvent): string {
  const names = locations.flatMap(({ displayName }) => filled(displayName) ?? [])
  return names.length > 1 ? [...new Set(names)].join('; ') : (filled(location?.displayName ?? null) ?? names[0] ?? '')
}

const labels: Readonly<Record<string, string>> = {
  teamsForBusiness: 'Microsoft Teams',
  skypeForBusiness: 'Skype for Business',
  skypeForConsumer: 'Skype',
}

export function meetingsOf({ onlineMeeting, onlineMeetingUrl, onlineMeetingProvider }: WireEvent): readonly Conference[] {
  const url = filled(onlineMeeting?.joinUrl ?? null) ?? filled(onlineMeetingUrl)
  if (url === null) return []
  const numbers = [onlineMeeting?.tollNumber ?? null, ...(onlineMeeting?.tollFreeNumbers ?? [])]
  const dial = [...numbers, ...(onlineMeeting?.phones ?? []).map((phone) => phone.number)].flatMap((number) => filled(number) ?? [])
  const code = filled(onlineMeeting?.conferenceId ?? null)
  const notes = [...new Set(dial), ...(code === null ? [] : [`ID ${code}`])].join(', ')
  return [{ url, label: labels[onlineMeetingProvider ?? ''] ?? null, type: 'video', notes: notes === '' ? null : notes }]
}
