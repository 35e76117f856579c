import type { ConnectorDefinition } from '../../src/contract/connector.ts'
import { none } from '../../src/contract/fidelity.ts'
import { GithubConfig } from './config.ts'
import { limits, quotaOf } from './limits.ts'

const rest = 'https://docs.github.com/en/rest'
const graphql = 'https://docs.github.com/en/graphql/reference/objects'

export const definition: ConnectorDefinition<'github', GithubConfig> = {
  id: 'github',
  title: 'GitHub',
  config: GithubConfig,
  capabilities: {
    account: {
      level: 'partial',
      loses: ['withheld-by-source'],
      note: 'addresses are given only where people made them public or the organisation verified their domain',
      source: `${rest}/orgs/members`,
    },
    group: { level: 'partial', loses: ['withheld-by-source'], note: 'needs to read members', source: `${rest}/teams/teams` },
    repository: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source', 'excluded-by-policy'],
      note: 'what the token does not see is counted and said; a repository that GitHub blocked gives its description only',
      source: `${rest}/repos/repos`,
    },
    'repository-settings': {
      level: 'partial',
      loses: ['withheld-by-source'],
      note: 'values of secrets and of the secrets of webhooks are given by no method; webhooks, variables and secrets need their own permissions',
      source: `${rest}/actions/secrets`,
    },
    'lfs-object': {
      level: 'partial',
      loses: ['withheld-by-source'],
      note: 'some pointers lead to files that were never uploaded',
      source: 'https://docs.github.com/en/repositories/working-with-files/managing-large-files',
    },
    label: {
      level: 'partial',
      loses: ['invalid-at-source'],
      note: 'complete but for what cannot be read',
      source: `${rest}/issues/labels`,
    },
    milestone: {
      level: 'partial',
      loses: ['invalid-at-source'],
      note: 'complete but for what cannot be read',
      source: `${rest}/issues/milestones`,
    },
    issue: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'earlier versions of texts, and private attachments that are no pictures, are not given to Apps and fine-grained tokens',
      source: `${rest}/issues/issues`,
    },
    'change-request': {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'as issues',
      source: `${rest}/pulls/pulls`,
    },
    comment: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'as issues; a reaction to a comment on a line that came long after it is seen when its change request changes',
      source: `${rest}/issues/comments`,
    },
    review: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'reviews that were begun and not sent are shown to their author only',
      source: `${graphql}#pullrequestreview`,
    },
    thread: { level: 'full' },
    'timeline-event': {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'the list of events lacks what only a timeline shows, but for cross references',
      source: `${rest}/issues/events`,
    },
    release: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'complete but for files that GitHub lost',
      source: `${rest}/releases/releases`,
    },
    discussion: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'polls are not read',
      source: `${graphql}#discussion`,
    },
    board: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'views and automation of projects are not read; cards of repositories out of sight are not given',
      source: `${graphql}#projectv2`,
    },
    ...none(['emoji', 'channel', 'message'], 'GitHub has no chat', rest),
    ...none(
      ['mailbox', 'mail-settings', 'mail', 'calendar', 'event', 'addressbook', 'contact', 'tasklist', 'task'],
      'GitHub has none',
      rest,
    ),
  },
  limits,
  // Enough to use 900 requests a minute up; GitHub slows down who asks for more at once, and answers are large.
  atOnce: 8,
  quotaOf,
  async open(name, config, ports) {
    return (await import('./session.ts')).openGithub(name, config, ports)
  },
}
