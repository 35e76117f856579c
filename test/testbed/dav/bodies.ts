import type { Account } from '../../../src/model/account.ts'
import { type CardParts, composeCard } from '../../../src/standards/card.ts'
import { type EventParts, composeEvents } from '../../../src/standards/event.ts'
import { type TaskParts, composeTask } from '../../../src/standards/task.ts'

export const personal = (name: string): Account => ({
  handle: name,
  displayName: `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
  realName: null,
  firstName: null,
  lastName: null,
  email: `${name}@example.org`,
  role: 'member',
  active: true,
  jobTitle: null,
  phone: null,
  timezone: null,
  locale: null,
  status: null,
  pronouns: null,
  profile: [],
  avatar: null,
})

const plainEvent: EventParts = {
  uid: '',
  summary: '',
  description: '',
  location: '',
  start: { type: 'zoned', local: '2026-03-02T09:00:00', zone: 'Europe/Berlin' },
  end: { type: 'zoned', local: '2026-03-02T10:00:00', zone: 'Europe/Berlin' },
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
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-02T00:00:00Z',
  sequence: 0,
  extra: [],
}
/** An event, or a series with its exceptions. */
export const event = (uid: string, parts: Partial<EventParts> = {}, ...exceptions: readonly Partial<EventParts>[]): string => {
  const master = { ...plainEvent, uid, summary: `About ${uid}`, ...parts }
  return composeEvents([master, ...exceptions.map((one) => ({ ...master, recurrence: [], excluded: [], ...one }))])
}

const plainTask: TaskParts = {
  uid: '',
  summary: '',
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
export const task = (uid: string, parts: Partial<TaskParts> = {}): string =>
  composeTask({ ...plainTask, uid, summary: `Do ${uid}`, ...parts })

const plainCard: CardParts = {
  uid: '',
  kind: 'individual',
  formattedName: '',
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
export const card = (uid: string, parts: Partial<CardParts> = {}): string =>
  composeCard({ ...plainCard, uid, formattedName: `Person ${uid}`, ...parts })
