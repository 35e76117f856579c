import { expect, test } from 'vitest'
import { itemId } from '../../../src/contract/ids.ts'
import { openLedger } from '../../../src/engine/ledger.ts'
import type { Settings } from '../../../targets/imap/settings.ts'
import { differences } from '../../crash/differences.ts'
import { pointsOf } from '../../support/points.ts'
import { stopAt } from '../../support/stopping-ledger.ts'
import { type ImapTestbedOptions, imapTestbed } from '../../testbed/imap/testbed.ts'
import { company } from './company.ts'
import { letter, run, settingsFor } from './world.ts'

/** Two nights with a day between them that changes, moves, adds and removes; the `night` given is stopped at a write of the ledger and run again. */
async function nights(
  options: ImapTestbedOptions,
  labels: Settings['labels'],
  stop?: { readonly night: number; readonly write: number; readonly done: boolean },
) {
  await using bed = await imapTestbed(options)
  for (const name of ['ada', 'ben']) bed.store.account(`${name}@example.test`)
  const world = company()
  const twin = letter('twin')
  for (const one of ['ada/8', 'ada/9']) world.mail(one, ['ada/inbox'], { at: '2026-03-08T08:00:00.000000Z', bytes: twin })
  world.mail('ben/9', ['ben/inbox'], { at: '2026-02-09T08:00:00.000000Z', bytes: letter('ben/9', 'teh text') })
  using ledger = openLedger(':memory:')
  const settings = settingsFor(bed, { labels })
  let writes = 0
  for (const night of [1, 2]) {
    if (night === 2) {
      world.edit('ada/1', ({ flags }) => ({ flags: { ...flags, flagged: true, seen: false } }))
      world.edit('ada/2', () => ({ mailboxes: ['mailbox/ada/sent'] }))
      world.edit('ada/9', () => ({ mailboxes: ['mailbox/ada/work'] }))
      world.edit('ben/1', () => ({ mailboxes: ['mailbox/ben/projects'], keywords: ['Blue category'] }))
      world.mail('ben/9', ['ben/inbox'], { at: '2026-02-09T08:00:00.000000Z', bytes: letter('ben/9', 'the text') })
      world.mail('ben/8', ['ben/inbox', 'ben/umlaut'])
      for (const gone of ['ada/3', 'ben/2']) world.remove(itemId('mail', gone))
    }
    const stopped = stop?.night === night ? stopAt(ledger, stop.write, stop.done) : undefined
    if (stopped !== undefined) {
      await run(world, settings, ledger).catch(() => undefined)
      stopped.goOn()
      writes = stopped.writes
    }
    expect((await run(world, settings, ledger)).wrong).toEqual([])
  }
  const picture = [...bed.store.accounts.values()].flatMap(({ login, folders }) =>
    [...folders.values()].flatMap(({ name, mails, subscribed, use }) => [
      `${login} ${name} ${subscribed ? 'subscribed' : ''} ${use ?? ''}`,
      ...mails.map(({ date, flags, bytes }) => `${login} ${name} ${date} ${[...flags].toSorted().join(' ')} ${bytes.toString('latin1')}`),
    ]),
  )
  return { writes, picture }
}

test.each([
  ['primary', {}],
  ['copies', {}],
  ['primary', { without: ['MOVE', 'UIDPLUS', 'MULTIAPPEND'] }],
] as const)(
  'stopped at any write of the ledger and run again, everything stands as undisturbed (labels %s, server %j)',
  async (labels, options) => {
    const { picture } = await nights(options, labels)
    for (const night of [1, 2]) {
      const twice = await nights(options, labels, { night, write: Infinity, done: true })
      expect(differences(picture, twice.picture), `night ${night}, twice`).toEqual([])
      for (const done of [false, true])
        for (const at of pointsOf(twice.writes, 4)) {
          const write = at + 1
          const stopped = await nights(options, labels, { night, write, done })
          expect(differences(picture, stopped.picture), `night ${night}, write ${write}, ${done ? 'done' : 'not done'}`).toEqual([])
        }
    }
  },
)
