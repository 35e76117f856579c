import type { Observed } from '../../../src/contract/target.ts'
import { projectPath } from '../api/client.ts'
import { type Issue, type MergeRequest, ResourceEvent } from '../api/wire.ts'
import { eventRemote } from '../remote.ts'
import { observeTalk } from './notes.ts'
import type { Scan } from './observe.ts'
import { nameOf, timeOf } from './people.ts'

type Room = 'issues' | 'merge_requests'

/** What hangs on an issue or merge request: what was said, and what GitLab keeps of what happened. */
export async function observeHanging(
  scan: Scan,
  room: Room,
  { iid, user_notes_count = 0 }: Issue | MergeRequest,
  signal: AbortSignal,
): Promise<readonly Observed[]> {
  const { intended } = scan
  const place = `${room}/${iid}`
  const observed: Observed[] = []
  if (user_notes_count > 0 || intended.talk(place)) observed.push(...(await observeTalk(scan, room, iid, signal)))
  for (const kind of ['label', 'milestone', 'state'] as const)
    if (intended.events(kind, place)) observed.push(...(await observeEvents(scan, room, iid, kind, signal)))
  return observed
}

async function observeEvents(
  { client, project, id, intended }: Scan,
  room: Room,
  iid: number,
  kind: 'label' | 'milestone' | 'state',
  signal: AbortSignal,
): Promise<readonly Observed[]> {
  const observed: Observed[] = []
  for await (const event of client.list(ResourceEvent, projectPath(id, `/${room}/${iid}/resource_${kind}_events`), {}, signal)) {
    const createdAt = timeOf(event.created_at) ?? event.created_at
    const what =
      kind === 'state'
        ? { state: event.state ?? null }
        : kind === 'label'
          ? { action: event.action ?? null, label: event.label?.name ?? null }
          : { action: event.action ?? null, milestone: event.milestone?.title ?? null }
    const remote = eventRemote(project, { type: room, iid }, kind, createdAt)
    // Its history goes on by itself with what is changed there.
    if (intended.has(remote)) observed.push({ remote, fields: { author: nameOf(event.user), createdAt, ...what } })
  }
  return observed
}
