import { describe, expect, test } from 'vitest'
import type { Mailbox } from '../../../../src/model/mailbox.ts'
import { keywordOf } from '../../../../targets/imap/map/keywords.ts'
import { choose } from '../../../../targets/imap/map/choose.ts'
import { planPlaces } from '../../../../targets/imap/map/places.ts'
import { rolesAmong } from '../../../../targets/imap/map/roles.ts'
import type { Settings } from '../../../../targets/imap/settings.ts'
import type { PersonSurvey } from '../../../../targets/imap/survey.ts'
import { definition } from '../../../../targets/imap/definition.ts'
import { MailWorld, settingsFor } from '../world.ts'

type Line = readonly [id: string, path: readonly string[], body?: Partial<Mailbox>]
const found = (more: Partial<PersonSurvey> = {}): PersonSurvey => ({
  login: 'ada',
  prefix: '',
  delimiter: '/',
  forbidden: '',
  roles: {},
  appendLimit: null,
  quota: null,
  ...more,
})

function places(lines: readonly Line[], survey: PersonSurvey | undefined, more: Partial<Settings> = {}) {
  const world = new MailWorld()
  for (const [id, path, body] of lines) world.mailbox(`ada/${id}`, path, body)
  return planPlaces([...world.directory.mailboxes.values()], survey, settingsFor({ host: '127.0.0.1', port: 1 }, more))
}
const folders = (
  lines: readonly Line[],
  survey: PersonSurvey | undefined = found(),
  more: Partial<Settings> = {},
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...places(lines, survey, more).of].map(([id, place]) => [
      id.slice('mailbox/ada/'.length),
      place.type === 'folder' ? place.folder : place.type,
    ]),
  )

describe('folders', () => {
  test('of a role go to what plays it there, by mark or by name in some language; what is in them follows', () => {
    const lines: readonly Line[] = [
      ['i', ['Posteingang'], { role: 'inbox' }],
      ['ip', ['Posteingang', 'Projekte']],
      ['s', ['Gesendete Elemente'], { role: 'sent' }],
      ['s2019', ['Gesendete Elemente', '2019']],
      ['t', ['Papierkorb'], { role: 'trash' }],
    ]
    const roles = rolesAmong(
      [
        { name: 'Gesendet', delimiter: '/', flags: [String.raw`\sent`] },
        { name: 'Papierkorb', delimiter: '/', flags: [] },
      ],
      '',
    )
    expect(folders(lines, found({ roles }))).toEqual({
      i: 'INBOX',
      ip: 'INBOX/Projekte',
      s: 'Gesendet',
      s2019: 'Gesendet/2019',
      t: 'Papierkorb',
    })
    expect(folders(lines, found({ prefix: 'INBOX.', delimiter: '.' }))).toEqual({
      i: 'INBOX',
      ip: 'INBOX.Projekte',
      s: 'INBOX.Sent',
      s2019: 'INBOX.Sent.2019',
      t: 'INBOX.Trash',
    })
    expect(folders(lines, found({ roles }), { below: ['Alt'] })).toEqual({
      i: 'Alt/INBOX',
      ip: 'Alt/INBOX/Projekte',
      s: 'Alt/Sent',
      s2019: 'Alt/Sent/2019',
      t: 'Alt/Trash',
    })
  })

  test('of one name stay two, also where the server makes one of them', () => {
    const lines: readonly Line[] = [
      ['a', ['a/b']],
      ['b', ['a_b']],
      ['c', ['A_B']],
      ['d', ['a', 'b']],
      ['e', ['inbox']],
      ['f', ['Archive']],
    ]
    const names = folders(lines)
    expect(new Set(Object.values(names).map((name) => name.toLowerCase())).size).toBe(lines.length)
    expect(folders(lines.toReversed())).toEqual(names)
    expect(names['e']).toBe('inbox (2)')
  })

  test('in a folder of the inbox and of the top, where the prefix makes these one, stay two', () => {
    const names = folders(
      [
        ['i', ['Inbox'], { role: 'inbox' }],
        ['ip', ['Inbox', 'Projekte']],
        ['p', ['Projekte']],
      ],
      found({ prefix: 'INBOX.', delimiter: '.' }),
    )
    expect(new Set([names['ip'], names['p']])).toEqual(new Set(['INBOX.Projekte', 'INBOX.Projekte (2)']))
  })

  test('with very long names differ still', () => {
    const long = (end: string): readonly string[] => [`${'Ä'.repeat(200)}${end}`]
    const { a = '', b = '' } = folders([
      ['a', long('1')],
      ['b', long('2')],
    ])
    expect(a).not.toBe(b)
    expect(Math.max(a.length, b.length)).toBeLessThan(240)
  })
})

