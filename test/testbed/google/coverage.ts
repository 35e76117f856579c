export interface Covered {
  readonly route: string
  /** `full`: all that a reader meets; `partial`: the notes say what is left out. */
  readonly status: 'full' | 'partial'
  /** File beside this one. */
  readonly testedBy: string
  readonly notes: string
  readonly source: string
}

const workspace = 'https://developers.google.com/workspace'
const covered = (route: string, status: Covered['status'], testedBy: string, notes: string, source: string): Covered => ({
  route,
  status,
  testedBy,
  notes,
  source: source.startsWith('https:') ? source : `${workspace}/${source}`,
})
const gmail = 'gmail/api/reference/rest/v1/users'
const admin = 'admin/directory/reference/rest/v1'
const calendar = 'calendar/api/v3/reference'
const people = 'https://developers.google.com/people/api/rest/v1'
const tasks = 'tasks/reference/rest/v1'

/** What the emulator answers, how far it goes, and where the vendor says so. Read 2026-11-25. */
export const COVERAGE: readonly Covered[] = [
  covered(
    'token',
    'full',
    'auth.test.ts',
    'Assertions of one service account and refresh tokens of one client.',
    'https://developers.google.com/identity/protocols/oauth2/service-account',
  ),
  covered(
    'directory.users.list',
    'partial',
    'directory.test.ts',
    'No search, no order but by address, no deleted people.',
    `${admin}/users/list`,
  ),
  covered('directory.users.photos.get', 'full', 'directory.test.ts', '', `${admin}/users.photos/get`),
  covered('directory.groups.list', 'partial', 'directory.test.ts', 'No search and no order.', `${admin}/groups/list`),
  covered(
    'directory.members.list',
    'partial',
    'directory.test.ts',
    'Direct members only: includeDerivedMembership is unknown to it.',
    `${admin}/members/list`,
  ),
  covered('oauth2.userinfo.get', 'full', 'auth.test.ts', '', 'https://developers.google.com/identity/openid-connect/openid-connect'),
  covered('gmail.getProfile', 'partial', 'gmail.test.ts', 'Counts a thread for every mail.', `${gmail}/getProfile`),
  covered('gmail.labels.list', 'full', 'gmail.test.ts', '', `${gmail}.labels/list`),
  covered(
    'gmail.messages.list',
    'partial',
    'gmail.test.ts',
    'No search (q); labels are all required, as at Google.',
    `${gmail}.messages/list`,
  ),
  covered(
    'gmail.messages.get',
    'partial',
    'gmail.test.ts',
    'Formats raw and minimal; full and metadata have an empty payload.',
    `${gmail}.messages/get`,
  ),
  covered(
    'gmail.history.list',
    'partial',
    'gmail.test.ts',
    'All types of records whatever is asked, no label filter.',
    `${gmail}.history/list`,
  ),
  ...['filters', 'sendAs', 'forwardingAddresses', 'delegates'].map((part) =>
    covered(`gmail.settings.${part}`, 'full', 'gmail.test.ts', '', `${gmail}.settings.${part}/list`),
  ),
  ...(
    [
      ['vacation', 'getVacation'],
      ['autoForwarding', 'getAutoForwarding'],
      ['language', 'getLanguage'],
      ['imap', 'getImap'],
    ] as const
  ).map(([part, method]) => covered(`gmail.settings.${part}`, 'full', 'gmail.test.ts', '', `${gmail}.settings/${method}`)),
  covered(
    'calendar.calendarList.list',
    'partial',
    'calendar.test.ts',
    'A sync token comes with the last page, and none is taken: the connector asks for all of it.',
    `${calendar}/calendarList/list`,
  ),
  covered('calendar.calendars.get', 'full', 'calendar.test.ts', '', `${calendar}/calendars/get`),
  covered('calendar.acl.list', 'partial', 'calendar.test.ts', 'All rules on one page, no sync token is taken.', `${calendar}/acl/list`),
  covered(
    'calendar.events.list',
    'partial',
    'calendar.test.ts',
    'By iCalUID or all; no search, no window of time, nothing is expanded. Which calendar lets whom see what of private events is not played.',
    `${calendar}/events/list`,
  ),
  covered('calendar.events.get', 'full', 'calendar.test.ts', '', `${calendar}/events/get`),
  covered(
    'people.connections.list',
    'partial',
    'people.test.ts',
    'Changes show at once, at Google after minutes; the quota of first pages is counted only.',
    `${people}/people.connections/list`,
  ),
  covered('people.get', 'full', 'people.test.ts', '', `${people}/people/get`),
  covered('people.otherContacts.list', 'partial', 'people.test.ts', 'Of the source CONTACT only.', `${people}/otherContacts/list`),
  covered('people.contactGroups.list', 'partial', 'people.test.ts', 'No sync token, no members.', `${people}/contactGroups/list`),
  covered('photos', 'partial', 'people.test.ts', 'Every size is the same picture.', `${people}/people#Person.Photo`),
  covered('tasks.tasklists.list', 'full', 'tasks.test.ts', '', `${tasks}/tasklists/list`),
  covered('tasks.tasklists.get', 'full', 'tasks.test.ts', '', `${tasks}/tasklists/get`),
  covered('tasks.list', 'partial', 'tasks.test.ts', 'No bounds by due or completion date.', `${tasks}/tasks/list`),
]
