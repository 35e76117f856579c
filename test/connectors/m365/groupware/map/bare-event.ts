import type { EventParts } from '../../../../../src/standards/event.ts'

/** An event that says nothing. */
export const bareEvent: EventParts = {
  uid: 'u',
  summary: '',
  description: '',
  location: '',
  start: { type: 'date', date: '2026-03-01' },
  end: null,
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
  updatedAt: null,
  sequence: null,
  extra: [],
}
