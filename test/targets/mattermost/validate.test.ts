import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ImportLine } from '../../../targets/mattermost/bulk/lines.ts'
import { refusal } from '../../../targets/mattermost/bulk/validate.ts'
import { featuresOf } from '../../../targets/mattermost/features.ts'
import { everyPoint } from '../../support/points.ts'
import { caller, importZip, runImport } from '../../testbed/mattermost/client.ts'
import { channel, team, user, VERSION } from '../../testbed/mattermost/parity/lines.ts'
import { mattermostTestbed } from '../../testbed/mattermost/testbed.ts'

const known = { teams: new Set(['base']), channels: new Set(['room', 'hall']), users: new Set(['erika', 'bob', 'carl']) }
const BASE = [VERSION, team('base'), channel('base', 'room'), channel('base', 'hall'), ...[...known.users].map((name) => user(name))]

const nasty = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 12 }) },
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom('', ' ', '\u0000', '\ud800', '..', '-', '_', 'a', 'Z', 'all', 'system', 'admin-x', 'post', 'town-square', '+1', 'smile'),
  fc.constantFrom(...[63, 64, 65, 128, 129, 250, 251, 1024, 1025].flatMap((n) => ['x'.repeat(n), '😀'.repeat(n), 'é'.repeat(n)])),
)
/** Mostly what is fine, so that whole lines pass; now and then anything. */
const mostly = <T>(fine: fc.Arbitrary<T>, rather: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: fine }, { weight: 1, arbitrary: rather })
const name = mostly(fc.stringMatching(/^[a-z0-9_-]{2,20}$/), fc.oneof(nasty, fc.stringMatching(/^[A-Za-z0-9_+.-]{1,66}$/)))
const label = mostly(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), nasty)
const message = fc.oneof(
  nasty,
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom('x'.repeat(16_383), 'x'.repeat(16_384), '😀'.repeat(16_383), '😀'.repeat(16_384)),
)
/** A time in the given twenty milliseconds, mostly: what hangs on something comes after it. */
const time = (after: number) =>
  mostly(fc.integer({ min: 1_700_000_000_000 + after, max: 1_700_000_000_020 + after }), fc.constantFrom(0, 1, -1, 1.5, 1_700_000_000_000))
const person = mostly(fc.constantFrom(...known.users), name)
const place = mostly(fc.constantFrom('room', 'hall'), name)
const path = mostly(
  fc.stringMatching(/^[a-z]{1,5}\/[a-z日本]{1,9}\.txt$/),
  fc.oneof(fc.constantFrom('/etc/passwd', '../x', 'a//b', 'a\\b', 'a/.', ''), nasty),
)
const props = fc.oneof(
  fc.constant({}),
  fc.record({ a: nasty, b: nasty }),
  fc.constantFrom({ fallreep: { id: 'x' }, more: 'p'.repeat(7_800) }, { a: 1, more: 'p'.repeat(8_100) }),
)
const optional = { requiredKeys: [] as never[] }
const attachments = mostly(fc.array(fc.record({ path }), { maxLength: 2 }), fc.array(fc.record({ path }), { maxLength: 12 }))
const written = (after: number) =>
  fc.record({
    user: person,
    message,
    create_at: time(after),
    reactions: fc.array(fc.record({ user: person, emoji_name: name, create_at: time(60) }), { maxLength: 1 }),
    attachments,
  })
const body = fc
  .tuple(written(0), fc.record({ props, replies: fc.array(written(30), { maxLength: 2 }) }, optional))
  .map(([own, more]) => ({ ...own, ...more }))
const people = mostly(
  fc.oneof(fc.subarray([...known.users], { minLength: 2 }), fc.constant(['bob', 'bob'])),
  fc.array(person, { maxLength: 9 }),
)
const text = { header: label, purpose: label }
const anyLine = fc.oneof(
  fc
    .record({
      name: mostly(fc.stringMatching(/^[b-z][a-z0-9-]{1,20}$/), name),
      display_name: label,
      type: fc.constantFrom('O', 'I'),
      allow_open_invite: fc.boolean(),
    })
    .map((made) => ({ type: 'team', team: made })),
  fc
    .tuple(
      fc.record({ team: fc.constantFrom('base', 'base', 'nowhere'), name, display_name: label, type: fc.constantFrom('O', 'P') }),
      fc.record(text, optional),
    )
    .map(([own, more]) => ({ type: 'channel', channel: { ...own, ...more } })),
  fc
    .tuple(
      fc.record({
        username: name,
        email: mostly(
          fc.stringMatching(/^[a-z0-9]{9,12}@[a-z]{1,5}\.test$/),
          fc.oneof(nasty, fc.constantFrom('A@B.test', 'a b@c', '@', 'a@b@c')),
        ),
      }),
      fc.record(
        { nickname: label, first_name: label, last_name: label, position: label, delete_at: fc.constant(1), profile_image: path },
        optional,
      ),
      fc.option(fc.array(place, { maxLength: 3 }), { nil: undefined }),
    )
    .map(([own, more, channels]) => ({
      type: 'user',
      user: {
        ...own,
        ...more,
        ...(channels === undefined ? {} : { teams: [{ name: 'base', channels: channels.map((one) => ({ name: one })) }] }),
      },
    })),
  fc.record({ name, image: path }).map((emoji) => ({ type: 'emoji', emoji })),
  body.chain((made) => place.map((channel) => ({ type: 'post', post: { team: 'base', channel, ...made } }))),
  fc.tuple(people, label).map(([members, header]) => ({ type: 'direct_channel', direct_channel: { members, header } })),
  fc.tuple(people, body).map(([channel_members, made]) => ({ type: 'direct_post', direct_post: { channel_members, ...made } })),
)

/** The files a line names, as the zip would have them. */
function filesOf(line: ImportLine): Record<string, string> {
  const text = JSON.stringify(line)
  const named = [...text.matchAll(/"(?:path|image|profile_image)":("(?:[^"\\]|\\.)*")/g)].map(
    ([, path = '""']) => JSON.parse(path) as string,
  )
  return Object.fromEntries(named.map((path) => [path, 'bytes']))
}

test.each(['5.36.1', '10.11.0'] as const)('what the validator lets through, %s imports', async (version) => {
  await using bed = await mattermostTestbed({ version })
  const call = caller(bed.url, bed.token)
  await runImport(call, await importZip(BASE, {}), 0)
  const accepted = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(anyLine, async (made) => {
      const line = made as ImportLine
      if (refusal(line, known, featuresOf(version)) !== undefined) return
      accepted.set(line.type, (accepted.get(line.type) ?? 0) + 1)
      const done = await runImport(call, await importZip([VERSION, line], filesOf(line)), 0)
      expect(done.status === 'success' ? 'success' : JSON.stringify([done, line]).slice(0, 2000)).toBe('success')
    }),
    { numRuns: everyPoint ? 400 : 150, seed: 20_261_123 },
  )
  for (const type of ['team', 'channel', 'user', 'emoji', 'post', 'direct_channel', 'direct_post'])
    expect([type, (accepted.get(type) ?? 0) > 3]).toEqual([type, true])
})
