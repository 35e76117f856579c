import { calendarsOf, contactsOf, tasksOf } from '../testbed/graph/groupware/parts.ts'
import type { GraphTestbed } from '../testbed/graph/testbed.ts'
import type { GoogleTestbed } from '../testbed/google/testbed.ts'

/** Whose mail, calendars and contacts are read: two people, so that a trip takes seconds. Everybody else is in the directory only. */
export const people: readonly string[] = ['ada@example.org', 'ken.tanaka@example.org']

/** Mails so large that they go over a line in several pieces. */
const LARGE = 200_000

/** What the emulated Gmail does not have of itself. */
export function fillGoogle({ mail }: GoogleTestbed): void {
  const ken = mail.of('ken.tanaka')
  const offers = ken.addLabel('Offers')
  const open = ken.addLabel('Offers/open')
  for (let n = 0; n < 3; n++) ken.arrive({ labels: ['INBOX', offers, open, 'STARRED'], subject: `Offer ${n}` })
  ken.arrive({ labels: ['SENT', offers], subject: 'All the plans', size: LARGE })
  // Twice the very same mail: both must arrive, and neither twice.
  const twin = ken.arrive({ labels: ['INBOX'], subject: 'twice' })
  ken.arrive({ labels: ['INBOX'], internalDate: twin.internalDate, ...(twin.bytes === undefined ? {} : { bytes: twin.bytes }) })
}

/** What mails of Exchange have beside their text. None that is refused: asking for these again takes half a minute. */
export function fillGraph({ tenant }: GraphTestbed): void {
  const box = tenant.mailbox('ada')
  const projects = box.folder('Projekte').id
  box.deliver('A/B: Kunde', {
    subject: 'Kategorien',
    categories: ['Rote Kategorie', 'Später'],
    flagStatus: 'flagged',
    isRead: true,
    lastVerb: 102,
  })
  box.deliver(projects, { subject: 'Weitergeleitet', lastVerb: 104, flagStatus: 'complete' })
  box.deliver(projects, { subject: 'Mit Anhang', attachments: [{ name: 'Größe.bin', bytes: LARGE }] })
  box.deliver('drafts', { subject: 'Entwurf', isDraft: true, isRead: true })
  box.categories.push({ id: 'c1', displayName: 'Rote Kategorie', color: 'preset0' }, { id: 'c2', displayName: 'Später', color: 'preset7' })
  // Made at the first look, and dated by it: in the same order each time.
  for (const { id } of tenant.users.values()) for (const look of [calendarsOf, contactsOf, tasksOf]) look(tenant, id)
}
