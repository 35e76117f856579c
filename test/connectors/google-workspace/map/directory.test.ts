import { expect, test } from 'vitest'
import { account } from '../../../../connectors/google-workspace/map/account.ts'
import { group } from '../../../../connectors/google-workspace/map/group.ts'
import { Account } from '../../../../src/model/account.ts'
import { Group } from '../../../../src/model/group.ts'

const provenance = { source: 'acme', nativeId: 'x', fetchedAt: '2026-11-25T00:00:00.000Z', endpoint: 'directory' }
const ada = { id: '108', primaryEmail: 'ada@example.org' }

test('a person of whom nothing is said but the address', () => {
  const body = account(ada, provenance).item?.body
  expect(body).toMatchObject({ handle: 'ada', displayName: 'ada', realName: null, email: 'ada@example.org', active: true, role: 'member' })
  expect(Account.safeParse(body).success).toBe(true)
})

test.each([
  [{ suspended: true }, { active: false }],
  [{ archived: true }, { active: false }],
  [{ isAdmin: true }, { role: 'admin' }],
  [{ isDelegatedAdmin: true }, { role: 'admin' }],
  [{ isGuestUser: true }, { role: 'guest' }],
  [{ aliases: ['b@x', 'a@x'], nonEditableAliases: ['a@x'] }, { aliases: ['a@x', 'b@x'] }],
  [
    { name: { fullName: 'Ada W', displayName: 'A', givenName: 'Ada', familyName: 'W' } },
    { displayName: 'A', realName: 'Ada W', firstName: 'Ada' },
  ],
  [{ phones: [{ value: '1' }, { value: '2', primary: true }] }, { phone: '2' }],
  [{ organizations: [{ title: 'CEO', department: 'D' }] }, { jobTitle: 'CEO', profile: [{ label: 'Department', value: 'D' }] }],
  [
    { phones: 'broken', organizations: 7, name: null, customSchemas: [] },
    { phone: null, jobTitle: null, realName: null, profile: [] },
  ],
  [{ phones: [null, { value: 5 }, { value: '3' }] }, { phone: null }],
])('%j', (more, expected) => {
  expect(account({ ...ada, ...more }, provenance).item?.body).toMatchObject(expected)
})

test.each([{}, { id: 'x', primaryEmail: 'a@x' }, { id: '1' }])('a person without id or address is a loss: %j', (raw) => {
  const { item, losses } = account(raw, provenance)
  expect(item).toBeUndefined()
  expect(losses).toMatchObject([{ code: 'invalid-at-source', effect: { type: 'dropped' } }])
})

test('a picture is another one when its version is', () => {
  const key = (thumbnailPhotoEtag: string) => account({ ...ada, thumbnailPhotoEtag }, provenance).item?.blobs[0]?.key
  expect(key('"a/b"')).toBe('avatar/108/ab')
  expect(key('"c"')).not.toBe(key('"a/b"'))
})

const team = { id: '0g1', email: 'team@example.org', name: 'Team' }
test.each([
  [{ ids: ['2', '1'], strangers: 0, opaque: 0 }, ['account/1', 'account/2'], []],
  [{ ids: [], strangers: 2, opaque: 0 }, [], ['no-such-concept']],
  [{ ids: null, strangers: 0, opaque: 0 }, null, ['withheld-by-source']],
  [{ ids: ['1'], strangers: 0, opaque: 1 }, ['account/1'], ['withheld-by-source']],
] as const)('a group with %j', (membership, members, codes) => {
  const { item, losses } = group(team, [], membership, provenance)
  expect(item?.body).toEqual({ handle: 'team', name: 'Team', description: '', members, active: true })
  expect(Group.safeParse(item?.body).success).toBe(true)
  expect(losses.map(({ code }) => code)).toEqual(codes)
})
