import type { Ports } from '../../../src/contract/ports.ts'
import { Fault } from '../../../src/fault.ts'
import { orGone, projectPath, type GitlabClient } from '../api/client.ts'
import { Project } from '../api/wire.ts'

const PAUSE_MS = 1_000
const MOST_PAUSES = 300

export const findProject = (client: GitlabClient, path: string, signal: AbortSignal): Promise<Project | undefined> =>
  client.find(Project, projectPath(path), {}, signal)

/**
 * Removes a project and waits until its path is free. Servers that delay deletion mark it first; the second call names its full path, which is
 * another one by then on newer servers. https://docs.gitlab.com/api/projects/#delete-a-project (read 2026-11-25)
 */
export async function removeProject(
  client: GitlabClient,
  ports: Ports,
  { id, path_with_namespace }: Project,
  signal: AbortSignal,
): Promise<void> {
  await client.remove(projectPath(id), {}, signal)
  for (let tries = 0; tries < MOST_PAUSES; tries++) {
    const left = await client.find(Project, projectPath(id), {}, signal)
    if (left === undefined) return
    if (tries === 0 || left.path_with_namespace !== path_with_namespace)
      await orGone(() =>
        client.json(
          { method: 'DELETE', path: projectPath(id), query: { permanently_remove: true, full_path: left.path_with_namespace } },
          signal,
        ),
      ).catch(
        // It is being removed already, or deletion is not delayed there.
        (error: unknown) => {
          if (!(error instanceof Fault) || error.code === 'unavailable') throw error
        },
      )
    await ports.clock.sleep(PAUSE_MS, signal)
  }
  throw new Fault({
    code: 'unavailable',
    what: `GitLab has not removed ${path_with_namespace}`,
    remedy: 'Remove it by hand, then run again',
    retry: { type: 'backoff' },
  })
}
