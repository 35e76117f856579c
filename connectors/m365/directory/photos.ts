import { Fault } from '../../../src/fault.ts'
import { type Graph, seg } from '../graph.ts'
import { hasNoMailbox } from '../graph-fault.ts'
import { text, type Wire } from '../wire.ts'
import type { Listed } from './listing.ts'

/** Somebody's picture as it is now; `refused`: there may be one, and this app may not see it. */
export type Photo = { readonly type: 'picture'; readonly mediaType: string; readonly etag: string } | { readonly type: 'refused' }

/** Pictures of those with a mailbox, where they are kept: a request for each twenty. Who has none is not in the answer. */
export async function photosOf(graph: Graph, listed: Listed, signal: AbortSignal): Promise<ReadonlyMap<string, Photo>> {
  const ids = [...listed.people.keys()]
  const answers = await graph.batch(
    ids.map((id) => `/users/${seg(id)}/photo`),
    signal,
  )
  return new Map(
    ids.flatMap((id, at): [string, Photo][] => {
      const photo = photoIn(answers[at])
      return photo === undefined ? [] : [[id, photo]]
    }),
  )
}

function photoIn(answer: Wire | Error | undefined): Photo | undefined {
  if (answer instanceof Fault && answer.code === 'permission' && !hasNoMailbox(answer)) return { type: 'refused' }
  if (answer === undefined || answer instanceof Error) return undefined
  const etag = text(answer['@odata.mediaEtag'])
  return etag === undefined ? undefined : { type: 'picture', etag, mediaType: text(answer['@odata.mediaContentType']) ?? 'image/jpeg' }
}

/** The bytes of somebody's picture. `handle`: the person's id, encoded. */
export const photoBytes = (graph: Graph, handle: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> =>
  graph.stream(`/users/${handle}/photo/$value`, signal)
