import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Applied, Ledger, LedgerEntry, Stated } from '../../../src/contract/target.ts'
import type { Work } from '../apply.ts'
import { groupRemote, placeOf, textHash } from '../expect.ts'
import type { MattermostOperation } from '../map/operations.ts'
import type { ServerPlaces } from '../places.ts'
import type { Post } from '../wire.ts'
import { customGroups } from './groups.ts'

type Gone = Extract<Stated<MattermostOperation>, { readonly state: 'gone' }>

/**
 * Removes what the source has no more, if it is still as we left it: posts are deleted, channels archived. People are left alone,
 * and so is anything somebody changed, answered or used here.
 */
export async function* removeGone(
  work: Work,
  world: ServerPlaces,
  gone: readonly Gone[],
  ledger: Ledger,
  signal: AbortSignal,
): AsyncGenerator<Applied> {
  const byPlace = Map.groupBy(gone, ({ known }) => known.remote.split('/').slice(0, 3).join('/'))
  for (const [, entries] of byPlace) {
    const where = placeOf(entries[0]?.known.remote ?? '')
    const channel = where === undefined ? undefined : await world.channel(where.place, signal)
    const wanted = new Set(entries.map(({ known }) => placeOf(known.remote)?.at))
    const posts = new Map<number, Post>()
    const answered = new Map<string, number>()
    if (channel !== undefined)
      for await (const post of world.posts(channel.id, signal)) {
        if (wanted.has(post.create_at)) posts.set(post.create_at, post)
        else if (post.root_id !== '') answered.set(post.root_id, (answered.get(post.root_id) ?? 0) + 1)
      }
    for (const { known } of entries) {
      const loss = known.remote.startsWith('post/')
        ? await removePost(work, known, posts.get(where === undefined ? 0 : (placeOf(known.remote)?.at ?? 0)), answered, signal)
        : undefined
      if (
        known.remote.startsWith('channel/') &&
        channel !== undefined &&
        channel.delete_at === 0 &&
        known.notes['ours'] === true &&
        (channel.type === 'O' || channel.type === 'P')
      )
        await work.client.delete(`/channels/${channel.id}`, {}, signal)
      if (known.remote.startsWith('group/') && known.notes['ours'] === true && work.features.customGroups)
        for await (const group of customGroups(work.client, signal))
          if (groupRemote(group.name ?? '') === known.remote) await work.client.delete(`/groups/${group.id}`, {}, signal)
      ledger.delete([known.key])
      yield {
        key: known.key,
        item: known.item,
        outcome: loss === undefined ? 'deleted' : 'failed',
        remote: known.remote,
        expect: {},
        losses: loss === undefined ? [] : [loss],
      }
    }
  }
}

async function removePost(
  { client }: Work,
  known: LedgerEntry,
  post: Post | undefined,
  answered: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<Loss | undefined> {
  if (post === undefined) return undefined
  const kept = (detail: string): Loss => ({
    item: known.item,
    stage: 'apply',
    code: 'rejected-by-target',
    effect: { type: 'degraded', field: 'text' },
    detail,
  })
  if (textHash(post.message) !== known.notes['text']) return kept('deleted at the source, but somebody edited it here: kept')
  if (answered.has(post.id)) return kept('deleted at the source, but a thread hangs on it here: kept')
  await client.delete(`/posts/${post.id}`, {}, signal)
  return undefined
}
