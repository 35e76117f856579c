import type { Observed } from '../../../src/contract/target.ts'
import { orGone, projectPath } from '../api/client.ts'
import { Discussion, type Note } from '../api/wire.ts'
import { positionFields, textHash } from '../file/expect.ts'
import type { NotePlace } from '../operations.ts'
import { discussionRemote, noteRemote } from '../remote.ts'
import type { Scan } from './observe.ts'
import { awardsAt, nameOf, timeOf } from './people.ts'

/** Comments and conversations on one issue or merge request, by the list of its discussions. */
export async function observeTalk(
  scan: Scan,
  room: 'issues' | 'merge_requests',
  iid: number,
  signal: AbortSignal,
): Promise<readonly Observed[]> {
  const { client, project, id, intended } = scan
  const path = projectPath(id, `/${room}/${iid}`)
  const observed: Observed[] = []
  for await (const discussion of client.list(Discussion, `${path}/discussions`, {}, signal)) {
    for (const note of discussion.notes) {
      const remote = noteRemote(project, { type: room, iid }, timeOf(note.created_at) ?? note.created_at)
      // GitLab tells in notes of its own what is changed there.
      if (note.system && !intended.has(remote)) continue
      const awards = intended.some(remote, 'awards') ? await awardsAt(client, `${path}/notes/${note.id}`, signal) : []
      observed.push(noteObserved(scan, { type: room, iid }, discussion, note, awards))
    }
    const remote = discussionRemote(project, iid, discussion.id)
    if (room === 'merge_requests' && intended.has(remote)) observed.push({ remote, fields: threadFields(discussion) })
  }
  return observed
}

/** Comments on commits; only those commits are asked for at which one should be. */
export async function* observeCommitNotes(scan: Scan, signal: AbortSignal): AsyncGenerator<Observed> {
  const { client, id, intended } = scan
  for (const sha of intended.commits) {
    const path = projectPath(id, `/repository/commits/${sha}/discussions`)
    const discussions = (await orGone(() => Array.fromAsync(client.list(Discussion, path, {}, signal)))) ?? []
    for (const discussion of discussions)
      for (const note of discussion.notes) yield noteObserved(scan, { type: 'commits', sha }, discussion, note, [])
  }
}

function noteObserved({ project }: Scan, on: NotePlace, discussion: Discussion, note: Note, awards: readonly string[]): Observed {
  const createdAt = timeOf(note.created_at) ?? note.created_at
  return {
    remote: noteRemote(project, on, createdAt),
    fields: {
      author: note.author.username,
      createdAt,
      text: textHash(note.body),
      system: note.system,
      discussion: discussion.individual_note || note.system ? null : discussion.id,
      position: note.position === null || note.position === undefined ? null : positionFields(note.position),
      resolved: note.resolved === true,
      awards,
    },
  }
}

/** A conversation is resolved when all of it is that can be. */
function threadFields({ notes }: Discussion): Observed['fields'] {
  const resolvable = notes.filter((note) => note.resolvable === true)
  const resolved = resolvable.length > 0 && resolvable.every((note) => note.resolved === true)
  return { resolved, resolvedBy: resolved ? nameOf(resolvable[0]?.resolved_by) : null }
}
