import { describe, expect, test } from 'vitest'
import type { ItemId } from '../../../../src/contract/ids.ts'
import type { Item } from '../../../../src/contract/item.ts'
import type { Person } from '../../../../src/contract/target.ts'
import { definition } from '../../../../targets/gitlab/definition.ts'
import { gitlabMapper } from '../../../../targets/gitlab/map/mapper.ts'
import type { GitlabOperation } from '../../../../targets/gitlab/operations.ts'
import * as the from '../items.ts'

interface Given {
  readonly others?: readonly Item[]
  readonly settings?: Readonly<Record<string, unknown>>
  readonly people?: Readonly<Record<string, Person>>
  readonly users?: readonly { username: string; name: string; email: string; publicEmail: string | null }[]
}
const world = [the.account(the.ada), the.account(the.bob), the.repository()]
function map(item: Item, { others = [], settings = {}, people = {}, users }: Given = {}) {
  const all = [...world.filter(({ id }) => id !== item.id && others.every((other) => other.id !== id)), ...others, item]
  const survey = users === undefined ? undefined : { version: '18.6.0', users: [...users], paths: ['acme'] }
  const mapped = gitlabMapper(the.directoryOf(all, people), the.settings(settings), survey).map(item)
  const support = definition.capabilities[item.kind]
  const announced: readonly string[] = support.level === 'partial' ? support.loses : mapped.losses.map(({ code }) => code)
  expect(mapped.losses.map(({ code }) => code).filter((code) => !announced.includes(code))).toEqual([])
  return mapped
}
function only<T extends GitlabOperation['type']>(item: Item, type: T, given: Given = {}) {
  const { ops, losses } = map(item, given)
  const found = ops.filter((op) => op.type === type) as Extract<GitlabOperation, { type: T }>[]
  expect(found).toHaveLength(1)
  return { op: found[0] as Extract<GitlabOperation, { type: T }>, losses, codes: losses.map(({ code }) => code) }
}

describe('people', () => {
  const mapped = { name: 'Ada', addresses: [], accounts: { lab: 'a.lovelace' } }
  const there = { username: 'countess', name: 'Ada', email: 'ada@corp.test', publicEmail: 'ada@example.test' }
  const stranger = { username: 'ada', name: 'Another Ada', email: 'other@corp.test', publicEmail: null }
  test.each([
    ['the people map', { people: { 'account/11': mapped }, users: [there] }, 'a.lovelace', 'map'],
    [
      'a public address that is their primary one',
      { users: [{ ...there, email: 'ada@example.test', publicEmail: null }] },
      'countess',
      'email',
    ],
    ['a public address', { users: [there, stranger] }, 'countess', 'email'],
    ['nothing, as a user made for them', { users: [] }, 'ada', 'shadow'],
    ['nothing, and somebody else is called so', { users: [stranger] }, 'ada.github', 'shadow'],
    [
      'the user made by an earlier run',
      { users: [{ username: 'ada.github', name: 'ada', email: 'ada@github.invalid', publicEmail: null }, stranger] },
      'ada.github',
      'shadow',
    ],
  ] satisfies [string, Given, string, string][])('are found by %s', (_, given, username, from) => {
    const item = the.account(the.ada, { email: 'ada@example.test' })
    expect(only(item, 'user', given).op).toMatchObject({ login: 'ada', username, from })
    expect(only(the.issue(1), 'issue', { ...given, others: [item] }).op.author).toEqual({ login: 'ada', username })
  })
  test('with nobody in the people map, the importing user stands in and the text names the author', () => {
    const { op, codes } = only(the.issue(1), 'issue', { settings: { users: 'map-only' } })
    expect([op.author, op.text]).toEqual([{ login: 'ada', username: null }, '*By `ada` on 2024-05-06*\n\nSome text'])
    expect(codes).toContain('author-replaced')
  })
  test.each([
    ['passer-by', 'passer-by'],
    ['dependabot[bot]', 'dependabot.bot'],
    ['ends-', 'ends.a8a98f'],
    ['two--dashes', 'two-dashes.a0f73e'],
    ['admin', 'admin.github'],
  ])('who only passed by are called by their login: %s', (login, username) => {
    const { op } = only(the.issue(1, { author: { account: 'account/9', login } }), 'issue')
    expect(op.author.username?.replace(/\.[0-9a-f]{6}$/, '.#')).toBe(username.replace(/\.[0-9a-f]{6}$/, '.#'))
  })
  test('whose account is gone have a user of their own, and a loss says so', () => {
    const { op, codes } = only(the.issue(1, { author: null }), 'issue')
    expect([op.author.username, codes]).toEqual(['ghost.deleted', ['author-replaced']])
  })
})

