import { none, type Capabilities } from '../../src/contract/fidelity.ts'
import type { TargetDefinition } from '../../src/contract/target.ts'
import { codeKinds } from '../../src/model/code-kinds.ts'
import { imapMapper } from './map/mapper.ts'
import type { ImapOperation } from './map/operations.ts'
import { Settings } from './settings.ts'

const RFC = 'https://www.rfc-editor.org/rfc/rfc9051'

const capabilities: Capabilities = {
  ...none(
    ['account', 'group', 'emoji', 'channel', 'message', 'calendar', 'event', 'addressbook', 'contact', 'tasklist', 'task', ...codeKinds],
    'a mail server has none',
    RFC,
  ),
  mailbox: {
    level: 'partial',
    loses: ['name-changed', 'no-such-concept', 'excluded-by-policy', 'rejected-by-target', 'invalid-at-source'],
    note: 'no colours; names without the separator of the server, control letters and wildcards, at most 255 bytes; views of everything and flags are no folders',
    source: RFC,
  },
  'mail-settings': {
    level: 'partial',
    loses: ['no-such-concept', 'excluded-by-policy', 'rejected-by-target', 'withheld-by-source'],
    note: 'filters and automatic replies as Sieve scripts where `sieve` says how; a filter that cannot be said whole is written down and not run; signatures, forwarding and delegates are not carried',
    source: 'https://www.rfc-editor.org/rfc/rfc5228',
  },
  mail: {
    level: 'partial',
    loses: [
      'no-such-concept',
      'name-changed',
      'text-changed',
      'too-large',
      'withheld-by-source',
      'excluded-by-policy',
      'invalid-at-source',
      'rejected-by-target',
    ],
    note: 'times in whole seconds; further labels of a mail become keywords unless `labels: copies`; keywords are ASCII atoms; what a server refuses to take as it is goes in with its line ends put right',
    source: RFC,
  },
}

/** Mail servers that speak IMAP4rev1 or IMAP4rev2. */
export const definition: TargetDefinition<'imap', Settings, ImapOperation> = {
  id: 'imap',
  title: 'IMAP',
  config: Settings,
  capabilities,
  // No HTTP: how many connections there are is said in the settings.
  limits: {},
  quotaOf: () => [],
  mapper: imapMapper,
  scratch: (config, run) => ({
    ...config,
    scratch: run
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .slice(0, 20),
  }),
  open: async (_name, config, ports) => (await import('./session.ts')).openImap(config, ports),
}
