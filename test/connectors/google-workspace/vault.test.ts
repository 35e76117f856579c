import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { definition } from '../../../connectors/google-workspace/definition.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { Clock } from '../../../src/contract/ports.ts'
import type { BackupSummary, EngineEvent, Workspace } from '../../../src/engine/api.ts'
import { backup } from '../../../src/engine/backup.ts'
import { createFetch } from '../../../src/http/fetch.ts'
import { newSubject, type Subject } from '../../support/vault/subject.ts'
import { errorBody } from '../../testbed/google/refusal.ts'
import { googleTestbed, type GoogleTestbed } from '../../testbed/google/testbed.ts'
import { configOf, never, quickPorts } from './world.ts'

/** One night of the whole engine with a real vault. */
async function night(
  bed: GoogleTestbed,
  subject: Subject,
  clock: Clock,
  transport: typeof fetch = fetch,
): Promise<{ summary: BackupSummary; events: EngineEvent[] }> {
  const events: EngineEvent[] = []
  const { log } = quickPorts()
  await using vault = await subject.host()
  const workspace: Workspace = {
    vault,
    clock,
    stateDir: join(subject.dir, '..', 'engine'),
    people: [],
    emit: (event) => void events.push(event),
    portsFor: () => ({ clock, log, fetch: createFetch({ clock, log, retryable: () => true, attempts: 2, transport }) }),
  }
  const source = { name: 'acme', definition, config: configOf(bed, { services: ['mail'] }) }
  return { summary: await backup({ source, full: false, tool: 'fallreep test' }, workspace, never), events }
}

async function stored(
  subject: Subject,
): Promise<{ items: readonly Item[]; bytes: ReadonlyMap<string, Buffer>; losses: readonly string[] }> {
  await using vault = await subject.holder()
  const newest = (await Array.fromAsync(vault.list())).at(-1)
  if (newest === undefined) throw new Error('no snapshot')
  await using reader = await vault.read(newest.id, never)
  const items = await Array.fromAsync(reader.items({}, never))
  const bytes = new Map<string, Buffer>()
  for (const { id, blobs, kind } of items)
    if (kind === 'mail' && blobs[0]) bytes.set(id, Buffer.concat(await Array.fromAsync(await reader.open(blobs[0], never))))
  const losses = (await Array.fromAsync(reader.losses(undefined, never))).map(({ item, code }) => `${item.replace(/\/[^/]*$/, '')} ${code}`)
  return { items, bytes, losses }
}

test('night after night into a vault: every byte of every mail, each fetched once, and nobody stops anybody', async () => {
  const clock = impatientClock()
  await using bed = await googleTestbed({ now: () => clock.now().getTime() })
  await using subject = await newSubject()
  const first = await night(bed, subject, clock)
  // Frida is suspended: a recorded loss of hers, and the snapshot is as complete as Google allows.
  expect(first.summary.state).toBe('complete')
  const active = [...bed.company.users.values()].filter(({ suspended }) => suspended !== true)
  const expected = new Map(
    active.flatMap(({ id }) => {
      const mailbox = bed.mail.of(id)
      return mailbox.ids.flatMap((mail) => {
        const bytes = mailbox.mail(mail).bytes?.()
        return bytes === undefined ? [] : [[`mail/${id}/${mail}`, Buffer.from(bytes)] as const]
      })
    }),
  )
  const after = await stored(subject)
  expect([...after.bytes.keys()].toSorted()).toEqual([...expected.keys()].toSorted())
  for (const [id, bytes] of expected) expect([id, after.bytes.get(id)?.equals(bytes)]).toEqual([id, true])
  expect(after.losses).toContain('mail withheld-by-source')

  const mailbox = bed.mail.of('ada')
  const [top = ''] = mailbox.ids.filter((id) => mailbox.mail(id).bytes !== undefined)
  mailbox.mark(top, { add: ['STARRED'], remove: ['INBOX'] })
  const fresh = mailbox.arrive()
  bed.calls.clear()
  const second = await night(bed, subject, clock)
  expect(second.summary.snapshot?.changed).toEqual({ added: 1, updated: 1, deleted: 0 })
  // One look at the mail that moved, one mail with its bytes.
  expect(bed.calls.count('gmail.messages.get')).toBe(2)
  expect(bed.calls.count('gmail.history.list')).toBe(active.length)
  const later = await stored(subject)
  const ada = bed.company.user('ada').id
  expect(later.bytes.get(`mail/${ada}/${top}`)?.equals(after.bytes.get(`mail/${ada}/${top}`) ?? Buffer.alloc(0))).toBe(true)
  expect(later.bytes.get(`mail/${ada}/${fresh.id}`)?.equals(Buffer.from(fresh.bytes?.() ?? []))).toBe(true)

  bed.calls.clear()
  const third = await night(bed, subject, clock)
  expect(third.summary.snapshot?.changed).toEqual({ added: 0, updated: 0, deleted: 0 })
  expect(bed.calls.count('gmail.messages.get')).toBe(0)
})

test('503 on single mails never makes a night that looks complete', async () => {
  const clock = impatientClock()
  await using bed = await googleTestbed({ stories: false, now: () => clock.now().getTime() })
  await using subject = await newSubject()
  const refused = errorBody(503, 'backendError', 'Backend Error')
  const mailbox = bed.mail.of('ken.tanaka')
  const bad = mailbox.ids[3] ?? ''
  const failing: typeof fetch = (input, init) => {
    const url = String(input instanceof Request ? input.url : input)
    return url.includes(bad) ? Promise.resolve(Response.json(refused, { status: 503 })) : fetch(input, init)
  }
  const first = await night(bed, subject, clock, failing)
  expect(first.summary.state).toBe('partial')
  expect(first.events.some((event) => event.type === 'item-failed' && /1 mails .* could not be read/.test(event.what))).toBe(true)
  const ken = bed.company.user('ken.tanaka').id
  expect([...(await stored(subject)).bytes.keys()].filter((id) => id.startsWith(`mail/${ken}/`))).toHaveLength(11)
  const second = await night(bed, subject, clock)
  expect(second.summary.state).toBe('complete')
  expect((await stored(subject)).bytes.has(`mail/${ken}/${bad}`)).toBe(true)
})

/** Pauses pass at once, and the time they would have taken is on the clock. */
function impatientClock(): Clock {
  let ahead = 0
  return {
    now: () => new Date(Date.now() + ahead),
    monotonicMs: () => performance.now() + ahead,
    sleep: async (ms, signal) => {
      signal.throwIfAborted()
      ahead += ms
      await wait(Math.min(ms, 2), undefined, { signal }).catch(() => signal.throwIfAborted())
    },
  }
}