describe('texts', () => {
  const pull = the.changeRequest(7)
  test('say !N for change requests, mention by the new names, and leave code alone', () => {
    const people = { 'account/12': { name: 'Bob', addresses: [], accounts: { lab: 'robert' } } }
    const { op } = only(the.issue(1, { text: 'Like #7 and #2, @bob, not `#7`' }), 'issue', { others: [pull, the.issue(2)], people })
    expect(op.text).toBe('Like !7 and #2, @robert, not `#7`')
  })
  test('have their files under a secret made from the address, and only those that were given', () => {
    const blobs = new the.Blobs()
    const url = 'https://github.com/user-attachments/assets/one'
    const lost = 'https://github.com/user-attachments/assets/two'
    const attachments = [the.file('a b.png', url, 0), { ...the.file('x', lost, null), state: 'withheld' as const }]
    const { op, codes } = only(the.issue(1, { text: `![x](${url}) ![y](${lost})`, attachments }, [blobs.put('x')]), 'issue')
    expect(op.uploads).toMatchObject([{ name: 'a_b.png', secret: expect.stringMatching(/^[0-9a-f]{32}$/) }])
    expect(op.text).toContain(`](/uploads/${op.uploads[0]?.secret}/a_b.png)`)
    expect(codes).toContain('withheld-by-source')
  })
  test('that hold what cannot be carried say so, without the keys in its address', () => {
    const url = 'https://github.com/acme/app/assets/1/2?jwt=secret'
    const { losses } = only(the.issue(1, { text: `![x](${url}) and https://github.com/acme/gone/pull/5?x=1` }), 'issue')
    expect(losses).toMatchObject([{ code: 'no-such-concept', effect: { field: 'references' } }])
    expect(losses[0]?.detail).toContain('https://github.com/acme/app/assets/1/2 (')
    expect(losses[0]?.detail).not.toMatch(/secret|x=1/)
  })
  test('that no database takes are cleaned, that are too long are cut, and a loss says so', () => {
    const { op, codes } = only(the.issue(1, { text: `a\0\ud800${'b'.repeat(1_048_576)}` }), 'issue')
    expect(op.text.length).toBeLessThanOrEqual(1_048_576)
    expect(op.text).toMatch(/^a\ufffd\ufffdb+\n\n\*\(cut here\)\*$/)
    expect(codes).toEqual(['invalid-at-source', 'too-large'])
  })
  test('a title that is too long is cut and stands whole in the text', () => {
    const title = '\u{1f600}'.repeat(256)
    const { op, codes } = only(the.issue(1, { title }), 'issue')
    expect([Array.from(op.title).length, op.text, codes]).toEqual([255, `**${title}**\n\nSome text`, ['too-large']])
  })
})

describe('labels', () => {
  test.each([
    ['a, b', 'a; b', ['name-changed']],
    ['x'.repeat(300), 'x'.repeat(255), ['name-changed']],
    ['Bug', 'Bug', []],
    ['bug', 'bug', []],
  ])('keep their names where GitLab takes them: %.10s', (name, title, lost) => {
    const { op, codes } = only(the.label(name), 'label')
    expect([op.title, op.color, codes]).toEqual([title, '#d73a4a', lost])
  })
  test('without a colour get one, and a loss says so', () => {
    expect(only(the.label('bug', ''), 'label')).toMatchObject({ op: { color: '#6699cc' }, codes: ['invalid-at-source'] })
  })
})

