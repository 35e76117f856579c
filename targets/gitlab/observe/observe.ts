import type { CollectionId } from '../../../src/contract/ids.ts'
import type { Ledger, Observed } from '../../../src/contract/target.ts'
import type { GitlabClient } from '../api/client.ts'
import { projectsIn } from '../api/read-survey.ts'
import { Group, User } from '../api/wire.ts'
import { directMembers, findGroup } from '../apply/groups.ts'
import { groupRemote, projectRemote, userRemote } from '../remote.ts'
import type { Settings } from '../settings.ts'
import { Intended } from './intended.ts'
import { observeIssues } from './issues.ts'
import { observeMergeRequests } from './merge-requests.ts'
import { observePlaces } from './places.ts'
import { observeCommitNotes } from './notes.ts'
import { observeReleases } from './releases.ts'
import { observeRepository } from './repository.ts'
import { observeSettings } from './settings.ts'

export interface Scan {
  readonly client: GitlabClient
  /** Full path. */
  readonly project: string
  readonly id: number
  readonly intended: Intended
}

/**
 * Reads back people, groups and every project that the ledger knows, with all that stands in them. Knows nothing of how things were meant to
 * look; of projects of others in the same group it says nothing.
 */
export async function* observe(
  client: GitlabClient,
  settings: Settings,
  ledger: Ledger,
  only: ReadonlySet<CollectionId> | undefined,
  signal: AbortSignal,
): AsyncGenerator<Observed> {
  for await (const user of client.byKey(User, 'users', {}, signal)) {
    const known = ledger.byRemote(userRemote(user.username))
    if (known === undefined) continue
    const { username, name, email = '', state } = user
    yield { remote: known.remote, fields: known.notes['ours'] === true ? { username, name, email, state } : { username } }
  }
  const root = await findGroup(client, settings.group, signal)
  if (root === undefined) return
  for await (const group of client.list(Group, `groups/${root.id}/subgroups`, { all_available: true }, signal)) {
    const remote = groupRemote(group.full_path)
    if (ledger.byRemote(remote) === undefined) continue
    const members = (await directMembers(client, `groups/${group.id}`, signal)).map(({ username }) => username).toSorted()
    yield { remote, fields: { name: group.name, description: group.description ?? '', members } }
  }
  for await (const project of projectsIn(client, root.id, signal)) {
    const known = ledger.byRemote(projectRemote(project.path_with_namespace))
    if (known === undefined || only?.has(known.collection) === false) continue
    const path = project.path_with_namespace
    const scan: Scan = { client, project: path, id: project.id, intended: new Intended(ledger, known.collection, path) }
    yield* observeRepository(scan, project, signal)
    yield* observePlaces(scan, signal)
    if (project.issues_enabled) yield* observeIssues(scan, signal)
    yield* observeMergeRequests(scan, signal)
    yield* observeCommitNotes(scan, signal)
    yield* observeReleases(scan, signal)
    yield* observeSettings(scan, project, signal)
  }
}
