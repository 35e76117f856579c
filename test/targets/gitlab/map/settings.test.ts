import { expect, test } from 'vitest'
import type { ItemId } from '../../../../src/contract/ids.ts'
import type { Item } from '../../../../src/contract/item.ts'
import type { Protection, RepositorySettings } from '../../../../src/model/repository-settings.ts'
import { definition } from '../../../../targets/gitlab/definition.ts'
import { gitlabMapper } from '../../../../targets/gitlab/map/mapper.ts'
import type { SettingsOperation } from '../../../../targets/gitlab/setting-operations.ts'
import * as the from '../items.ts'

const team = the.item('group', 'group/7' as ItemId, {
  handle: 'core',
  name: 'Core & Friends',
  description: '',
  members: ['account/11', 'account/12', 'account/404'],
  active: true,
})
const items = [the.account(the.ada), the.account(the.bob), the.repository(), team]
const mapper = gitlabMapper(the.directoryOf(items), the.settings(), undefined)
function settingsOf(more: Partial<RepositorySettings>) {
  const item = the.item('repository-settings', 'repository-settings/1' as ItemId, {
    repository: the.R,
    protections: [],
    webhooks: [],
    environments: [],
    variables: [],
    secrets: [],
    members: [],
    teams: [],
    autolinks: [],
    workflows: [],
    merging: null,
    unseen: [],
    ...more,
  })
  const { ops, losses } = mapper.map(item)
  const support = definition.capabilities['repository-settings']
  for (const { code } of losses) expect(support.level === 'partial' ? support.loses : []).toContain(code)
  return { ops: ops as readonly SettingsOperation[], losses }
}
const rule = (more: Partial<Protection> = {}): Protection => ({
  pattern: 'main',
  of: 'branch',
  origin: 'protection',
  enforced: true,
  allowForcePush: false,
  allowDeletion: false,
  requiresChangeRequest: false,
  approvals: null,
  codeOwners: false,
  checks: [],
  pushers: null,
  linearHistory: false,
  signedCommits: false,
  others: [],
  ...more,
})

test.each([
  ['anybody with write access may push', rule(), { type: 'protected-branch', name: 'main', push: 30, merge: 30, allowForcePush: false }],
  ['changes come by request alone', rule({ requiresChangeRequest: true }), { push: 0, merge: 30 }],
  ['a few may push', rule({ pushers: ['ada'] }), { push: 40, merge: 40 }],
  ['forcing is allowed', rule({ allowForcePush: true }), { allowForcePush: true }],
  ['a pattern of a ruleset', rule({ pattern: 'refs/heads/release/**/*', origin: 'ruleset' }), { name: 'release/*/*' }],
  ['a tag', rule({ of: 'tag', pattern: 'v*' }), { type: 'protected-tag', name: 'v*', create: 40 }],
])('a rule is never looser than it was: %s', (_, given, shape) => {
  expect(settingsOf({ protections: [given] }).ops).toMatchObject([shape])
})
test('several rules of one branch become the strictest of them', () => {
  const { ops } = settingsOf({ protections: [rule({ allowForcePush: true }), rule({ requiresChangeRequest: true })] })
  expect(ops).toMatchObject([{ name: 'main', push: 0, allowForcePush: false }])
})
test('what a rule says beyond GitLab is named, and a rule that was off stays off', () => {
  const more = { approvals: 2, codeOwners: true, checks: ['build'], signedCommits: true, others: ['deploy first'] }
  const { ops, losses } = settingsOf({ protections: [rule(more), rule({ pattern: 'dev', enforced: false })] })
  expect(ops).toHaveLength(1)
  expect(losses.map(({ detail }) => detail).toSorted()).toEqual([
    'of main: 2 approvals; approval by code owners; the checks build; signed commits; deploy first',
    'the rule of dev was not enforced and is left out',
  ])
})
test('people and teams get no more rights than they had', () => {
  const members = (['read', 'triage', 'write', 'maintain', 'admin'] as const).map((role, n) => ({
    account: { account: `account/${n + 20}`, login: `user${n}` },
    role,
  }))
  const { ops, losses } = settingsOf({ members, teams: [{ group: team.id, role: 'write' }] })
  expect(ops.map((op) => ('access' in op ? op.access : undefined))).toEqual([20, 20, 30, 40, 40, 30])
  expect(ops.at(-1)).toMatchObject({ type: 'share', group: 'acme/team-core', project: 'acme/app' })
  expect(losses).toMatchObject([{ code: 'access-narrowed' }])
})
test('hooks and variables come, and what nobody gives away becomes a list of things to do', () => {
  const { ops, losses } = settingsOf({
    webhooks: [{ url: 'https://ci.example.test/hook?token=secret', events: ['push'], active: true, verifyTls: true }],
    variables: [{ name: 'REGION', value: 'eu', environment: 'live' }],
    secrets: [{ name: 'KEY', environment: null }],
    workflows: ['.github/workflows/ci.yml'],
    autolinks: [{ prefix: 'JIRA-', url: 'https://jira.example.test/<num>' }],
    unseen: ['rulesets'],
  })
  expect(ops).toMatchObject([
    { type: 'hook', url: 'https://ci.example.test/hook?token=secret' },
    { type: 'variable', name: 'REGION', value: 'eu', scope: 'live' },
  ])
  expect(losses.map(({ effect }) => (effect.type === 'degraded' ? effect.field : ''))).toEqual([
    'webhooks',
    'secrets',
    'autolinks',
    'workflows',
    'rulesets',
  ])
  expect(JSON.stringify([losses, ops.map(({ key, summary }) => [key, summary])])).not.toContain('token=secret')
})
test.each([
  [
    { merge: true, squash: true, rebase: false, deleteBranch: true },
    { method: 'merge', squash: 'default_off', removeSourceBranch: true },
  ],
  [
    { merge: false, squash: true, rebase: false, deleteBranch: false },
    { method: 'ff', squash: 'always' },
  ],
  [
    { merge: true, squash: false, rebase: false, deleteBranch: false },
    { method: 'merge', squash: 'never' },
  ],
])('ways of merging %o', (merging, shape) => {
  expect(settingsOf({ merging }).ops).toMatchObject([{ type: 'merging', ...shape }])
})

test('a team is a group under a name that GitLab takes, and is mentioned by its path', () => {
  const { ops, losses } = mapper.map(team)
  expect(ops).toMatchObject([
    { type: 'group', path: 'acme/team-core', name: 'Core Friends', members: [{ username: 'ada' }, { username: 'bob' }] },
  ])
  expect(losses.map(({ code }) => code).toSorted()).toEqual(['author-replaced', 'name-changed', 'name-changed'])
  const mentioning = the.issue(1, { text: 'Ask @acme/core, or @acme/nobody' })
  expect(mapper.map(mentioning as Item).ops).toMatchObject([{ text: 'Ask @acme/team-core, or `@acme/nobody`' }])
})
