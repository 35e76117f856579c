import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../../../src/contract/ports.ts'
import { Fault } from '../../../src/fault.ts'
import type { MattermostClient } from '../client.ts'
import { Job, Upload, User } from '../wire.ts'
import { failedLine } from './failed-line.ts'
import { ZIP_NAME } from './layout.ts'

/** Bytes of one request of an upload. */
const CHUNK = 8 << 20
const POLL_MS = 1000

/**
 * Uploads an import zip in a session that continues where it broke off. Gives the name the server keeps it under.
 * @throws Fault `unavailable` when the server stays away; running again uploads anew
 */
export async function uploadImport(
  client: MattermostClient,
  clock: Clock,
  path: string,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<string> {
  await using file = await open(path)
  const { size } = await file.stat()
  const me = await client.get(User, '/users/me', {}, signal)
  const session = await client.post(
    Upload,
    '/uploads',
    { channel_id: '', user_id: me.id, filename: basename(path), file_size: size, type: 'import' },
    signal,
  )
  let offset = 0
  for (let failures = 0; offset < size;) {
    const bytes = new Uint8Array(Math.min(CHUNK, size - offset))
    await file.read(bytes, 0, bytes.length, offset)
    try {
      await client.send(`/uploads/${session.id}`, bytes, signal)
      offset += bytes.length
      failures = 0
    } catch (error) {
      if (!(error instanceof Fault) || error.retry.type === 'never' || ++failures > 5) throw error
      await clock.sleep(error.retry.type === 'after' ? error.retry.ms : 500 * failures, signal)
      // The server says how much of it arrived; a lost answer is no lost chunk.
      const state = await client.find(Upload, `/uploads/${session.id}`, {}, signal)
      offset = state?.file_offset ?? size
    }
    onProgress(offset, size)
  }
  return `${session.id}_${basename(path)}`
}

/** So long may an import of an earlier run stand still before a person is asked. */
const STALE_MS = 15 * 60_000

/**
 * Waits for an import that an earlier run left working on the server: what it will write is not there yet.
 * @throws Fault `locked` when it does not move; a job whose server died stays in progress for ever
 */
export async function untilIdle(client: MattermostClient, clock: Clock, signal: AbortSignal): Promise<void> {
  let before = ''
  let since = clock.monotonicMs()
  for (;;) {
    const jobs = await client.get(z.array(Job), '/jobs/type/import_process', { page: 0, per_page: 20 }, signal)
    const ours = jobs.filter(
      ({ status, data }) => (status === 'pending' || status === 'in_progress') && data?.['import_file']?.endsWith(`_${ZIP_NAME}`) === true,
    )
    if (ours.length === 0) return
    const states = await Promise.all(ours.map(({ id }) => client.get(Job, `/jobs/${id}`, {}, signal)))
    const now = JSON.stringify(states)
    if (now !== before) since = clock.monotonicMs()
    before = now
    if (clock.monotonicMs() - since > STALE_MS)
      throw new Fault({
        code: 'locked',
        what: 'An import of an earlier run has not moved for 15 minutes on the server',
        why: `job ${ours.map(({ id }) => id).join(', ')}`,
        remedy:
          'If the server is still importing, wait and run again. If it was restarted meanwhile, cancel the job: POST /api/v4/jobs/ID/cancel',
      })
    await clock.sleep(POLL_MS, signal)
  }
}

/**
 * Has the server import an uploaded zip and waits for it. `zip`: the same file here, to name what a line number means.
 * @throws Fault `rejected` with the server's reason and the line it stopped at
 */
export async function processImport(client: MattermostClient, clock: Clock, name: string, zip: string, signal: AbortSignal): Promise<void> {
  let job = await client.post(Job, '/jobs', { type: 'import_process', data: { import_file: name } }, signal)
  while (job.status !== 'success') {
    if (job.status === 'error' || job.status === 'canceled') {
      const line = Number(job.data?.['line_number'] ?? '0')
      const where = line > 0 ? await failedLine(zip, line, signal) : undefined
      throw new Fault({
        code: 'rejected',
        what: 'Mattermost stopped the import',
        why: `${job.data?.['error'] ?? job.status}${where === undefined ? '' : ` (line ${line}: ${where})`}`,
        remedy: 'What came before that line is on the server; remove the cause and run the same command again, nothing is doubled',
      })
    }
    await clock.sleep(POLL_MS / 4, signal)
    job = await client.get(Job, `/jobs/${job.id}`, {}, signal)
  }
}
