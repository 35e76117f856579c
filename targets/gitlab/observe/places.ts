import type { Observed } from '../../../src/contract/target.ts'
import { projectPath } from '../api/client.ts'
import { Label, Milestone } from '../api/wire.ts'
import { textHash } from '../file/expect.ts'
import { labelRemote, milestoneRemote } from '../remote.ts'
import type { Scan } from './observe.ts'

/** Labels and milestones of the project itself. */
export async function* observePlaces({ client, project, id, intended }: Scan, signal: AbortSignal): AsyncGenerator<Observed> {
  const own = { include_ancestor_groups: false }
  for await (const { name, color, description } of client.list(Label, projectPath(id, '/labels'), own, signal)) {
    const remote = labelRemote(project, name)
    const described = description === undefined || description === '' ? null : description
    // Labels that only issues name were made with them.
    if (intended.has(remote)) yield { remote, fields: { title: name, color, description: described } }
  }
  for await (const milestone of client.list(Milestone, projectPath(id, '/milestones'), {}, signal)) {
    const { iid, title, state, due_date, description } = milestone
    yield {
      remote: milestoneRemote(project, title),
      fields: { iid, title, state, dueDate: due_date ?? null, text: textHash(description ?? '') },
    }
  }
}
