import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Fault } from '../../../src/fault.ts'
import type { GitlabClient } from '../api/client.ts'
import { projectPath } from '../api/client.ts'
import { multipart } from '../api/multipart.ts'
import { ImportState } from '../api/wire.ts'
import type { Work } from './work.ts'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 15_000
/** An import that shows nothing new for so long is stuck: its job died with the server. GitLab itself gives up after a day. */
export const STUCK_MS = 30 * 60_000

/** SHA-256 (hex) of a file on disk. */
export async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/**
 * Sends an import file from the disk, never in memory as a whole.
 * https://docs.gitlab.com/api/project_import_export/#import-a-file (read 2026-11-25): 6 a minute and user by default
 * @returns number of the project, whose import now waits for its turn
 */
export async function uploadProject(
  client: GitlabClient,
  { file, path, name }: { readonly file: string; readonly path: string; readonly name: string },
  signal: AbortSignal,
): Promise<number> {
  const at = path.lastIndexOf('/')
  const fields = { namespace: path.slice(0, at), path: path.slice(at + 1), name }
  const { headers, body } = await multipart(fields, { path: file, name: 'project.tar.gz', type: 'application/gzip' })
  const { id } = await client.call(ImportState, { method: 'POST', path: 'projects/import', headers, stream: body }, signal)
  return id
}

/**
 * Waits until an import has ended, asking ever more rarely.
 * @returns undefined if it shows no progress for so long that its job must be dead
 */
export async function untilImported(
  { client, ports }: Work,
  project: number,
  stuckMs: number,
  signal: AbortSignal,
): Promise<ImportState | undefined> {
  let pause = FIRST_PAUSE_MS
  let seen = ''
  let since = ports.clock.monotonicMs()
  for (;;) {
    const state = await client.get(ImportState, projectPath(project, '/import'), {}, signal)
    if (state.import_status === 'finished' || state.import_status === 'failed' || state.import_status === 'none') return state
    const progress = `${state.import_status} ${await countOf(client, project, 'issues', signal)} ${await countOf(client, project, 'merge_requests', signal)}`
    if (progress !== seen) {
      seen = progress
      since = ports.clock.monotonicMs()
    } else if (ports.clock.monotonicMs() - since > stuckMs) return undefined
    await ports.clock.sleep(pause, signal)
    pause = Math.min(LONGEST_PAUSE_MS, pause * 1.5)
  }
}

/** How many there are so far, by the header of a list; a list that is not to be had yet counts none. */
async function countOf(client: GitlabClient, project: number, room: string, signal: AbortSignal): Promise<string> {
  try {
    const { headers } = await client.json(
      { method: 'GET', path: projectPath(project, `/${room}`), query: { per_page: 1, scope: 'all' } },
      signal,
    )
    return headers.get('x-total') ?? 'many'
  } catch (error) {
    if (error instanceof Fault && (error.code === 'permission' || error.code === 'gone')) return ''
    throw error
  }
}