describe('a mail with many labels', () => {
  const lines: readonly Line[] = [
    ['inbox', ['Inbox'], { type: 'label', role: 'inbox' }],
    ['sent', ['Sent'], { type: 'label', role: 'sent' }],
    ['trash', ['Trash'], { type: 'label', role: 'trash' }],
    ['star', ['Starred'], { type: 'label', role: 'flagged' }],
    ['vip', ['Important'], { type: 'label', role: 'important' }],
    ['work', ['Work'], { type: 'label' }],
    ['deep', ['Work', 'Acme', '2026'], { type: 'label' }],
  ]
  const chosen = (labels: Settings['labels'], ids: readonly string[], more: Partial<Settings> = {}) => {
    const choice = choose(
      ids.map((id) => `mailbox/ada/${id}`),
      places(lines, found(), { labels, ...more }),
      labels,
    )
    return choice === undefined
      ? 'left out'
      : `${choice.folders.map(({ folder }) => folder).join(' + ')} | ${choice.keywords.join(' ')}${choice.flagged ? ' *' : ''}`
  }
  test.each([
    ['primary', ['inbox', 'work', 'sent'], 'Work | Inbox Sent'],
    ['primary', ['work', 'deep'], 'Work/Acme/2026 | Work'],
    ['primary', ['inbox', 'sent'], 'Sent | Inbox'],
    ['primary', ['inbox', 'star', 'vip'], 'INBOX | $Important *'],
    ['primary', ['work', 'trash'], 'Trash | Work'],
    ['primary', [], 'Archive | '],
    ['copies', ['inbox', 'work', 'vip'], 'Work + INBOX | $Important'],
    ['copies', ['work', 'trash'], 'Trash | Work'],
    ['archive', ['work', 'deep'], 'Archive | Work Work/Acme/2026'],
    ['archive', ['inbox', 'work'], 'INBOX | Work'],
  ] as const)('%s: %j', (labels, ids, wanted) => expect(chosen(labels, ids)).toBe(wanted))

  test('is left out with the folder it stands in', () => expect(chosen('primary', ['work', 'trash'], { skip: ['trash'] })).toBe('left out'))
})

test('a mail in a folder that nobody has named goes into the inbox, and that is told', () => {
  const world = new MailWorld()
  world.account('ada')
  world.mailbox('ada/inbox', ['Inbox'], { role: 'inbox' })
  world.mail('ada/1', ['ada/forgotten'])
  const mapper = definition.mapper(world.directory, settingsFor({ host: 'x', port: 1 }), undefined)
  const [mapped] = world.ordered().flatMap((item) => (item.kind === 'mail' ? [mapper.map(item)] : []))
  expect(mapped).toMatchObject({
    ops: [{ folder: 'INBOX' }],
    losses: [{ code: 'invalid-at-source', effect: { type: 'degraded', field: 'mailboxes' } }],
  })
})

test('keywords are atoms, short, and the same name gives the same', () => {
  expect(['Red category', 'Größe', 'Kunde/Müller', '重要', 'x'.repeat(80), 'a(b)*%"\\]'].map(keywordOf)).toEqual([
    'Red_category',
    'Grosse',
    'Kunde/Muller',
    expect.stringMatching(/^__-[0-9a-f]{4}$/),
    expect.stringMatching(/^x{45}-[0-9a-f]{4}$/),
    'a_b______',
  ])
})

test('who has no address, no password or no way in is left out with that reason', () => {
  const world = new MailWorld()
  world.account('ada', { email: null })
  world.account('ben')
  for (const owner of ['ada', 'ben']) {
    world.mailbox(`${owner}/inbox`, ['Inbox'], { role: 'inbox' })
    world.mail(`${owner}/1`, [`${owner}/inbox`])
  }
  const access = { via: 'people', passwords: {} } as const
  const mapper = definition.mapper(world.directory, settingsFor({ host: 'x', port: 1 }, { access }), undefined)
  const codes = world.ordered().flatMap((item) => (item.kind === 'mail' ? mapper.map(item).losses : []))
  expect(codes).toMatchObject([{ code: 'excluded-by-policy' }, { code: 'excluded-by-policy' }])
  world.people.set('account/ada' as never, { name: 'Ada', addresses: [], accounts: { post: 'lovelace' } })
  const named = definition.mapper(world.directory, settingsFor({ host: 'x', port: 1 }), undefined)
  expect(world.ordered().flatMap((item) => named.map(item).ops.map((op) => op.login))).toContain('lovelace')
})
