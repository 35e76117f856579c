import { STORE_ROUTES } from './downloads.ts'
import { OTHER_ROUTES } from './github.ts'
import { ROUTES as API } from './rest/routes.ts'

export interface Covered {
  readonly route: string
  /** `full`: all that a reader meets; `partial`: the notes say what is left out. */
  readonly status: 'full' | 'partial'
  /** File beside this one. `shapes.test.ts` asks every route of the REST API by itself. */
  readonly testedBy: string
  readonly notes: string
  readonly source: string
}

/** Routes of the REST API of which something is left out, or that behave in a way of their own. */
const NOTES: Readonly<Record<string, string>> = {
  'issues/list-for-repo': 'Filters by state and since only. Cursors in links as the service writes them since 2025; it documents neither.',
  'issues/list-events-for-timeline': 'No commits, no review comments.',
  'pulls/list': 'Filters by state only.',
  'pulls/get': 'Counts of lines and files are made up.',
  'pulls/list-commits': 'Hashes; authors and texts are made up.',
  'repos/get-branch-protection': 'Checks, reviews, admins, pushers, force pushes.',
  'repos/get-repo-rulesets': 'No bypass actors.',
  'projects/list-items-for-org': 'No query.',
  'repos/get-content': 'Files the emulator made itself; JSON only.',
  'users/get-by-username': 'People only.',
  'markdown/render': 'No Markdown: the text with signed addresses for private pictures.',
}
const rest = (route: string, path: string): Covered => ({
  route,
  status: NOTES[route] === undefined ? 'full' : 'partial',
  testedBy: route === 'markdown/render' ? 'downloads.test.ts' : 'shapes.test.ts',
  notes: NOTES[route] ?? '',
  source: `https://docs.github.com/rest (${path})`,
})
const other = (route: string, status: Covered['status'], testedBy: string, source: string, notes = ''): Covered => ({
  route,
  status,
  testedBy,
  notes,
  source,
})
const GIT = 'https://git-scm.com/docs/git-http-backend'
const RELEASES = 'https://docs.github.com/rest/releases/assets'

/** What the emulator answers, how far it goes, and where the vendor says so. Read 2026-11-25. */
export const COVERAGE: readonly Covered[] = [
  ...API.map(({ name, path }) => rest(name, path)),
  other(
    'graphql',
    'partial',
    'graphql.test.ts',
    'https://docs.github.com/graphql',
    'Queries are validated in full; fields that are not emulated answer with an error that names them.',
  ),
  other('git.refs', 'full', 'git.test.ts', GIT),
  other('git.fetch', 'full', 'git.test.ts', GIT),
  other('wiki.refs', 'full', 'git.test.ts', GIT),
  other('wiki.fetch', 'full', 'git.test.ts', GIT),
  other('lfs.batch', 'partial', 'downloads.test.ts', 'https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md', 'Downloads only.'),
  other(
    'attachments',
    'partial',
    'downloads.test.ts',
    'https://docs.github.com/get-started/writing-on-github',
    'Nobody documents which tokens open them: by reports, see docs/testbed.md.',
  ),
  other('release-download', 'full', 'downloads.test.ts', RELEASES),
  ...STORE_ROUTES.map((route) => other(route, 'full', 'downloads.test.ts', RELEASES)),
]

/** Everything that is registered anywhere. */
export const ROUTES: readonly string[] = [...API.map(({ name }) => name), ...OTHER_ROUTES, ...STORE_ROUTES]
