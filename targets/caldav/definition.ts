import { none, type Capabilities } from '../../src/contract/fidelity.ts'
import type { TargetDefinition } from '../../src/contract/target.ts'
import { davLimits, davQuotaOf } from '../../src/dav/target/limits.ts'
import type { DavOperation } from '../../src/dav/target/operations.ts'
import { scratched } from '../../src/dav/target/settings.ts'
import { codeKinds } from '../../src/model/code-kinds.ts'
import { calendarMapper } from './map/mapper.ts'
import { Settings } from './settings.ts'

const CALDAV = 'https://www.rfc-editor.org/rfc/rfc4791'

const capabilities: Capabilities = {
  calendar: {
    level: 'partial',
    loses: ['access-narrowed', 'no-such-concept', 'name-changed', 'rejected-by-target', 'withheld-by-source', 'excluded-by-policy'],
    note: 'who else may see a calendar is no part of CalDAV; no reminders of a calendar as a whole',
    source: CALDAV,
  },
  event: {
    level: 'partial',
    loses: ['too-large', 'invalid-at-source', 'name-changed', 'rejected-by-target', 'withheld-by-source', 'excluded-by-policy'],
    note: 'attachments beyond a size keep their address; on servers that mail guests themselves those are marked so that nobody is invited anew',
    source: CALDAV,
  },
  tasklist: {
    level: 'partial',
    loses: ['name-changed', 'rejected-by-target', 'withheld-by-source', 'excluded-by-policy'],
    note: 'a calendar that takes tasks only',
    source: CALDAV,
  },
  task: {
    level: 'partial',
    loses: ['too-large', 'invalid-at-source', 'name-changed', 'rejected-by-target', 'withheld-by-source', 'excluded-by-policy'],
    note: 'attachments beyond a size keep their address',
    source: CALDAV,
  },
  ...none(
    ['account', 'group', 'emoji', 'channel', 'message', 'mailbox', 'mail-settings', 'mail', 'addressbook', 'contact', ...codeKinds],
    'a CalDAV server holds calendars and tasks only',
    CALDAV,
  ),
}

/** Calendars and tasks on any CalDAV server: Nextcloud, Radicale, Baikal, Xandikos, DAViCal. */
export const definition: TargetDefinition<'caldav', Settings, DavOperation> = {
  id: 'caldav',
  title: 'CalDAV',
  config: Settings,
  capabilities,
  limits: davLimits,
  quotaOf: davQuotaOf,
  mapper: calendarMapper,
  scratch: scratched,
  open: async (_name, config, ports) => {
    const [{ openDav }, { calendarFormat }] = await Promise.all([import('../../src/dav/target/session.ts'), import('./format.ts')])
    return openDav(calendarFormat, config, ports)
  },
}
