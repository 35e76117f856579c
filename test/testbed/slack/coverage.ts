import { HOST_ROUTES } from './downloads.ts'
import { METHODS } from './methods.ts'

export interface Covered {
  readonly route: string
  /** `full`: all that a reader meets; `partial`: the notes say what is left out. */
  readonly status: 'full' | 'partial'
  /** File beside this one. */
  readonly testedBy: string
  readonly notes: string
  readonly source: string
}

const method = (route: string, status: Covered['status'], testedBy: string, notes: string): Covered => ({
  route,
  status,
  testedBy,
  notes,
  source: `https://docs.slack.dev/reference/methods/${route}`,
})

/** What the emulator answers, how far it goes, and where the vendor says so. Read 2026-11-23. */
export const COVERAGE: readonly Covered[] = [
  method('auth.test', 'full', 'access.test.ts', 'Scopes in the header x-oauth-scopes. No enterprise installs.'),
  method('bookmarks.list', 'full', 'listing.test.ts', 'Links only; folders are unknown to it.'),
  method('conversations.history', 'partial', 'history.test.ts', 'No metadata filters. Pages go from new to old whatever the window.'),
  method('conversations.info', 'full', 'listing.test.ts', ''),
  method('conversations.join', 'full', 'access.test.ts', 'The only method that writes.'),
  method('conversations.list', 'full', 'listing.test.ts', 'At most 100 a page and empty pages in between; no team_id.'),
  method('conversations.members', 'full', 'listing.test.ts', ''),
  method(
    'conversations.replies',
    'partial',
    'history.test.ts',
    'The parent repeats on every page. A bot inside a channel may read threads; older documentation denies it.',
  ),
  method('emoji.list', 'full', 'listing.test.ts', ''),
  method('files.info', 'partial', 'downloads.test.ts', 'No comments, no content of snippets.'),
  method('files.list', 'partial', 'listing.test.ts', 'Counts pages; filters by channel only.'),
  method('pins.list', 'full', 'listing.test.ts', ''),
  method('slackLists.items.list', 'partial', 'listing.test.ts', 'No archived rows.'),
  method('team.info', 'full', 'listing.test.ts', ''),
  method('team.profile.get', 'full', 'listing.test.ts', ''),
  method('usergroups.list', 'full', 'listing.test.ts', 'plan_upgrade_required on the free plan.'),
  method('usergroups.users.list', 'full', 'listing.test.ts', ''),
  method('users.conversations', 'full', 'access.test.ts', ''),
  method('users.info', 'full', 'listing.test.ts', 'Knows strangers of shared channels.'),
  method('users.list', 'full', 'listing.test.ts', 'Without strangers: not verified against the real service.'),
  method('users.profile.get', 'full', 'listing.test.ts', ''),
  {
    route: 'files.download',
    status: 'full',
    testedBy: 'downloads.test.ts',
    notes: 'Sends on to the store. Without a good token: 200 and a sign-in page.',
    source: 'https://docs.slack.dev/reference/objects/file-object',
  },
  {
    route: 'cdn',
    status: 'partial',
    testedBy: 'downloads.test.ts',
    notes: 'Ranges, ETag, If-Range; one range at a time. Slack does not document its store.',
    source: 'https://www.rfc-editor.org/rfc/rfc9110#name-range-requests',
  },
  {
    route: 'images',
    status: 'full',
    testedBy: 'downloads.test.ts',
    notes: 'Pictures of people and emoji, open to all.',
    source: 'https://docs.slack.dev/reference/objects/user-object',
  },
]

/** Everything that is registered anywhere. */
export const ROUTES: readonly string[] = [...Object.keys(METHODS), ...HOST_ROUTES]
