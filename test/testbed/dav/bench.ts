import type { Kind } from '../../../src/contract/item.ts'
import type { DavOperation } from '../../../src/dav/target/operations.ts'
import type { CommonSettings } from '../../../src/dav/target/settings.ts'
import type { TargetDefinition } from '../../../src/contract/target.ts'
import type { TargetBench } from '../../contract/target.suite.ts'
import type { Mode } from './mode.ts'
import { ports, secret } from './ports.ts'
import { sample } from './sample.ts'
import type { Source } from './source.ts'
import { type DavTestbed, davTestbed } from './testbed.ts'

/** Passwords of Ada and Ken on an emulated server. */
export const access = {
  type: 'people',
  people: { 'ada@example.org': { password: secret('ada-pass') }, 'ken@example.org': { password: secret('ken-pass') } },
} as const

/** An emulated server with two people and something of theirs. */
export async function peopled(mode: Mode['name'], options: Parameters<typeof davTestbed>[0] = {}): Promise<DavTestbed> {
  const bed = await davTestbed({ mode, ...options })
  for (const name of ['ada', 'ken']) {
    bed.state.person(`${name}@example.org`, `${name}-pass`, `${name}@example.org`)
    const calendar = bed.state.add(`${name}@example.org`, 'calendar', 'personal', 'Personal')
    bed.state.put(calendar, 'own.ics', 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:own\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n')
    bed.state.add(`${name}@example.org`, 'addressbook', 'contacts', 'Contacts')
  }
  return bed
}

/** The whole sample on a fresh emulated server, for the suite that every target passes. */
export async function davBench<S extends CommonSettings>(
  definition: TargetDefinition<string, S, DavOperation>,
  mode: Mode['name'],
  kinds: readonly Kind[],
  change: (source: Source) => void,
): Promise<TargetBench<S, DavOperation>> {
  const bed = await peopled(mode)
  const source = sample()
  const account = { type: 'account', login: 'x', password: { env: 'NONE' } }
  const config: S = { ...definition.config.parse({ url: bed.url, access: account }), access }
  const writing = new Set(['PUT', 'DELETE', 'MKCALENDAR', 'MKCOL', 'PROPPATCH', 'POST', 'MOVE'])
  return {
    definition,
    config,
    ports,
    directory: () => source.directory,
    snapshot: () => ({ items: source.ordered(kinds), blobs: source.blobs }),
    change: () => change(source),
    writes: () => bed.calls.calls.filter(({ method }) => writing.has(method)).length,
    notified: () => bed.smtp.mails.length,
    foreign: () =>
      JSON.stringify(
        bed.state.places
          .filter(({ name }) => !name.startsWith('fallreep-'))
          .map(({ name, props, objects }) => [name, [...props], [...objects]]),
      ),
    [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
  }
}
