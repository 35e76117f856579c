import type { ConnectorDefinition } from '../../src/contract/connector.ts'
import { none } from '../../src/contract/fidelity.ts'
import { codeKinds } from '../../src/model/code-kinds.ts'
import { GoogleConfig } from './config.ts'
import { limits, quotaOf } from './limits.ts'

const gmail = 'https://developers.google.com/workspace/gmail/api/reference/rest/v1'
const calendar = 'https://developers.google.com/workspace/calendar/api/v3/reference'
const people = 'https://developers.google.com/people/api/rest/v1'
const tasks = 'https://developers.google.com/workspace/tasks/reference/rest/v1'
const directory = 'https://developers.google.com/workspace/admin/directory/reference/rest/v1'

export const definition: ConnectorDefinition<'google-workspace', GoogleConfig> = {
  id: 'google-workspace',
  title: 'Google Workspace',
  config: GoogleConfig,
  capabilities: {
    account: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'passwords and second factors are given by no method; one account alone sees only itself',
      source: `${directory}/users`,
    },
    group: {
      level: 'partial',
      loses: ['withheld-by-source', 'no-such-concept', 'invalid-at-source'],
      note: 'members outside of the organisation have no account here; what was written to a group is in no API',
      source: `${directory}/members/list`,
    },
    mailbox: { level: 'full' },
    'mail-settings': {
      level: 'partial',
      loses: ['withheld-by-source'],
      note: 'delegates are shown to service accounts only; filters keep what the model has no word for in words of Google',
      source: `${gmail}/users.settings.delegates/list`,
    },
    mail: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'pseudo mails of Chat have no RFC 822 form; whether a mail was answered or forwarded is not given',
      source: `${gmail}/users.messages`,
    },
    calendar: {
      level: 'partial',
      loses: ['withheld-by-source', 'access-narrowed', 'excluded-by-policy'],
      note: 'who may see a calendar is shown to those only who may write in it; calendars that Google makes for everybody (holidays, birthdays) are left out',
      source: `${calendar}/acl`,
    },
    event: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'files lie in Google Drive and are kept as links; Google may leave out who was invited',
      source: `${calendar}/events`,
    },
    addressbook: {
      level: 'partial',
      loses: ['withheld-by-source'],
      note: 'a list of contacts that Google refuses is left as it was',
      source: `${people}/people.connections/list`,
    },
    contact: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'of "other contacts" only names, addresses, numbers and pictures are given',
      source: `${people}/otherContacts/list`,
    },
    tasklist: {
      level: 'partial',
      loses: ['withheld-by-source'],
      note: 'a list that Google refuses is left as it was',
      source: `${tasks}/tasklists`,
    },
    task: {
      level: 'partial',
      loses: ['withheld-by-source', 'invalid-at-source'],
      note: 'the time of day that a task is due at, and repetition, are not given',
      source: `${tasks}/tasks`,
    },
    ...none(codeKinds, 'Google Workspace has none', 'https://developers.google.com/workspace'),
    ...none(['emoji', 'channel', 'message'], 'Google Chat is not read', 'https://developers.google.com/workspace/chat/api/reference/rest'),
  },
  limits,
  // Budgets are per person: so many people are read at a time as a small machine can hold.
  atOnce: 64,
  quotaOf,
  async open(name, config, ports) {
    return (await import('./session.ts')).openGoogle(name, config, ports)
  },
}