describe('issues and change requests', () => {
  test.each([
    ['several assignees', the.issue(1, { assignees: [the.ada, the.bob] }), { assignees: [{ login: 'ada' }] }, 'no-such-concept'],
    ['a reason of closing', the.issue(1, { state: 'closed', stateReason: 'not_planned' }), { state: 'closed' }, 'no-such-concept'],
    ['a title of a draft', the.changeRequest(1, { title: '[Draft] x' }), { draft: false, title: '[Draft] x' }, 'no-such-concept'],
    ['teams to review', the.changeRequest(1, { reviewerGroups: ['group/1'] }), { reviewers: [] }, 'no-such-concept'],
    ['a nameless reaction', the.issue(1, { reactions: [{ content: 'heart', by: null, at: null }] }), { awards: [] }, 'withheld-by-source'],
  ] satisfies [string, Item, object, string][])('say what is lost of %s', (_, item, shape, code) => {
    const { ops, losses } = map(item)
    expect(ops).toMatchObject([shape])
    expect(losses.map((loss) => loss.code)).toEqual([code])
  })
  test('a draft says so in its title, once it is merged no more', () => {
    expect(only(the.changeRequest(1, { draft: true }), 'merge-request').op).toMatchObject({ title: 'Draft: A title', draft: true })
    const merged = the.changeRequest(1, { draft: true, state: 'merged', mergedAt: the.T })
    expect(only(merged, 'merge-request').op).toMatchObject({ title: 'A title', draft: false, mergedAt: '2024-05-06T07:08:09.000Z' })
  })
  test('reactions have the names of GitLab, each person once', () => {
    const reactions = ['+1', 'thumbsup', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'].map((content) => ({
      content,
      by: the.bob,
      at: the.T,
    }))
    const names = only(the.issue(1, { reactions }), 'issue').op.awards.map(({ name }) => name)
    expect(names).toEqual(['thumbsup', 'thumbsdown', 'laughing', 'tada', 'confused', 'heart', 'rocket', 'eyes'])
  })
})

describe('what hangs on them', () => {
  test('comments of one second stay two by the milliseconds of their ids', () => {
    const times = [5, 1006].map((id) => only(the.comment(`issue/${id}`, 'issue/1/1'), 'note').op.createdAt)
    expect(times).toEqual(['2024-05-06T07:08:09.005Z', '2024-05-06T07:08:09.006Z'])
  })
  test('a hidden comment stands behind a fold, an empty one says that it is empty', () => {
    expect(only(the.comment('issue/5', 'issue/1/1', { hidden: 'spam', text: '' }), 'note')).toMatchObject({
      op: { text: '<details><summary>Hidden at the source: spam</summary>\n\n*(no text)*\n\n</details>' },
      codes: ['text-changed', 'text-changed'],
    })
  })
  test('a comment on a commit quotes its line', () => {
    const { op, codes } = only(the.comment('commit/5', `commit/1/${'a'.repeat(40)}`, { anchor: the.anchor('a`b', 3) }), 'note')
    expect(op.text).toBe('*On* `` a`b:3 ``\n\n```diff\n@@ -1 +1 @@\n-old\n+new\n```\n\nA comment')
    expect([op.on, op.anchor, codes]).toEqual([{ type: 'commits', sha: 'a'.repeat(40) }, null, ['text-changed']])
  })
  test.each([
    ['commented', '', []],
    ['commented', 'Words', ['note']],
    ['approved', '', ['verdict']],
    ['changes-requested', 'Words', ['verdict', 'note']],
  ] as const)('a review (%s, "%s") is words, a verdict, both or neither', (state, text, types) => {
    expect(map(the.review(1, 3, { state, text })).ops.map(({ type }) => type)).toEqual(types)
  })
  test.each([
    ['labeled', { label: { name: 'a,b', color: 'fff' } }, { type: 'event', event: { type: 'label', action: 'add', label: 'a;b' } }],
    ['demilestoned', { milestone: 'v1' }, { type: 'event', event: { type: 'milestone', action: 'remove', milestone: 'v1' } }],
    ['reopened', {}, { type: 'event', event: { type: 'state', state: 'reopened' } }],
    ['assigned', { subject: the.bob }, { type: 'note', text: 'assigned to @bob', system: { action: 'assignee' } }],
    ['assigned', { subject: the.passer }, { type: 'note', text: 'assigned to `passer-by`' }],
    [
      'cross-referenced',
      { reference: 'https://github.com/acme/app/pull/7' },
      { type: 'note', text: 'mentioned in https://lab.example.test/acme/app/-/merge_requests/7' },
    ],
    ['pinned', {}, { type: 'note', text: '*pinned* (at the source)', system: { action: null } }],
  ] as const)('%s is a record of GitLab or a note that tells it', (type, more, shape) => {
    expect(map(the.event(5, 'issue/1/1', type, more), { others: [the.changeRequest(7)] }).ops).toMatchObject([shape])
  })
  test('subscriptions are dropped and counted', () => {
    expect(map(the.event(5, 'issue/1/1', 'subscribed'))).toMatchObject({ ops: [], losses: [{ effect: { type: 'dropped' } }] })
  })
})

