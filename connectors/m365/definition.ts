import type { ConnectorDefinition } from '../../src/contract/connector.ts'
import { none } from '../../src/contract/fidelity.ts'
import { codeKinds } from '../../src/model/code-kinds.ts'
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
    calendar: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source', 'no-such-concept', 'access-narrowed', 'excluded-by-policy'],
      note: "calendars of groups are not given to apps; somebody else's shared calendar is read as that person's own; rights of people's own making have no counterpart",
      source: `${api}/user-list-calendars`,
    },
    event: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source', 'no-such-concept'],
      note: 'addresses of attached links are not given; legacy time zones without a name become UTC; an event without a start is left out',
      source: `${api}/event-get`,
    },
    addressbook: {
      level: 'partial',
      loses: ['withheld-by-source'],
      note: 'shared address books and the global address list are not given as folders',
      source: `${api}/contactfolder-delta`,
    },
    contact: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'contact lists, fax and pager numbers and anniversaries are not given',
      source: `${api}/resources/contact`,
    },
    tasklist: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'plans outside of groups of Microsoft 365 are not given to apps',
      source: `${api}/plannergroup-list-plans`,
    },
    task: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source', 'no-such-concept'],
      note: "comments of Planner stand in the group's mailbox and are not read",
      source: `${api}/resources/plannertask`,
    },
    ...none(codeKinds, 'Microsoft 365 has none', 'https://learn.microsoft.com/graph/overview'),
    ...none(['emoji', 'channel', 'message'], 'chats of Teams are not read', 'https://learn.microsoft.com/graph/teams-concept-overview'),
  },
  limits,
  // Budgets are per person: so many people are read at a time as a small machine can hold.
  atOnce: 64,
  quotaOf,
  async open(name, config, ports) {
    return (await import('./session.ts')).openM365(name, config, ports)
  },
}
