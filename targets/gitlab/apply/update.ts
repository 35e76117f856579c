import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { Applied, LedgerEntry } from '../../../src/contract/target.ts'
import type { Project } from '../api/wire.ts'
import { branchesOf } from '../file/branches.ts'
import { FileHistory } from '../file/history.ts'
import { FilePeople } from '../file/people.ts'
import type { IssueOperation, MergeRequestOperation, ProjectOperation } from '../operations.ts'
import { projectRemote } from '../remote.ts'
import { Authors } from './delta/authors.ts'
import { type Delta, keepAsItIs } from './delta/delta.ts'
import { removeGone } from './delta/gone.ts'
import { changeIssuables } from './delta/issuables.ts'
import { bringNewcomers } from './delta/newcomers.ts'
import { bringLabels, bringMilestones } from './delta/places.ts'
import { pushHistory } from './delta/refs.ts'
import { bringReleases } from './delta/releases.ts'
import { bringTalk } from './delta/talk.ts'
import { finishProject, openProject } from './finish.ts'
import { type Histories, restoreHistories } from './history.ts'
import { baseline, putBack } from './members.ts'
import { operationsOf } from './operations-of.ts'
import { milestoneTitles, settle } from './settle.ts'
import type { Work } from './work.ts'

/**
 * Brings a project that stands up to date by single calls. One of which nothing has changed costs one request. That the work has begun is noted
 * first: if it is cut off, the next run puts mails and memberships back even when nothing else is left to do.
 */
export async function* updateProject(work: Work, project: ProjectOperation, found: Project, signal: AbortSignal): AsyncGenerator<Applied> {
  const { context, stock, people, spool } = work
  const row = stock.of(project.key)
  const counts = stock.counts(project.project)
  const titles = milestoneTitles(work, project.project)
  if (row.known === undefined) return
  if (counts.new + counts.changed + counts.gone === 0 && row.known.notes['begun'] === undefined) {
    for (const op of operationsOf(spool, project.project)) keepAsItIs({ work, titles }, op)
    stock.flush()
    yield* settle(work, project.project)
    return
  }
  const workDir = join(context.workDir, 'project')
  await rm(workDir, { recursive: true, force: true })
  await mkdir(workDir, { recursive: true, mode: 0o700 })
  const begun = await begin(work, row.known, found, signal)
  await openProject(work, found, signal)
  await people.strangers(spool.people(project.project), signal)
  const delta: Delta = { work, project, id: found.id, people: new FilePeople(people.of), titles, workDir }
  try {
    await using histories = await historiesFor(delta, row.known, signal)
    await bringLabels(delta, signal)
    await bringMilestones(delta, signal)
    await bringProject(delta, histories, row.known, signal)
    await bringNewcomers(delta, histories, signal)
    await bringItems(delta, signal)
    await bringReleases(delta, signal)
    yield* removeGone(delta, signal)
    await putBack(work, project.project, found.id, begun, signal)
    await finishProject(
      work,
      project,
      { id: found.id, histories, whole: false, autoclose: begun['autoclose'] !== false, archived: begun['archived'] === true },
      signal,
    )
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
  stock.flush()
  yield* settle(work, project.project)
}

async function bringItems(delta: Delta, signal: AbortSignal): Promise<void> {
  await using authors = await Authors.of(delta.work, delta.id, signal)
  await changeIssuables(delta, authors, signal)
  await bringTalk(delta, authors, signal)
}

/** Notes that work has begun, with the memberships as they are. @returns those from before an earlier attempt, if there was one */
async function begin(work: Work, known: LedgerEntry, found: Project, signal: AbortSignal): Promise<JsonObject> {
  const earlier = known.notes['begun'] as JsonObject | undefined
  if (earlier !== undefined) return earlier
  const begun = {
    ...(await baseline(work, found.id, signal)),
    autoclose: found.autoclose_referenced_issues !== false,
    archived: found.archived,
  }
  work.context.ledger.put([{ ...known, notes: { ...known.notes, begun } }])
  return begun
}

/** The histories are needed for new commits and for what new merge requests show. */
async function historiesFor({ work, project, workDir }: Delta, known: LedgerEntry, signal: AbortSignal): Promise<Histories> {
  const none: Histories = { repository: undefined, wiki: undefined, [Symbol.asyncDispose]: () => Promise.resolve() }
  const moved = tipOf(project.git) !== known.notes['tip'] || tipOf(project.wiki) !== known.notes['wikiTip']
  return moved || hasNewMergeRequests(work, project) ? restoreHistories(project, work.context.blobs, workDir, signal) : none
}
const tipOf = (history: ProjectOperation['git']): string | undefined => history?.bundles.at(-1)?.sha256
function hasNewMergeRequests({ spool, stock }: Work, { project }: ProjectOperation): boolean {
  for (const op of spool.part<MergeRequestOperation | IssueOperation>(project, 'merge-request'))
    if (stock.of(op.key).state === 'new') return true
  return false
}

/** Commits first: what refers to them needs them. */
async function bringProject(delta: Delta, { repository, wiki }: Histories, known: LedgerEntry, signal: AbortSignal): Promise<void> {
  const { work, project } = delta
  const { client, stock, spool } = work
  if (repository === undefined && stock.of(project.key).state === 'same') {
    keepAsItIs(delta, project)
    return
  }
  const losses = []
  const tip = (name: string): string | undefined => (typeof known.notes[name] === 'string' ? known.notes[name] : undefined)
  if (repository !== undefined && project.git !== null)
    losses.push(
      ...(await pushHistory(
        delta,
        { remote: client.git(project.project), repository, history: project.git, tip: tip('tip'), field: 'refs' },
        signal,
      )),
    )
  if (wiki !== undefined && project.wiki !== null)
    losses.push(
      ...(await pushHistory(
        delta,
        { remote: client.git(`${project.project}.wiki`), repository: wiki, history: project.wiki, tip: tip('wikiTip'), field: 'wikiRefs' },
        signal,
      )),
    )
  const before = (known.notes['expect'] as JsonObject | undefined) ?? {}
  let refs = before['refs'] ?? null
  if (repository !== undefined) {
    const history = await FileHistory.read(repository, project.item, signal)
    losses.push(...history.losses)
    for (const op of spool.part<MergeRequestOperation>(project.project, 'merge-request')) {
      const { fromFork, source } = branchesOf(op, history)
      if (fromFork) history.willHave(source, op.head.oid)
    }
    refs = history.digest()
  }
  const { description, visibility, features } = project
  stock.keep({
    key: project.key,
    outcome: stock.of(project.key).state === 'same' ? 'unchanged' : 'updated',
    remote: projectRemote(project.project),
    expect: { description, visibility, issues: features.issues, wiki: features.wiki, refs },
    losses,
  })
}
