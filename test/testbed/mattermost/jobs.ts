import { runImport } from './import/run.ts'
import { badBody, Refusal } from './refusal.ts'
import type { JobRow } from './rows.ts'
import type { Store } from './store.ts'

const TYPES = new Set([
  'import_process',
  'import_delete',
  'export_process',
  'data_retention',
  'ldap_sync',
  'bleve_post_indexing',
  'elasticsearch_post_indexing',
  'migrations',
])

/** Creates a job and starts its work at once; its status shows the work only as polls are made. */
export function askForJob(store: Store, fields: Readonly<Record<string, unknown>>): JobRow {
  const type = fields.type
  if (typeof type !== 'string' || !TYPES.has(type))
    throw new Refusal('api.job.unable_to_create_job.incorrect_job_type', 400, 'The job type of the job you are trying to create is invalid')
  const given = fields.data ?? {}
  // The server decodes into a map of strings: a number or a boolean there is a body it cannot read.
  if (typeof given !== 'object' || Object.values(given).some((value) => typeof value !== 'string')) throw badBody('job')
  const now = store.now()
  const job: JobRow = {
    id: store.id(),
    type,
    priority: 0,
    create_at: now,
    start_at: 0,
    last_activity_at: 0,
    status: 'pending',
    progress: 0,
    data: { ...(given as Record<string, string>) },
    polls: 0,
  }
  store.jobs.set(job.id, job)
  if (type === 'import_process') void work(store, job)
  return job
}

async function work(store: Store, job: JobRow): Promise<void> {
  // Anything but a refusal is a fault of the emulator: it must show in the job, not take the test's process down.
  const result = await runImport(store, job.id, job.data['import_file']).catch((error: unknown) => ({
    type: 'error' as const,
    message: `testbed broken: ${String(error)}`,
    line: 0,
  }))
  if (result.type === 'interrupted') return
  job.outcome =
    result.type === 'success'
      ? { status: 'success', data: {} }
      : { status: 'error', data: { error: result.message, ...(result.line === undefined ? {} : { line_number: String(result.line) }) } }
}

/** One poll: pending first, then in progress, then how it ended. A job the server died over stays in progress for ever. */
export function pollJob(store: Store, id: string): JobRow {
  const job = store.jobs.get(id)
  if (job === undefined) throw new Refusal('app.job.get.app_error', 404, 'Unable to get the job.')
  job.polls++
  if (job.type !== 'import_process' || job.polls === 1 || job.status === 'success' || job.status === 'error' || job.status === 'canceled')
    return job
  const now = store.now()
  if (job.polls === 2 || job.outcome === undefined) {
    // Being asked is no activity: a job that nobody works on any more stands still.
    if (job.status !== 'in_progress') job.last_activity_at = now
    job.status = 'in_progress'
    job.start_at ||= now
    return job
  }
  job.status = job.outcome.status
  job.progress = job.outcome.status === 'success' ? 0 : -1
  Object.assign(job.data, job.outcome.data)
  job.last_activity_at = now
  return job
}
