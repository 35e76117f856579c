import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Applied } from '../../../src/contract/target.ts'
import { Fault } from '../../../src/fault.ts'
import type { ImportState, Project } from '../api/wire.ts'
import { composeProject } from '../file/compose.ts'
import type { ProjectOperation } from '../operations.ts'
import { projectRemote } from '../remote.ts'
import { tellFailures } from './failures.ts'
import { finishProject } from './finish.ts'
import { restoreHistories, type Histories } from './history.ts'
import { removeProject } from './remove.ts'
import { settle } from './settle.ts'
import { hashOf, STUCK_MS, untilImported, uploadProject } from './upload.ts'
import type { Work } from './work.ts'

const MIB = 1_048_576
/** The relations of a file whose lines are operations, by the beginning of their names there. */
const RELATIONS = [
  ['issue/', 'issues'],
  ['merge-request/', 'merge_requests'],
  ['release/', 'releases'],
] as const

/**
 * Brings a project as one import file. `standing`: what an earlier attempt of ours left under its path; it is taken up if it came from the same
 * file, and removed otherwise.
 */
export async function* importWhole(
  work: Work,
  project: ProjectOperation,
  standing: Project | undefined,
  signal: AbortSignal,
): AsyncGenerator<Applied> {
  const { context, stock, people, spool } = work
  const workDir = join(context.workDir, 'project')
  await rm(workDir, { recursive: true, force: true })
  await mkdir(workDir, { recursive: true, mode: 0o700 })
  try {
    await people.strangers(spool.people(project.project), signal)
    context.progress('restore', 0, undefined)
    await using histories = await restoreHistories(project, context.blobs, workDir, signal)
    const file = join(workDir, 'project.tar.gz')
    await compose(work, project, histories, { workDir, file }, signal)
    const id = await brought(work, project, file, standing, signal)
    await rm(file, { force: true })
    await finishProject(work, project, { id, histories, whole: true }, signal)
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
  stock.flush()
  // Of what was there before nothing is left.
  context.ledger.delete([...stock.gone(project.project)].map(({ key }) => key))
  yield* settle(work, project.project)
}

async function compose(
  work: Work,
  project: ProjectOperation,
  { repository, wiki }: Histories,
  { workDir, file }: { readonly workDir: string; readonly file: string },
  signal: AbortSignal,
): Promise<void> {
  const { context, stock, spool, people, settings, version } = work
  stock.forget(project.project)
  const lines = new Map<string, number>()
  let done = 0
  const composed = composeProject(
    {
      spool,
      project,
      repository,
      wiki,
      blobs: context.blobs,
      users: people.of,
      version,
      maxLfsBytes: settings.maxLfsInFileMiB * MIB,
      workDir,
      outFile: file,
    },
    signal,
  )
  for await (const one of composed) {
    const { key, losses } = one
    if (one.remote === null) stock.keep({ key, outcome: 'failed', remote: projectRemote(project.project), expect: {}, losses })
    else {
      stock.keep({ key, outcome: 'created', remote: one.remote, expect: one.expect, losses })
      const relation = RELATIONS.find(([prefix]) => one.remote.startsWith(prefix))?.[1]
      if (relation !== undefined) {
        const number = lines.get(relation) ?? 0
        lines.set(relation, number + 1)
        stock.line(relation, number, key)
      }
    }
    if (++done % 500 === 0) context.progress('compose', done, undefined)
  }
  context.progress('compose', done, undefined)
}

/** Has the file imported, unless that has happened already. @returns the number of the project */
async function brought(
  work: Work,
  project: ProjectOperation,
  file: string,
  standing: Project | undefined,
  signal: AbortSignal,
): Promise<number> {
  const { client, context, stock } = work
  const hash = await hashOf(file, signal)
  let found = standing
  if (found !== undefined) {
    const same = stock.of(project.key).known?.notes['file'] === hash
    const state = same ? await untilImported(work, found.id, STUCK_MS, signal) : undefined
    if (state?.import_status === 'finished') return ended(work, project, state)
    await removeProject(client, work.ports, found, signal)
    found = undefined
  }
  const { key, item, collection, revision } = project
  const entry = { key, item, collection, revision, remote: projectRemote(project.project), state: 'staged' } as const
  const notes = { project: project.project, file: hash, since: work.ports.clock.now().toISOString() }
  context.ledger.put([{ ...entry, notes }])
  context.progress('upload', 0, undefined)
  const id = await uploadProject(client, { file, path: project.project, name: project.name }, signal)
  context.ledger.put([{ ...entry, notes: { ...notes, id } }])
  context.progress('import', 0, undefined)
  const state = await untilImported(work, id, STUCK_MS, signal)
  if (state === undefined)
    throw new Fault({
      code: 'unavailable',
      what: `The import of ${project.project} has shown no progress for ${STUCK_MS / 60_000} minutes`,
      remedy: 'Look whether Sidekiq runs on the server, then run again: the project is then removed and imported again',
      retry: { type: 'backoff' },
    })
  return ended(work, project, state)
}

function ended(work: Work, project: ProjectOperation, state: ImportState): number {
  if (state.import_status !== 'finished')
    throw new Fault({
      code: 'rejected',
      what: `GitLab could not import ${project.project}`,
      why: state.import_error ?? 'it does not say why',
      remedy: 'Look into importer.log of the server, then run again: what is left of the project is removed first',
    })
  tellFailures(work, project, state)
  return state.id
}

/** Whether what stands under the path came from an earlier attempt of ours that our ledger remembers. */
export function isOurs({ stock, people }: Work, project: ProjectOperation, found: Project): boolean {
  const known = stock.of(project.key).known
  if (known === undefined) return false
  const { id, since } = known.notes
  if (typeof id === 'number') return id === found.id
  // We stopped between the sending and the answer.
  return (
    known.state === 'staged' &&
    found.import_type === 'gitlab_project' &&
    found.creator_id === people.me.id &&
    typeof since === 'string' &&
    Date.parse(found.created_at) > Date.parse(since) - CLOCKS_DIFFER_MS
  )
}
const CLOCKS_DIFFER_MS = 10 * 60_000
