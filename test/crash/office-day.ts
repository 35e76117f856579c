import type { GoogleTestbed } from '../testbed/google/testbed.ts'
import { calendarsOf, contactsOf, tasksOf } from '../testbed/graph/groupware/parts.ts'
import type { GraphTestbed } from '../testbed/graph/testbed.ts'

/** What one day does to everything that was brought in the night before: it is added to, changed, moved and taken away. */
export function changeGoogle({ mail, groupware }: GoogleTestbed): void {
  const ken = mail.of('ken.tanaka')
  const labelled = (name: string): string => [...ken.labels.values()].find((label) => label.name === name)?.id ?? ''
  const offers = ken.ids.filter((id) => ken.mail(id).labels.has(labelled('Offers/open')))
  const [read, filed, gone] = offers
  for (let n = 0; n < 3; n++) ken.arrive({ labels: ['INBOX', 'UNREAD', labelled('Offers')], subject: `News ${n}` })
  if (read !== undefined) ken.mark(read, { add: ['UNREAD'], remove: ['STARRED', labelled('Offers/open')] })
  if (filed !== undefined) ken.mark(filed, { remove: ['INBOX'] })
  if (gone !== undefined) ken.remove(gone)
  const { calendars, contacts, taskLists } = groupware
  const ada = 'ada@example.org'
  calendars.editEvent(ada, 'story0lunch', { summary: 'Lunch, late' })
  calendars.changeOccurrence(ada, 'story0series', '20260330T080000Z', { summary: 'Stand-up in the park' })
  calendars.cancelOccurrence(ada, 'story0series', '20260406T080000Z')
  calendars.deleteEvent(ada, 'story0days')
  calendars.addEvent(ada, { id: 'day0new', summary: 'New', start: { date: '2026-09-01' }, end: { date: '2026-09-02' } })
  const [edited, removed] = contacts.of(ada).own.values
  contacts.editContact(ada, edited?.resourceName ?? '', { organizations: [{ name: 'Elsewhere' }] })
  contacts.deleteContact(ada, removed?.resourceName ?? '')
  contacts.addContact(ada, { names: [{ displayName: 'Somebody new' }] })
  const [list = ''] = taskLists.of(ada).keys()
  taskLists.addTask(ada, list, { title: 'What nobody thought of' })
}

export function changeGraph({ tenant }: GraphTestbed): void {
  const box = tenant.mailbox('ada')
  for (let n = 0; n < 3; n++) box.deliver('inbox', { subject: `Neues ${n}` })
  const [marked, moved, gone] = box.in('Projekte')
  if (marked !== undefined) box.change(marked.id, { categories: ['Später'], flagStatus: 'flagged' })
  if (moved !== undefined) box.move(moved.id, 'archive')
  if (gone !== undefined) box.purge(gone.id)
  for (const { id } of box.in('A/B: Kunde')) box.markRead(id, false)
  const calendars = calendarsOf(tenant, 'ada')
  const weekly = calendars.event('Jour fixe').id
  calendars.addException(weekly, '2026-03-24T08:00', { subject: 'Jour fixe im Grünen' })
  calendars.cancelOccurrence(weekly, '2026-03-31')
  calendars.deleteEvent(calendars.event('Zahnarzt').id)
  calendars.addEvent('2026-05-05T08:00', 30, { subject: 'Neu' })
  const contacts = contactsOf(tenant, 'ada')
  contacts.edit(contacts.named('Grace Hopper'), { companyName: 'Univac' })
  contacts.remove(contacts.named('Alan'))
  contacts.add({ displayName: 'Barbara' })
  const tasks = tasksOf(tenant, 'ada')
  tasks.edit(tasks.titled('Steuer'), { importance: 'low' })
  tasks.remove(tasks.titled('Milch'))
}
