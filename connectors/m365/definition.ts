import type { ConnectorDefinition } from '../../src/contract/connector.ts'
import { none } from '../../src/contract/fidelity.ts'
import { M365Config } from './config.ts'
import { limits, quotaOf } from './limits.ts'

const api = 'https://learn.microsoft.com/graph/api'

export const definition: ConnectorDefinition<'m365', M365Config> = {
  id: 'm365',
  title: 'Microsoft 365',
  config: M365Config,
  capabilities: {
    account: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'people without a mailbox in Exchange Online have nothing but their entry, and no picture',
      source: `${api}/user-list`,
    },
    group: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'members of groups with hidden membership need Member.Read.Hidden',
      source: `${api}/group-list-transitivemembers`,
    },
    mailbox: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'search folders, archive mailboxes and things in mail folders that are no mails are not given',
      source: `${api}/user-list-mailfolders`,
    },
    'mail-settings': {
      level: 'partial',
      loses: ['withheld-by-source', 'no-such-concept'],
      note: 'signatures, delegates and forwarding set by administrators are not given',
      source: `${api}/user-get-mailboxsettings`,
    },
    mail: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source', 'text-changed'],
      note: 'Exchange keeps mails in a form of its own and writes them anew; what it cannot write is built from its parts',
      source: `${api}/message-get`,
    },
    ...none(
      ['calendar', 'event', 'addressbook', 'contact', 'tasklist', 'task'],
      'not read yet',
      'https://learn.microsoft.com/graph/outlook-mail-concept-overview',
    ),
    ...none(['emoji', 'channel', 'message'], 'chats of Teams are not read', 'https://learn.microsoft.com/graph/teams-concept-overview'),
  },
  limits,
  quotaOf,
  async open(name, config, ports) {
    return (await import('./session.ts')).openM365(name, config, ports)
  },
}
