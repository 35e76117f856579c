import { describe, expect, test } from 'vitest'
import { colleaguesOf, readerByAccess, readerOf } from '../../../../connectors/google-workspace/calendar/ownership.ts'
import type { Json } from '../../../../connectors/google-workspace/json.ts'

const user = (id: string, primaryEmail: string, more: object = {}): object => ({ id, primaryEmail, ...more })
const colleagues = colleaguesOf([
  user('1', 'ada@example.org', { aliases: ['Boss@example.org'] }),
  user('2', 'ken@example.org'),
  user('3', 'frida@example.org', { suspended: true }),
])
const ada = { id: '1', address: 'ada@example.org' }
const ken = { id: '2', address: 'ken@example.org' }

describe('who reads a calendar', () => {
  test.each<[string, Json, string]>([
    ['the own one', { id: 'ada@example.org', primary: true, accessRole: 'owner' }, 'own'],
    ['a further one of her own', { id: 'c1', dataOwner: 'Ada@Example.org', accessRole: 'owner' }, 'own'],
    ['one under another address of hers', { id: 'c1', dataOwner: 'boss@example.org', accessRole: 'owner' }, 'own'],
    ['one that a colleague owns, whatever she may do in it', { id: 'c1', dataOwner: 'ken@example.org', accessRole: 'owner' }, 'others'],
    ['the own calendar of a colleague', { id: 'ken@example.org', accessRole: 'reader' }, 'others'],
    [
      'one of somebody who cannot be read any more, that she may write',
      { id: 'c1', dataOwner: 'frida@example.org', accessRole: 'writer' },
      'ask',
    ],
    ['the own calendar of somebody who cannot be read any more', { id: 'frida@example.org', accessRole: 'reader' }, 'copy'],
    ['one of a stranger', { id: 'c1', dataOwner: 'pat@other.example', accessRole: 'reader' }, 'copy'],
    ['holidays', { id: 'de.german#holiday@group.v.calendar.google.com', accessRole: 'reader' }, 'generated'],
  ])('%s', (_, entry, reader) => {
    expect(readerOf(entry, ada, colleagues)).toBe(reader)
  })

  test('of several who may write, all come to the same one', () => {
    const acl = [
      { role: 'writer', scope: { type: 'user', value: 'ada@example.org' } },
      { role: 'owner', scope: { type: 'user', value: 'Ken@example.org' } },
      { role: 'owner', scope: { type: 'user', value: 'frida@example.org' } },
    ]
    expect([readerByAccess(acl, ada, colleagues), readerByAccess(acl, ken, colleagues)]).toEqual(['others', 'own'])
    const equal = acl.map((rule) => ({ ...rule, role: 'writer' }))
    expect([readerByAccess(equal, ada, colleagues), readerByAccess(equal, ken, colleagues)]).toEqual(['own', 'others'])
    expect(readerByAccess([{ role: 'reader', scope: { type: 'domain', value: 'example.org' } }], ada, colleagues)).toBe('copy')
  })
})
