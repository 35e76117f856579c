import { MailWorld, letter } from './world.ts'

/** Two people: Ada with labels, as Gmail has them; Ben with folders, as Outlook has them. */
export function company(): MailWorld {
  const world = new MailWorld()
  world.account('ada')
  world.account('ben')
  world.mailbox('ada/inbox', ['Inbox'], { type: 'label', role: 'inbox' })
  world.mailbox('ada/sent', ['Sent'], { type: 'label', role: 'sent' })
  world.mailbox('ada/star', ['Starred'], { type: 'label', role: 'flagged' })
  world.mailbox('ada/important', ['Important'], { type: 'label', role: 'important' })
  world.mailbox('ada/work', ['Work'], { type: 'label', color: '#ff0000' })
  world.mailbox('ada/acme', ['Work', 'Acme/Ltd'], { type: 'label' })
  world.mailbox('ben/inbox', ['Posteingang'], { role: 'inbox' })
  world.mailbox('ben/sent', ['Gesendete Elemente'], { role: 'sent' })
  world.mailbox('ben/trash', ['Gelöschte Elemente'], { role: 'trash' })
  world.mailbox('ben/projects', ['Posteingang', 'Projekte'])
  world.mailbox('ben/umlaut', ['Ämter & Behörden'])
  world.settings('ada', { locale: 'de' })
  world.mail('ada/1', ['ada/inbox'], { at: '2026-03-01T08:00:00.000000Z', flags: { seen: true } })
  world.mail('ada/2', ['ada/inbox', 'ada/work', 'ada/star'], { at: '2026-03-02T08:00:00.000000Z' })
  world.mail('ada/3', ['ada/sent', 'ada/acme'], { at: '2026-03-03T08:00:00.000000Z', flags: { seen: true, answered: true } })
  world.mail('ada/4', [], { at: '2026-03-04T08:00:00.000000Z', flags: { seen: true } })
  world.mail('ada/5', ['ada/inbox', 'ada/important'], { at: '2026-03-05T08:00:00.000000Z' })
  world.mail('ben/1', ['ben/inbox'], { at: '2026-02-01T08:00:00.000000Z', keywords: ['Red category'] })
  world.mail('ben/2', ['ben/projects'], { at: '2026-02-02T08:00:00.000000Z', flags: { forwarded: true, seen: true } })
  world.mail('ben/3', ['ben/umlaut'], { at: '2026-02-03T08:00:00.000000Z', bytes: letter('ben/3', 'Grüße', 'X-Trace: 8-bit ü\r\n') })
  world.mail('ben/4', ['ben/trash'], { at: '2026-02-04T08:00:00.000000Z', flags: { draft: true } })
  return world
}
