import type { Check } from '../../../src/contract/ports.ts'
import type { GitlabClient } from './client.ts'
import { ApplicationSettings } from './wire.ts'

/**
 * Settings of the instance that an import meets: whether it may import at all, how large a file may be, how much a minute.
 * https://docs.gitlab.com/api/settings/ (read 2026-11-25)
 */
export async function* limitChecks(client: GitlabClient, username: string, signal: AbortSignal): AsyncGenerator<Check> {
  const found = await client.get(ApplicationSettings, 'application/settings', {}, signal)
  yield (found.import_sources ?? []).includes('gitlab_project')
    ? { name: 'import', status: 'pass', detail: '"GitLab export" is allowed as a source of imports' }
    : {
        name: 'import',
        status: 'fail',
        detail: '"GitLab export" is not allowed as a source of imports',
        remedy: 'Admin > Settings > General > Import and export settings > Import sources: tick "GitLab export"',
      }
  yield sizeCheck('max_import_size', 'an import file', found.max_import_size ?? 0)
  yield sizeCheck('max_decompressed_archive_size', 'an unpacked import file', found.max_decompressed_archive_size ?? 0)
  yield { name: 'import rate', status: 'pass', detail: perMinute(found.project_import_limit, 'projects') }
  const exempt = (found.notes_create_limit_allowlist ?? []).includes(username)
  const notes = found.notes_create_limit ?? 0
  yield notes > 0 && !exempt
    ? {
        name: 'note rate',
        status: 'warn',
        detail: `${notes} comments a minute when a standing project is brought up to date`,
        remedy: `Put ${username} on the list of excluded users (Admin > Settings > Network > Notes rate limit)`,
      }
    : { name: 'note rate', status: 'pass', detail: 'no limit for this user' }
  yield { name: 'issue rate', status: 'pass', detail: perMinute(found.issues_create_limit, 'issues') }
}

function sizeCheck(name: string, what: string, mib: number): Check {
  if (mib <= 0) return { name, status: 'pass', detail: `${what} may have any size` }
  return {
    name,
    status: mib < 5120 ? 'warn' : 'pass',
    detail: `${what} may have ${mib} MiB`,
    ...(mib < 5120
      ? { remedy: 'Raise it if a repository with its large files is larger: Admin > Settings > General > Import and export settings' }
      : {}),
  }
}
const perMinute = (limit: number | null | undefined, what: string): string =>
  (limit ?? 0) > 0 ? `${limit ?? 0} ${what} a minute` : `${what} without a limit`
