import type { ConnectorDefinition } from '../../src/contract/connector.ts'
import { none } from '../../src/contract/fidelity.ts'
import { codeKinds } from '../../src/model/code-kinds.ts'
import { SlackConfig } from './config.ts'
import { limits, quotaOf } from './limits.ts'

const methods = 'https://docs.slack.dev/reference/methods'

export const definition: ConnectorDefinition<'slack', SlackConfig> = {
  id: 'slack',
  title: 'Slack',
  config: SlackConfig,
  capabilities: {
    account: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'people of other organisations are listed by no method; their messages keep their id',
      source: `${methods}/users.list`,
    },
    group: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'needs usergroups:read; an export has no user groups',
      source: `${methods}/usergroups.list`,
    },
    emoji: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'needs emoji:read; an export has no emoji',
      source: `${methods}/emoji.list`,
    },
    channel: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source', 'excluded-by-policy'],
      note: 'private channels and direct messages that the token is not in are out of sight; an export has no bookmarks',
      source: `${methods}/conversations.list`,
    },
    message: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'earlier versions of edited messages, bytes of deleted files and long lists of who reacted are not given',
      source: `${methods}/conversations.history`,
    },
    ...none(
      ['mailbox', 'mail-settings', 'mail', 'calendar', 'event', 'addressbook', 'contact', 'tasklist', 'task', ...codeKinds],
      'Slack has none',
      methods,
    ),
  },
  limits,
  quotaOf,
  async open(name, config, ports) {
    if (config.via === 'api') return (await import('./session.ts')).openApi(name, config, ports)
    return (await import('./export/session.ts')).openExport(name, config, ports)
  },
}
