import { png } from '../world/images.ts'
import type { Company } from './company.ts'
import type { Groupware } from './groupware.ts'
import { inGroup } from './people/store.ts'

export interface GroupwareSeed {
  /** Further events, contacts and tasks for each person, beside the stories. Default 0. */
  readonly eventsEach?: number
  readonly contactsEach?: number
  readonly tasksEach?: number
  /** False: everybody has their calendar and lists, and nothing is in them. Default true. */
  readonly groupwareStories?: boolean
}

/** Everybody's calendar and lists, and what once broke a program in Ada's. */
export function seedGroupware(groupware: Groupware, company: Company, seed: GroupwareSeed): void {
  const { calendars, contacts, taskLists } = groupware
  const { eventsEach = 0, contactsEach = 0, tasksEach = 0, groupwareStories = true } = seed
  for (const { primaryEmail: who } of company.users.values()) {
    calendars.addPrimary(who, 'Europe/Berlin')
    contacts.of(who)
    const list = taskLists.addList(who, 'My Tasks')
    for (let n = 0; n < eventsEach; n++)
      calendars.addEvent(who, {
        summary: `Event ${n}`,
        ...at(`2026-0${1 + (n % 9)}-1${n % 10}T09:00:00`),
        ...(n % 3 === 0 ? { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=10'] } : {}),
      })
    for (let n = 0; n < contactsEach; n++)
      contacts.addContact(who, {
        names: [{ displayName: `Contact ${n}` }],
        emailAddresses: [{ value: `contact${n}@partner.example`, type: 'work' }],
      })
    for (let n = 0; n < tasksEach; n++) taskLists.addTask(who, list, { title: `Task ${n}` })
  }
  if (groupwareStories) stories(groupware, company)
}

const zone = 'Europe/Berlin'
function at(local: string): { start: object; end: object } {
  const end = `${local.slice(0, 14)}30:00`
  return { start: { dateTime: `${local}Z`, timeZone: zone }, end: { dateTime: `${end}Z`, timeZone: zone } }
}

function stories({ calendars, contacts, taskLists }: Groupware, company: Company): void {
  const [ada, ken] = [company.user('ada').primaryEmail, company.user('ken.tanaka').primaryEmail]
  calendars.addEvent(ada, { id: 'story0lunch', summary: 'Lunch', ...at('2026-03-02T11:00:00') })
  calendars.addEvent(ada, {
    id: 'story0days',
    summary: 'Holiday',
    start: { date: '2026-07-01' },
    end: { date: '2026-07-15' },
    transparency: 'transparent',
  })
  calendars.addEvent(ada, {
    id: 'story0series',
    summary: 'Stand-up',
    ...at('2026-03-02T08:00:00'),
    recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO'],
  })
  calendars.changeOccurrence(ada, 'story0series', '20260316T080000Z', { summary: 'Stand-up, later', ...at('2026-03-17T10:00:00') })
  calendars.cancelOccurrence(ada, 'story0series', '20260323T080000Z')
  calendars.addEvent(ada, {
    id: 'story0meeting',
    summary: 'Kick-off',
    description: 'Agenda<br><ul><li>one</li></ul>',
    ...at('2026-03-03T09:00:00'),
    attendees: [
      { email: ken, displayName: '田中 健', responseStatus: 'accepted' },
      { email: ada, organizer: true, self: true, responseStatus: 'accepted' },
      { email: 'gisela@partner.example', optional: true, responseStatus: 'needsAction', comment: 'maybe' },
    ],
    conferenceData: { conferenceId: 'abc', entryPoints: [{ entryPointType: 'video', uri: 'https://meet.google.com/abc' }] },
    attachments: [{ fileId: 'F1', fileUrl: 'https://drive.google.com/open?id=F1', title: 'Plan', mimeType: 'application/pdf' }],
  })
  // Somebody else's series, of which Ada was invited to one occurrence only.
  calendars.addEvent(ada, {
    id: 'other0series_20260401T090000Z',
    recurringEventId: 'other0series',
    iCalUID: 'other0series@google.com',
    originalStartTime: { dateTime: '2026-04-01T09:00:00Z', timeZone: zone },
    organizer: { email: 'chair@partner.example' },
    summary: 'Board',
    ...at('2026-04-01T09:00:00'),
  })
  // Deleted before anybody ever read it: nothing but its id is left.
  calendars.addEvent(ada, { id: 'story0gone' })
  calendars.deleteEvent(ada, 'story0gone', 'stub')
  // From another calendar program: the UID does not follow from the id, and the same one is in two calendars.
  calendars.addEvent(ada, { id: 'imported1', iCalUID: 'B1A2/other program', summary: 'Imported\u0000', ...at('2026-03-04T09:00:00') })
  const team = calendars.addCalendar(ada, { id: 'c_team@group.calendar.google.com', summary: 'Team', description: 'All of us' })
  calendars.addEvent(team, { id: 'imported1', iCalUID: 'B1A2/other program', summary: 'Imported', ...at('2026-03-04T09:00:00') })
  calendars.grant(team, 'user', ken, 'writer')
  calendars.grant(team, 'domain', 'example.org', 'reader')
  calendars.grant(team, 'default', '', 'freeBusyReader')
  calendars.subscribe(ken, team)
  const holidays = calendars.addCalendar(null, { id: 'de.german#holiday@group.v.calendar.google.com', summary: 'Holidays in Germany' })
  calendars.grant(holidays, 'default', '', 'reader')
  const partner = calendars.addCalendar(null, {
    id: 'c_partner@group.calendar.google.com',
    summary: 'Partner',
    dataOwner: 'gisela@partner.example',
  })
  calendars.grant(partner, 'user', ada, 'reader')
  calendars.addEvent(partner, { id: 'partner0day', summary: 'Open day', ...at('2026-05-01T09:00:00') })
  for (const shared of [holidays, partner]) calendars.subscribe(ada, shared)

  const friends = contacts.addGroup(ada, 'Sailing, friends')
  contacts.addContact(ada, {
    names: [
      {
        displayName: 'Dr. Grace Hopper',
        givenName: 'Grace',
        familyName: 'Hopper',
        honorificPrefix: 'Dr.',
        metadata: { primary: true, source: { type: 'CONTACT' } },
      },
    ],
    emailAddresses: [
      { value: 'grace@navy.example', type: 'work' },
      { value: 'g@home.example', type: 'Boat' },
    ],
    phoneNumbers: [{ value: '+1 202 555 0100', type: 'mobile' }],
    birthdays: [{ date: { month: 12, day: 9 } }],
    memberships: [inGroup('contactGroups/myContacts'), inGroup(friends)],
    photos: [contacts.addPhoto(png(8, 8, [10, 20, 30]))],
  })
  contacts.addContact(ada, { phoneNumbers: [{ value: '110' }], photos: [contacts.defaultPhoto()] })
  contacts.addOther(ada, { emailAddresses: [{ value: 'once@stranger.example' }] })
  const [list = ''] = [...taskLists.of(ada).keys()]
  const parent = taskLists.addTask(ada, list, { title: 'Move house', due: '2026-12-01T00:00:00.000Z', notes: 'soon' })
  taskLists.addTask(ada, list, {
    title: 'Boxes',
    parent: parent.id ?? '',
    status: 'completed',
    completed: '2026-11-01T10:00:00.000Z',
    hidden: true,
  })
  taskLists.addTask(ada, list, {
    title: 'Read the plan',
    links: [{ type: 'email', description: 'The mail', link: 'https://mail.google.com/mail/#all/1' }],
    assignmentInfo: { surfaceType: 'DOCUMENT', linkToTask: 'https://docs.google.com/document/d/1' },
  })
}
