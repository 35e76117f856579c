import { none, type Capabilities } from '../../src/contract/fidelity.ts'
import type { TargetDefinition } from '../../src/contract/target.ts'
import { davLimits, davQuotaOf } from '../../src/dav/target/limits.ts'
import type { DavOperation } from '../../src/dav/target/operations.ts'
import { scratched } from '../../src/dav/target/settings.ts'
import { codeKinds } from '../../src/model/code-kinds.ts'
import { cardMapper } from './map/mapper.ts'
import { Settings } from './settings.ts'

const CARDDAV = 'https://www.rfc-editor.org/rfc/rfc6352'

const capabilities: Capabilities = {
  addressbook: {
    level: 'partial',
    loses: ['name-changed', 'rejected-by-target', 'withheld-by-source', 'excluded-by-policy'],
    note: 'one address book each; of several owners in one account the name says whose it is',
    source: CARDDAV,
  },
  contact: {
    level: 'partial',
    loses: [
      'too-large',
      'text-changed',
      'invalid-at-source',
      'name-changed',
      'rejected-by-target',
      'withheld-by-source',
      'excluded-by-policy',
    ],
    note: 'vCard 3.0 unless configured otherwise; pictures beyond a size are left out',
    source: CARDDAV,
  },
  ...none(
    [
      'account',
      'group',
      'emoji',
      'channel',
      'message',
      'mailbox',
      'mail-settings',
      'mail',
      'calendar',
      'event',
      'tasklist',
      'task',
      ...codeKinds,
    ],
    'a CardDAV server holds address books only',
    CARDDAV,
  ),
}

/** Address books on any CardDAV server: Nextcloud, Radicale, Baikal, Xandikos, DAViCal. */
export const definition: TargetDefinition<'carddav', Settings, DavOperation> = {
  id: 'carddav',
  title: 'CardDAV',
  config: Settings,
  capabilities,
  limits: davLimits,
  quotaOf: davQuotaOf,
  mapper: (directory, config) => cardMapper(directory, config),
  scratch: scratched,
  open: async (_name, config, ports) => {
    const [{ openDav }, { cardFormat }] = await Promise.all([import('../../src/dav/target/session.ts'), import('./format.ts')])
    return openDav(cardFormat, config, ports)
  },
}
