import type { Change } from '../../src/contract/connector.ts'
import type { Cursor } from '../../src/contract/ids.ts'
import type { Kind } from '../../src/contract/item.ts'
import type { Service } from './config.ts'
import type { Listed } from './directory/listing.ts'
import type { Google, GooglePerson } from './google.ts'

/** Reads one service of one person since a cursor, ending with a checkpoint. */
export type Read = (google: Google, person: GooglePerson, since: Cursor | undefined, signal: AbortSignal) => AsyncGenerator<Change>
export interface Reader {
  /** Of the collection, behind the person's name. */
  readonly title: string
  readonly kinds: readonly Kind[]
  load(listed: Listed): Promise<Read>
  /** Asks the least that shows whether this service answers for a person, for `doctor`. Gives what it saw. @throws Fault */
  probe?(google: Google, person: GooglePerson, signal: AbortSignal): Promise<string>
}

/** One line per service: a person's collection `mail/P` is read by `mail`. Loaded when first used. */
export const readers: { readonly [S in Service]?: Reader } = {
  mail: {
    title: 'mail',
    kinds: ['mailbox', 'mail-settings', 'mail'],
    load: async () => (await import('./mail/changes.ts')).mailChanges,
    async probe(google, person, signal) {
      const { messagesTotal } = await (
        await import('./mail/full.ts')
      ).profileOf({ google, person, gmail: await google.gmail(person), signal })
      return `${messagesTotal} mails`
    },
  },
  calendars: {
    title: 'calendars',
    kinds: ['calendar', 'event'],
    async load({ users }) {
      const [{ calendarChanges }, { colleaguesOf }] = await Promise.all([
        import('./calendar/changes.ts'),
        import('./calendar/ownership.ts'),
      ])
      const colleagues = colleaguesOf(users)
      return (google, person, since, signal) => calendarChanges(google, person, colleagues, since, signal)
    },
    async probe(google, person, signal) {
      const reading = await (await import('./calendar/reading.ts')).calendarReading(google, person)
      return `${(await reading.entries(signal)).length} calendars in the list`
    },
  },
  contacts: {
    title: 'contacts',
    kinds: ['addressbook', 'contact'],
    load: async () => (await import('./contacts/changes.ts')).contactChanges,
    async probe(google, person, signal) {
      const reading = await (await import('./contacts/reading.ts')).contactReading(google, person)
      return `${(await reading.groups(signal)).size} groups of contacts`
    },
  },
  tasks: {
    title: 'tasks',
    kinds: ['tasklist', 'task'],
    load: async () => (await import('./tasks/changes.ts')).taskChanges,
    async probe(google, person, signal) {
      const reading = await (await import('./tasks/reading.ts')).taskReading(google, person)
      return `${(await reading.lists(signal)).length} lists of tasks`
    },
  },
}
