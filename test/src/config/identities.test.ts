import { expect, test } from 'vitest'
import { identitiesText, parseIdentities, reviewed, type IdentityLine } from '../../../src/config/identities.ts'
import { proposeIdentities, type FoundAccount } from '../../../src/config/propose.ts'

const anna: IdentityLine = {
  name: 'Anna Muster',
  addresses: ['Anna@example.org'],
  accounts: { slack: 'anna', chat: 'anna.muster' },
  proposed: false,
}
const found = (account: string, email: string | null, service = 'slack'): FoundAccount => ({
  service,
  account,
  name: account.toUpperCase(),
  email,
})

test('joins accounts of several services to one person by e-mail, in any letter case', () => {
  const { people, added } = proposeIdentities([], [found('bert', 'bert@example.org'), found('b.ert', 'BERT@example.org', 'chat')])
  expect(added).toBe(1)
  expect(people).toEqual([{ name: 'B.ERT', addresses: ['BERT@example.org'], accounts: { chat: 'b.ert', slack: 'bert' }, proposed: true }])
})

test('gives the same answer for the same accounts in any order', () => {
  const accounts = [found('c', 'c@x.org'), found('a', null), found('b', 'C@x.org', 'chat')]
  expect(proposeIdentities([anna], accounts)).toEqual(proposeIdentities([anna], accounts.toReversed()))
})

test('never changes a reviewed line, and says what does not fit', () => {
  const { people, added, conflicts } = proposeIdentities(
    [anna],
    [found('anna2', 'anna@example.org'), found('a', 'anna@example.org', 'wiki')],
  )
  expect(people).toEqual([anna])
  expect(added).toBe(0)
  expect(conflicts.map(({ detail }) => detail)).toEqual([
    expect.stringContaining('the file says anna'),
    expect.stringContaining('add it by hand'),
  ])
})

test('adds an account to a proposed person and takes nothing away', () => {
  const proposed: IdentityLine = { ...anna, accounts: { slack: 'anna' }, proposed: true }
  const { people, extended } = proposeIdentities([proposed], [found('anna', 'anna@example.org'), found('am', 'anna@example.org', 'wiki')])
  expect(extended).toBe(1)
  expect(people[0]?.accounts).toEqual({ slack: 'anna', wiki: 'am' })
})

test('keeps people without an address apart, and finds them again by account', () => {
  const once = proposeIdentities([], [found('bot1', null), found('bot2', null)])
  expect(once.added).toBe(2)
  expect(proposeIdentities(once.people, [found('bot1', null), found('bot2', null)]).added).toBe(0)
})

test('accounts on a target join people and make none', () => {
  const there = [
    found('anna.m', 'ANNA@example.org', 'new-chat'),
    found('b.ert', 'bert@example.org', 'new-chat'),
    found('stranger', 's@example.org', 'new-chat'),
  ]
  const { people, added, conflicts } = proposeIdentities([anna], [found('bert', 'bert@example.org')], there)
  expect(added).toBe(1)
  expect(people[1]).toEqual({
    name: 'BERT',
    addresses: ['bert@example.org'],
    accounts: { slack: 'bert', 'new-chat': 'b.ert' },
    proposed: true,
  })
  expect(conflicts).toMatchObject([{ person: 'Anna Muster' }])
})

const file = `# who is who
people:
  - name: Anna Muster   # our boss
    addresses: [Anna@example.org]
    accounts: { slack: anna, chat: anna.muster }
`
test('writing keeps comments, order and reviewed lines as they are', () => {
  const { people } = proposeIdentities(parseIdentities('identities.yaml', file), [found('bert', 'bert@example.org')])
  const text = identitiesText(file, people)
  expect(text.startsWith(file)).toBe(true)
  expect(parseIdentities('identities.yaml', text)).toEqual(people)
})

test('a proposed person gains an account in place, between reviewed ones', () => {
  const before = `${file}  - name: Bert\n    addresses: [bert@example.org]\n    accounts: { slack: bert }\n    proposed: true\n  - { name: Carl, accounts: { slack: carl } } # two lines would do\n`
  const { people } = proposeIdentities(parseIdentities('identities.yaml', before), [
    found('b.ert', 'bert@example.org', 'chat'),
    found('dora', null),
  ])
  const text = identitiesText(before, people)
  expect(text.startsWith(file)).toBe(true)
  expect(text).toContain('  - { name: Carl, accounts: { slack: carl } } # two lines would do\n')
  expect(parseIdentities('identities.yaml', text)).toEqual(people)
})

test('a new file explains itself, and proposed people are not used before somebody has looked', () => {
  const { people } = proposeIdentities([], [found('bert', 'bert@example.org')])
  const text = identitiesText(undefined, people)
  expect(text).toContain('# Who is who')
  const read = parseIdentities('identities.yaml', text)
  expect(reviewed(read)).toEqual([])
  expect(reviewed(parseIdentities('identities.yaml', text.replace(/ *proposed: true\n/, '')))).toMatchObject([{ name: 'BERT' }])
})

test('an account that two people claim is told with its line', () => {
  const doubled = `${file}  - name: Bert\n    accounts: { slack: ANNA }\n`
  expect(() => parseIdentities('identities.yaml', doubled)).toThrow(
    expect.objectContaining({
      code: 'config',
      what: expect.stringMatching(/^identities\.yaml:7:24: account ANNA of slack is already with Anna Muster$/),
    }),
  )
})
