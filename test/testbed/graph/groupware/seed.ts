import type { Tenant } from '../tenant.ts'
import type { CalendarStore } from './calendar-store.ts'
import type { ContactStore } from './contact-store.ts'
import type { PlannerStore } from './planner-store.ts'
import type { TodoStore } from './todo-store.ts'

/** What stands in everybody's calendars: an appointment, a series with its troubles, a whole day, a meeting. */
export function furnishCalendars(store: CalendarStore): CalendarStore {
  store.addCalendar('Kalender', { isDefaultCalendar: true, isRemovable: false })
  const other = store.addCalendar('Vereine', { color: 'lightGreen' })
  const organizer = { emailAddress: { name: 'Erika Mustermann', address: 'erika@example.org' } }
  store.addEvent('2026-03-02T08:00', 30, { subject: 'Zahnarzt', sensitivity: 'private', isReminderOn: true })
  const weekly = store.addEvent('2026-03-03T08:00', 60, {
    subject: 'Jour fixe',
    recurrence: {
      pattern: { type: 'weekly', interval: 1, daysOfWeek: ['tuesday'], firstDayOfWeek: 'monday' },
      range: { type: 'endDate', startDate: '2026-03-03', endDate: '2026-06-30', recurrenceTimeZone: 'W. Europe Standard Time' },
    },
  })
  store.addException(weekly.id, '2026-03-10T08:00', {
    subject: 'Jour fixe, verlegt',
    start: utc('2026-03-10T10:00'),
    end: utc('2026-03-10T11:00'),
  })
  store.cancelOccurrence(weekly.id, '2026-03-17')
  store.addEvent('2026-03-05T00:00', 1440, { subject: 'Betriebsausflug', isAllDay: true, showAs: 'free' })
  store.addEvent(
    '2026-03-06T13:00',
    45,
    {
      subject: 'Budget',
      isOrganizer: false,
      organizer,
      attendees: [
        { type: 'required', status: { response: 'none', time: '0001-01-01T00:00:00Z' }, emailAddress: { ...store.person } },
        {
          type: 'optional',
          status: { response: 'accepted', time: '2026-03-01T09:00:00Z' },
          emailAddress: { name: 'Ken', address: 'ken.tanaka@example.org' },
        },
      ],
      responseStatus: { response: 'tentativelyAccepted', time: '2026-03-01T09:00:00Z' },
      onlineMeeting: { joinUrl: 'https://teams.microsoft.com/l/meetup-join/19%3ameeting_x' },
      onlineMeetingProvider: 'teamsForBusiness',
      isOnlineMeeting: true,
      body: { contentType: 'html', content: '<html><body><p>Zahlen &amp; <b>Pläne</b></p></body></html>' },
    },
    other,
  )
  return store
}

const utc = (at: string): { dateTime: string; timeZone: string } => ({ dateTime: `${at}:00.0000000`, timeZone: 'UTC' })

export function furnishContacts(store: ContactStore): ContactStore {
  const pictured = store.add({
    displayName: 'Grace Hopper',
    givenName: 'Grace',
    surname: 'Hopper',
    companyName: 'Navy',
    emailAddresses: [{ name: 'Grace Hopper', address: 'grace@partner.example' }],
    businessPhones: ['+1 555 0100'],
    birthday: '1906-12-09T11:59:00Z',
  })
  store.setPhoto(pictured, Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3))
  store.add({ displayName: 'Alan', categories: ['Kunden'] })
  const family = store.addFolder('Familie')
  store.add({ displayName: 'Oma', mobilePhone: '+49 170 1' }, family)
  return store
}

export function furnishTasks(store: TodoStore): TodoStore {
  const standard = store.addList('Aufgaben', { wellknownListName: 'defaultList' })
  store.addList('E-Mail-Kennzeichnung', { wellknownListName: 'flaggedEmails' })
  store.add(standard, {
    title: 'Steuer',
    importance: 'high',
    dueDateTime: { dateTime: '2026-05-31T00:00:00.0000000', timeZone: 'UTC' },
    checklistItems: [
      {
        id: 'c-1',
        displayName: 'Belege',
        isChecked: true,
        checkedDateTime: '2026-03-01T10:00:00Z',
        createdDateTime: '2026-02-01T10:00:00Z',
      },
      { id: 'c-2', displayName: 'Formular', isChecked: false, createdDateTime: '2026-02-01T10:00:00Z' },
    ],
  })
  store.add(standard, {
    title: 'Milch',
    status: 'completed',
    completedDateTime: { dateTime: '2026-03-01T12:00:00.0000000', timeZone: 'UTC' },
  })
  return store
}

/** The first group plans something. */
export function furnishPlanner(store: PlannerStore, tenant: Tenant): PlannerStore {
  const [group] = tenant.groups.values()
  if (group === undefined) return store
  const plan = store.addPlan(group.id, 'Umzug', { category1: 'Dringend' })
  const soon = store.addBucket(plan, 'Bald', '8585768731950308408')
  const ada = tenant.user('ada').id
  store.addTask(
    plan,
    {
      title: 'Möbel bestellen',
      bucketId: soon,
      priority: 1,
      percentComplete: 50,
      appliedCategories: { category1: true },
      assignments: { [ada]: { orderHint: ' !' } },
      dueDateTime: '2026-04-01T10:00:00Z',
    },
    {
      description: 'Tische\nStühle',
      checklist: {
        'k-1': { title: 'Angebot', isChecked: true, orderHint: '8585768731950308401' },
        'k-2': { title: 'Auftrag', isChecked: false, orderHint: '8585768731950308402' },
      },
      references: { 'https%3A//shop%2Eexample/tische': { alias: 'Tische', type: 'Other' } },
    },
  )
  store.addTask(plan, { title: 'Schlüssel', bucketId: soon })
  return store
}
