import { expect, test } from 'vitest'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { Item } from '../../../src/contract/item.ts'
import { definition } from '../../../targets/caldav/definition.ts'
import { davPicture } from '../../crash/dav-picture.ts'
import { differences } from '../../crash/differences.ts'
import { pointsOf } from '../../support/points.ts'
import { stopAt } from '../../support/stopping-ledger.ts'
import { event } from '../../testbed/dav/bodies.ts'
import { importing } from '../../testbed/dav/importing.ts'
import type { Mode } from '../../testbed/dav/mode.ts'
import { secret } from '../../testbed/dav/ports.ts'
import { sample } from '../../testbed/dav/sample.ts'
import { davTestbed } from '../../testbed/dav/testbed.ts'

const id = (text: string): ItemId => text as ItemId

/** Two nights with a day between them that changes, adds and removes; the `night` given is stopped at a write of the ledger and run again. */
async function nights(mode: Mode['name'], stop?: { readonly night: number; readonly write: number; readonly done: boolean }) {
  await using bed = await davTestbed({ mode, privileged: { login: 'root', password: 'r' } })
  for (const name of ['ada', 'ken']) bed.state.person(`${name}@example.org`, 'unused', `${name}@example.org`)
  const source = sample()
  const principal = bed.mode.principal('LOGIN').replace('LOGIN', '{login}')
  using job = importing(definition, bed.url, source, {
    access: { type: 'privileged', login: 'root', password: secret('r'), principal, makeHomes: false },
    deletions: 'apply',
  })
  let writes = 0
  for (const night of [1, 2]) {
    if (night === 2) {
      // Whose place its twin takes over, and says something else there.
      source.items.delete(id('event/ada/ada@example.org/e1'))
      source.edit<'event'>(id('event/ada/ada@example.org/e6-twin'), (item: Item<'event'>) => ({
        ...item,
        body: { ...item.body, ics: event('plain-1@google.com', { location: 'Room 6' }) },
      }))
      source.edit<'event'>(id('event/ada/ada@example.org/e5'), (item: Item<'event'>) => ({
        ...item,
        body: { ...item.body, ics: event('allday@google.com', { summary: 'edited' }) },
      }))
      source.items.delete(id('event/ada/ada@example.org/e4'))
      source.event(id('calendar/ada/ada@example.org'), 'late', event('late@google.com'))
    }
    const stopped = stop?.night === night ? stopAt(job.ledger, stop.write, stop.done) : undefined
    if (stopped !== undefined) {
      await job.once().catch(() => undefined)
      stopped.goOn()
      writes = stopped.writes
    }
    const { wrong } = await job.once()
    expect(wrong).toEqual([])
  }
  return { writes, picture: davPicture(bed) }
}

test.each(['radicale', 'nextcloud'] as const)(
  'stopped at any write of the ledger and run again, everything stands as undisturbed (%s)',
  async (mode) => {
    const { picture } = await nights(mode)
    for (const night of [1, 2]) {
      const twice = await nights(mode, { night, write: Infinity, done: true })
      expect(differences(picture, twice.picture), `night ${night}, twice`).toEqual([])
      for (const done of [false, true])
        for (const at of pointsOf(twice.writes, 4)) {
          const write = at + 1
          const stopped = await nights(mode, { night, write, done })
          expect(differences(picture, stopped.picture), `night ${night}, write ${write}, ${done ? 'done' : 'not done'}`).toEqual([])
        }
    }
  },
)