describe('places', () => {
  test('a project is never seen by more people than before', () => {
    const shown = (visibility: 'public' | 'internal' | 'private', widest: string) =>
      only(the.repository('app', the.R, { visibility }), 'project', { settings: { visibility: widest } })
    expect(shown('public', 'internal')).toMatchObject({ op: { visibility: 'internal' }, codes: ['access-narrowed'] })
    expect(shown('internal', 'public')).toMatchObject({ op: { visibility: 'internal' }, codes: [] })
    expect(shown('private', 'public')).toMatchObject({ op: { visibility: 'private' }, codes: [] })
  })
  test('names that GitLab refuses are changed, and nobody takes the plain name of another', () => {
    const odd = the.repository('.github', 'repository/0' as ItemId)
    const plain = the.repository('github', 'repository/2' as ItemId)
    expect(only(odd, 'project', { others: [plain] })).toMatchObject({ op: { project: 'acme/github-2' }, codes: ['name-changed'] })
    expect(only(plain, 'project', { others: [odd] })).toMatchObject({ op: { project: 'acme/github' }, codes: [] })
    expect(only(the.repository('wikis'), 'project').op.project).toBe('acme/wikis-repository')
  })
  test('what is to be left out is left out with all that is in it', () => {
    const given = { settings: { exclude: ['ap*'] } }
    expect(map(the.repository(), given)).toMatchObject({ ops: [], losses: [{ code: 'excluded-by-policy' }] })
    expect(map(the.issue(1), given)).toMatchObject({ ops: [], losses: [{ code: 'excluded-by-policy' }] })
  })
  test('a rehearsal lies below the group, and its users are others', () => {
    const config = definition.scratch(the.settings({ visibility: 'public' }), 'Run-1')
    expect(config).toMatchObject({ group: 'acme/rehearsal-run1', visibility: 'private', scratch: 'run1' })
    const { ops } = gitlabMapper(the.directoryOf(world), config, undefined).map(the.account(the.ada))
    expect(ops).toMatchObject([{ username: 'ada.rrun1', email: 'ada@rrun1.github.invalid' }])
  })
})

test('a discussion becomes an issue of the same number with a label for its category', () => {
  expect(only(the.discussion(9, { answer: 'comment/1/discussion/4' }), 'issue')).toMatchObject({
    op: { iid: 9, from: 'discussion', labels: ['discussion::Ideas'], key: 'gitlab/discussion/1/9' },
    codes: ['no-such-concept', 'no-such-concept'],
  })
})
test('files of a release answer at an address that is known before, whatever its tag holds', () => {
  const blobs = new the.Blobs()
  const assets = [the.file('a b.zip', 'https://github.com/x', 0), the.file('lost', 'https://github.com/y', null)]
  const { op, codes } = only(the.release('lib/v1', { assets, prerelease: true }, [blobs.put('zip')]), 'release')
  expect(op.assets).toMatchObject([{ name: 'a_b.zip', package: 'release-assets', version: expect.stringMatching(/^lib-v1-[0-9a-f]{8}$/) }])
  expect(op.assets[0]?.url).toBe(
    `https://lab.example.test/api/v4/projects/acme%2Fapp/packages/generic/release-assets/${op.assets[0]?.version}/a_b.zip`,
  )
  expect(codes.toSorted()).toEqual(['name-changed', 'no-such-concept', 'withheld-by-source'])
  expect(map(the.release('v2', { draft: true }))).toMatchObject({ ops: [], losses: [{ code: 'no-such-concept' }] })
})

test('the same items give the same operations, and a key that never changes', () => {
  const item = the.issue(1, { text: 'See #2' })
  const once = only(item, 'issue').op
  expect(only(item, 'issue').op).toEqual(once)
  const changed = only(the.issue(1, { text: 'See #3' }), 'issue').op
  expect([changed.key, changed.revision === once.revision]).toEqual([once.key, false])
})
