import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../../../src/fault.ts'
import { projectPath } from '../../api/client.ts'
import { multipart } from '../../api/multipart.ts'
import { Issue, MergeRequest, RelationImport } from '../../api/wire.ts'
import { writeArchive } from '../../file/archive.ts'
import { branchesOf } from '../../file/branches.ts'
import type { Composition } from '../../file/compose.ts'
import type { Composed } from '../../file/composed.ts'
import { relationEntries } from './relation-file.ts'
import type { HangingOperation } from '../../file/hanging.ts'
import { FileHistory } from '../../file/history.ts'
import { FilePlaces } from '../../file/places.ts'
import { Relations } from '../../file/relations.ts'
import { ProjectSpool } from '../../file/spool.ts'
import { composeIssues } from '../../file/write-issues.ts'
import { composeMergeRequests } from '../../file/write-merge-requests.ts'
import type { GitlabOperation, IssueOperation, MergeRequestOperation } from '../../operations.ts'
import { projectRemote } from '../../remote.ts'
import type { Histories } from '../history.ts'
import { STUCK_MS } from '../upload.ts'
import { dropped } from '../work.ts'
import type { Delta } from './delta.ts'
import { pushHeads } from './refs.ts'
import { withUploads } from './uploads.ts'

const PAUSE_MS = 1_000
type Newcomer = IssueOperation | MergeRequestOperation

/**
 * Issues and merge requests that are new come by a file of one relation, which keeps authors, times and numbers as the first import did; what
 * stands under its number already, the server leaves alone.
 * https://docs.gitlab.com/api/project_import_export/#import-a-single-relation (GitLab 17.1 and later, read 2026-11-25)
 */
export async function bringNewcomers(delta: Delta, histories: Pick<Histories, 'repository'>, signal: AbortSignal): Promise<void> {
  const { work, project, workDir } = delta
  const path = join(workDir, 'new.db')
  await rm(path, { force: true })
  using spool = new ProjectSpool(path)
  const found = { issues: 0, merge_requests: 0 }
  spool.add(project)
  for (const part of ['label', 'milestone'] as const)
    for (const op of work.spool.part<GitlabOperation>(project.project, part)) spool.add(op)
  for (const [part, hanging, relation] of [
    ['issue', 'on-issue', 'issues'],
    ['merge-request', 'on-merge-request', 'merge_requests'],
  ] as const)
    for (const op of work.spool.part<Newcomer>(project.project, part)) {
      if (work.stock.of(op.key).state !== 'new') continue
      const ops = [...work.spool.at<HangingOperation>(project.project, hanging, op.iid)]
      if (await isTaken(delta, op, relation, signal)) {
        const why = `the number ${op.iid} was taken in GitLab meanwhile, by something else`
        for (const { key, item } of [op, ...ops])
          work.stock.keep({
            key,
            outcome: 'failed',
            remote: projectRemote(project.project),
            expect: {},
            losses: [dropped(item, 'rejected-by-target', why)],
          })
        continue
      }
      found[relation]++
      for (const one of [op, ...ops])
        spool.add('uploads' in one ? { ...one, ...(await withUploads(delta, one, signal)), uploads: [] } : one)
    }
  if (found.issues + found.merge_requests === 0) return
  const history = await FileHistory.read(histories.repository, project.item, signal)
  const heads = [...spool.part<MergeRequestOperation>(project.project, 'merge-request')].filter(({ head }) => history.has(head.oid))
  const refs = heads.flatMap((op) => {
    const { source } = branchesOf(op, history)
    return history.hasBranch(source) ? [] : [{ ref: `refs/heads/${source}`, oid: op.head.oid, stays: op.state === 'opened' }]
  })
  if (histories.repository !== undefined) await pushHeads(delta, histories.repository.directory, refs, signal)
  const file = join(workDir, 'relation.tar.gz')
  await compose(delta, spool, history, histories, file, signal)
  for (const relation of ['issues', 'merge_requests'] as const) if (found[relation] > 0) await importRelation(delta, relation, file, signal)
  const gone = refs.filter(({ stays }) => !stays).map(({ ref }) => ({ ref, oid: undefined }))
  if (histories.repository !== undefined) await pushHeads(delta, histories.repository.directory, gone, signal)
  await rm(file, { force: true })
}

/** Something of somebody else's has the number. What was made at the same time is ours, from a run that was stopped. */
async function isTaken({ work, id }: Delta, op: Newcomer, room: 'issues' | 'merge_requests', signal: AbortSignal): Promise<boolean> {
  const path = projectPath(id, `/${room}/${op.iid}`)
  const there = await work.client.find<{ created_at: string }>(op.type === 'issue' ? Issue : MergeRequest, path, {}, signal)
  return there !== undefined && Date.parse(there.created_at) !== Date.parse(op.createdAt)
}

async function compose(
  { work, project, workDir, people }: Delta,
  spool: ProjectSpool,
  history: FileHistory,
  { repository }: Pick<Histories, 'repository'>,
  outFile: string,
  signal: AbortSignal,
): Promise<void> {
  using relations = new Relations(workDir)
  const input = {
    spool,
    project,
    repository,
    wiki: undefined,
    blobs: work.context.blobs,
    users: work.people.of,
    version: work.version,
    maxLfsBytes: 0,
    workDir,
    outFile,
  }
  const places = new FilePlaces(spool, project.project)
  const composition: Composition = { input, people, places, history, relations }
  for await (const one of composeIssues(composition, signal)) keep(one)
  for await (const one of composeMergeRequests(composition, signal)) keep(one)
  for (const member of people.members(spool.people(project.project))) relations.add('project_members', member)
  for (const label of places.labelLines()) relations.add('labels', label)
  for (const milestone of places.milestoneLines()) relations.add('milestones', milestone)
  await writeArchive(outFile, relationEntries(work.version, relations), signal)
  function keep(one: Composed): void {
    const { key, losses } = one
    if (one.remote === null) work.stock.keep({ key, outcome: 'failed', remote: projectRemote(project.project), expect: {}, losses })
    else work.stock.keep({ key, outcome: 'created', remote: one.remote, expect: one.expect, losses })
  }
}

async function importRelation({ work, project, id }: Delta, relation: string, file: string, signal: AbortSignal): Promise<void> {
  const { client, ports, context } = work
  const { headers, body } = await multipart(
    { path: project.project, relation },
    { path: file, name: 'relation.tar.gz', type: 'application/gzip' },
  )
  const call = { method: 'POST', path: 'projects/import-relation', headers, stream: body } as const
  const started = await client.call(RelationImport, call, signal)
  const since = ports.clock.monotonicMs()
  for (;;) {
    context.progress('import', 0, undefined)
    const all = await Array.fromAsync(client.list(RelationImport, projectPath(id, '/relation-imports'), {}, signal))
    const status = String(all.find((one) => one.id === started.id)?.status)
    if (FINISHED.has(status)) return
    if (FAILED.has(status) || ports.clock.monotonicMs() - since > STUCK_MS)
      throw new Fault({
        code: 'unavailable',
        what: `GitLab could not import the new ${relation} of ${project.project}`,
        why: FAILED.has(status) ? 'it says that it failed' : 'it shows no progress',
        remedy: 'Look into importer.log of the server, then run again',
        retry: { type: 'backoff' },
      })
    await ports.clock.sleep(PAUSE_MS, signal)
  }
}
/** Some versions give the number instead of the word (`RelationImportTracker`: created 0, started 1, finished 2, failed -1). */
const FINISHED = new Set(['finished', '2'])
const FAILED = new Set(['failed', '-1'])
