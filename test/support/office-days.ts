import { calendarsOf, contactsOf, tasksOf } from '../testbed/graph/groupware/parts.ts'
import type { GoogleTestbed } from '../testbed/google/testbed.ts'
import type { GraphTestbed } from '../testbed/graph/testbed.ts'

const ada = 'ada@example.org'
/** @throws where the seed of the testbed has no such thing */
const found = <T>(thing: T | undefined, what: string): T => {
  if (thing === undefined) throw new Error(`this testbed has no ${what}`)
  return thing
}

/** A day in Ada's Google: of everything that people do with mails, events, contacts and tasks, one. */
export function dayInGoogle({ mail, groupware }: GoogleTestbed): void {
  const box = mail.of('ada')
  const { calendars, contacts, taskLists } = groupware
  const label = (name: string): string => found([...box.labels.values()].find((one) => one.name === name)?.id, `label ${name}`)
  const others = box.ids.filter((id) => !box.mail(id).labels.has(label('Clients/Acme')))
  const having = (label: string): string =>
    found(
      others.find((id) => box.mail(id).labels.has(label)),
      `mail under ${label}`,
    )
  box.arrive({ subject: 'came today', labels: ['INBOX', 'UNREAD'] })
  box.mark(having('UNREAD'), { remove: ['UNREAD'] })
  box.mark(having('INBOX'), { add: [label('Verträge')], remove: ['INBOX'] })
  box.remove(having('SENT'))
  box.renameLabel(label('Clients/Acme'), 'Clients/Apex')

  calendars.editEvent(ada, 'story0lunch', { summary: 'Lunch, elsewhere' })
  calendars.changeOccurrence(ada, 'story0series', '20260309T080000Z', { summary: 'Stand-up, outside' })
  calendars.cancelOccurrence(ada, 'story0series', '20260330T070000Z')
  calendars.deleteEvent(ada, 'story0days')

  const [grace, police] = contacts.of(ada).own.values.map(({ resourceName }) => resourceName ?? '')
  contacts.editContact(ada, found(grace, 'contact'), { phoneNumbers: [{ value: '+1 202 555 0199', type: 'mobile' }] })
  contacts.deleteContact(ada, found(police, 'second contact'))
  const group = [...contacts.of(ada).groups.values()].find(({ name }) => name === 'Sailing, friends')
  contacts.renameGroup(ada, found(group?.resourceName ?? undefined, 'group'), 'Sailing')

  const [list = ''] = [...taskLists.of(ada).keys()]
  const task = (title: string): string =>
    found([...taskLists.list(ada, list).tasks.values()].find((one) => one.title === title)?.id ?? undefined, `task ${title}`)
  taskLists.editTask(ada, list, task('Move house'), { status: 'completed', completed: '2026-11-20T09:00:00.000Z' })
  taskLists.deleteTask(ada, list, task('Read the plan'))
}

/** The same day in Ada's Microsoft 365. */
export function dayInMicrosoft({ tenant }: GraphTestbed): void {
  const box = tenant.mailbox('ada')
  const [read, moved] = box.in('inbox').filter(({ broken }) => broken === undefined)
  box.deliver('inbox', { subject: 'heute gekommen' })
  box.markRead(found(read, 'mail in the inbox').id, !read?.isRead)
  box.move(found(moved, 'second mail in the inbox').id, 'archive')
  box.purge(found(box.in('Projekte')[0], 'mail in the folder').id)
  box.renameFolder('Projekte', 'Projekte 2026')

  const calendar = calendarsOf(tenant, 'ada')
  calendar.editEvent(calendar.event('Zahnarzt').id, { subject: 'Zahnarzt, verlegt' })
  calendar.addException(calendar.event('Jour fixe').id, '2026-03-24T08:00', { subject: 'Jour fixe, draußen' })
  calendar.cancelOccurrence(calendar.event('Jour fixe').id, '2026-04-07')
  calendar.deleteEvent(calendar.event('Betriebsausflug').id)

  const contacts = contactsOf(tenant, 'ada')
  contacts.edit(contacts.named('Alan'), { mobilePhone: '+44 20 7946 0000' })
  contacts.remove(contacts.named('Oma'))
  contacts.renameFolder(
    found(
      [...contacts.folders.things.values()].find(({ displayName }) => displayName === 'Familie'),
      'folder',
    ).id,
    'Verwandte',
  )

  const tasks = tasksOf(tenant, 'ada')
  tasks.edit(tasks.titled('Steuer'), {
    status: 'completed',
    completedDateTime: { dateTime: '2026-05-01T12:00:00.0000000', timeZone: 'UTC' },
  })
  tasks.remove(tasks.titled('Milch'))
}

/** A quieter day in both, for what comes between two cutovers. */
export function quietDay(google: GoogleTestbed, { tenant }: GraphTestbed): void {
  const { groupware, mail } = google
  mail.of('ada').arrive({ subject: 'the day after', labels: ['INBOX'] })
  groupware.calendars.addEvent(ada, {
    id: 'quiet0day',
    summary: 'Quiet hour',
    start: { dateTime: '2026-06-01T09:00:00Z', timeZone: 'Europe/Berlin' },
    end: { dateTime: '2026-06-01T10:00:00Z', timeZone: 'Europe/Berlin' },
  })
  groupware.contacts.addContact(ada, { names: [{ displayName: 'Jean Bartik' }] })
  tenant.mailbox('ada').deliver('inbox', { subject: 'am Tag danach' })
  calendarsOf(tenant, 'ada').addEvent('2026-06-02T09:00', 60, { subject: 'Ruhe' })
  contactsOf(tenant, 'ada').add({ displayName: 'Betty Holberton' })
}
