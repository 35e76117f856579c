import type { Loss, LossCode } from '../../../src/contract/fidelity.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { MessageContext } from './message.ts'
import { clip } from './names.ts'
import { sealed } from './sealed.ts'
import type { UserOperation } from './operations.ts'

/** A person or bot of the source as a user. Whether the server has that user already is found out when it is applied. */
export function mapAccount(item: Item<'account'>, { people }: MessageContext): Mapped<UserOperation> {
  const { body } = item
  const name = people.of(item.id)
  if (name === undefined)
    return {
      ops: [],
      losses: [
        { item: item.id, stage: 'map', code: 'invalid-at-source', effect: { type: 'dropped' }, detail: 'it is not in the directory' },
      ],
    }
  const losses: Loss[] = []
  const report = (code: LossCode, field: string, detail: string) =>
    void losses.push({ item: item.id, stage: 'map', code, effect: { type: 'degraded', field }, detail })
  if (name.changed !== null) report('name-changed', 'username', name.changed)
  if (name.noAddress)
    report('withheld-by-source', 'email', 'no usable address: a made-up one stands in its place, nothing can be mailed to it')
  if (body.role === 'guest' || body.role === 'single-channel-guest')
    report('no-such-concept', 'role', 'guests need a licensed server: a plain member of the channels the guest was in')
  if (body.role === 'owner' || body.role === 'admin') report('excluded-by-policy', 'role', 'rights are given on the server, never imported')
  if (body.role === 'bot') report('no-such-concept', 'bot', 'a plain user whose position says bot')
  if (body.role === 'external') report('no-such-concept', 'role', 'of another organisation: a deactivated user stands for it')
  const lost = [
    body.phone && 'phone',
    body.pronouns && 'pronouns',
    body.profile.length > 0 && 'profile fields',
    body.status && 'status',
    body.timezone && 'time zone',
  ].filter((what) => typeof what === 'string')
  if (lost.length > 0) report('no-such-concept', 'profile', `not carried: ${lost.join(', ')}`)
  const external = body.role === 'external' || body.role === 'unknown'
  const op = sealed<UserOperation>({
    item: item.id,
    collection: item.collection,
    summary: `user ${name.username}`,
    type: 'user',
    username: name.username,
    email: name.email,
    firstName: clip(body.firstName ?? (body.lastName === null ? (body.realName ?? '') : ''), 64),
    lastName: clip(body.lastName ?? '', 64),
    nickname: clip(body.displayName === name.username ? '' : body.displayName, 64),
    position: clip(body.role === 'bot' ? 'bot' : (body.jobTitle ?? ''), 128),
    locale: null,
    active: body.active && !external,
    inTeam: body.active && !external && body.role !== 'bot',
    bot: body.role === 'bot',
    avatar: body.avatar === null ? null : (item.blobs[body.avatar] ?? null),
  })
  return { ops: [op], losses }
}
