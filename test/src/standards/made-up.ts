import type { CardParts } from '../../../src/standards/card.ts'
import type { EventParts } from '../../../src/standards/event.ts'
import type { TaskParts } from '../../../src/standards/task.ts'

/** An event that says as little as an event can. */
export const event: EventParts = {
  uid: 'one@acme.example',
  summary: 'Lunch',
  description: '',
  location: '',
  start: { type: 'zoned', local: '2026-03-02T12:00:00', zone: 'Europe/Berlin' },
  end: { type: 'zoned', local: '2026-03-02T13:00:00', zone: 'Europe/Berlin' },
  status: 'confirmed',
  transparency: 'opaque',
  visibility: 'public',
  organizer: null,
  attendees: [],
  recurrence: [],
  excluded: [],
  alarms: [],
  categories: [],
  url: null,
  conference: [],
  attachments: [],
  color: null,
  createdAt: null,
  updatedAt: '2026-02-01T08:30:00.123Z',
  sequence: null,
  extra: [],
}

export const attendee = {
  address: 'ada@acme.example',
  name: 'Ada',
  role: 'required',
  type: 'person',
  status: 'accepted',
  comment: null,
} as const

export const task: TaskParts = {
  uid: 'task-1',
  summary: 'Write report',
  description: '',
  start: null,
  due: null,
  completedAt: null,
  percent: null,
  status: 'needs-action',
  priority: null,
  parent: null,
  order: null,
  categories: [],
  alarms: [],
  recurrence: [],
  attachments: [],
  url: null,
  extra: [],
  createdAt: null,
  updatedAt: null,
}

export const card: CardParts = {
  uid: 'c1',
  kind: 'individual',
  formattedName: 'Ada Lovelace',
  name: null,
  nicknames: [],
  organizations: [],
  emails: [],
  phones: [],
  addresses: [],
  urls: [],
  ims: [],
  relations: [],
  dates: [],
  birthday: null,
  anniversary: null,
  notes: [],
  categories: [],
  members: [],
  languages: [],
  gender: null,
  calendars: [],
  freeBusy: [],
  sip: [],
  extra: [],
  updatedAt: null,
}

export const typed = (value: string, types: readonly string[] = [], label: string | null = null, preferred = false) => ({
  value,
  types,
  label,
  preferred,
})

/** Content lines of a text, unfolded. */
export const unfolded = (text: string): readonly string[] => text.replaceAll('\r\n ', '').split('\r\n')

/** The lines of a text that begin with a property's name. */
export const linesOf = (text: string, name: string): readonly string[] =>
  unfolded(text).filter((line) => new RegExp(`^(\\w+\\.)?${name}[:;]`).test(line))
