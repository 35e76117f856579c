import type { Item } from '../../../src/contract/item.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { TargetDefinition } from '../../../src/contract/target.ts'
import type { DavOperation } from '../../../src/dav/target/operations.ts'
import type { CommonSettings } from '../../../src/dav/target/settings.ts'
import { card, event } from './bodies.ts'
import { importing } from './importing.ts'
import { sample } from './sample.ts'

export interface Said {
  readonly wrong: readonly string[]
  readonly outcomes: readonly string[]
}
/** What a server that keeps what it is given leads to. */
export const everything: readonly Said[] = [
  { wrong: [], outcomes: ['created'] },
  { wrong: [], outcomes: ['unchanged'] },
  { wrong: [], outcomes: ['created', 'deleted', 'unchanged', 'updated'] },
  { wrong: [], outcomes: [] },
  { wrong: [], outcomes: ['unchanged'] },
]

/** Brings the sample, again, changed, rehearses it, and looks whether it still stands. `logins`: what Ada and Ken are called there. */
export async function story<S extends CommonSettings>(
  definition: TargetDefinition<string, S, DavOperation>,
  url: string,
  settings: Partial<CommonSettings> & Pick<CommonSettings, 'access'>,
  logins: Readonly<Record<string, string>> = {},
): Promise<readonly Said[]> {
  const source = sample()
  for (const [name, login] of Object.entries(logins))
    source.people.set(`account/${name}` as ItemId, { name, addresses: [], accounts: { dav: login } })
  using job = importing(definition, url, source, settings as Partial<S> & Pick<CommonSettings, 'access'>)
  const said: Said[] = []
  const once = async (): Promise<void> => {
    const { wrong, applied } = await job.once()
    said.push({ wrong, outcomes: [...new Set(applied.map(({ outcome }) => outcome))].toSorted() })
  }
  await once()
  await once()
  source.edit<'event'>('event/ada/ada@example.org/e5' as ItemId, (item: Item<'event'>) => ({
    ...item,
    body: { ...item.body, ics: event('allday@google.com', { summary: 'edited' }) },
  }))
  source.items.delete('event/ada/ada@example.org/e4' as ItemId)
  source.event('calendar/ada/ada@example.org' as ItemId, 'late', event('late@google.com'))
  source.edit<'contact'>('contact/ada/connections/c3' as ItemId, (item: Item<'contact'>) => ({
    ...item,
    body: { ...item.body, vcf: card('c3', { formattedName: 'edited' }) },
  }))
  source.items.delete('contact/ada/connections/c1' as ItemId)
  source.contact('addressbook/ada/connections' as ItemId, 'late', card('late'))
  await once()
  said.push({ wrong: (await job.rehearse('run1')).map(({ what }) => what), outcomes: [] })
  await once()
  return said
}
