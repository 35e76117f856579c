import type { LedgerEntry } from '../../../src/contract/target.ts'
import type { JsonValue } from '../../../src/contract/json.ts'
import type { Work } from '../apply.ts'
import type { Standing } from '../bulk/compose-options.ts'
import type { Pending } from '../bulk/threads.ts'
import { postRemote, textHash } from '../expect.ts'
import type { ServerPlaces } from '../places.ts'
import type { Post } from '../wire.ts'

/** So many milliseconds a time may have been moved to be unique. */
const MOVED = 2000

/**
 * Finds again what an earlier run left when the ledger is lost: roots by the mark in their props, everything else by author, time and text.
 * Without it a second run would double every post whose time or text was changed on the way. Asks the server only for places that stand there
 * and of which the ledger knows nothing.
 */
export async function adopt(
  { settings }: Work,
  world: ServerPlaces,
  posts: Iterable<Pending>,
  standing: Standing,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LedgerEntry>> {
  const none = new Map<string, LedgerEntry>()
  const [first] = posts
  if (first === undefined || !standing.team) return none
  const { place } = first.op
  if (place.type === 'channel' && !standing.channels.has(place.name)) return none
  if (place.type === 'direct' && !place.members.every((name) => standing.users.has(name))) return none
  for (const { known } of posts) if (known !== undefined) return none
  const channel = await world.channel(place, signal)
  if (channel === undefined) return none
  const marked = new Map<string, Post>()
  const byText = new Map<string, Post[]>()
  for await (const post of world.posts(channel.id, signal)) {
    if (post.type.startsWith('system_')) continue
    const mark = markOf(post.props?.['fallreep'])
    if (mark !== undefined) marked.set(`${mark}#0`, post)
    const key = textKey(await world.username(post.user_id, signal), unlinked(post.message, settings))
    byText.set(key, [...(byText.get(key) ?? []), post])
  }
  const used = new Set<string>()
  const adopted = new Map<string, LedgerEntry>()
  for (const { op } of posts) {
    const near = (
      byText.get(
        textKey(
          op.user,
          withoutUrls(
            op.message,
            op.links.map(({ url }) => url),
          ),
        ),
      ) ?? []
    )
      .filter((post) => !used.has(post.id) && post.create_at >= op.at && post.create_at <= op.at + MOVED)
      .toSorted((a, b) => a.create_at - b.create_at)
    const post = marked.get(op.key) ?? near[0]
    if (post === undefined) continue
    used.add(post.id)
    const remote = postRemote(settings.team, place, post.create_at)
    adopted.set(op.key, {
      key: op.key,
      item: op.item,
      collection: op.collection,
      revision: '',
      remote,
      state: 'applied',
      notes: {
        at: post.create_at,
        text: textHash(post.message),
        pinned: post.is_pinned,
        ...(op.links.length === 0
          ? {}
          : {
              links: linksOf(
                post.message,
                op.links.map(({ url }) => url),
                op.message,
              ),
            }),
      },
    })
  }
  return adopted
}

const textKey = (user: string, text: string): string => `${user}\0${text}`
const PERMALINK = '\u0001'
const withoutUrls = (text: string, urls: readonly string[]): string => urls.reduce((left, url) => left.replaceAll(url, PERMALINK), text)
const unlinked = (text: string, settings: Work['settings']): string => text.replaceAll(permalink(settings), PERMALINK)
const permalink = ({ url, team }: Work['settings']): RegExp =>
  new RegExp(`${RegExp.escape(`${url.replace(/\/+$/, '')}/${team}/pl/`)}[a-z0-9]{26}`, 'g')

/** Which address was rewritten to which, read off the two texts. */
function linksOf(live: string, urls: readonly string[], mapped: string): JsonValue {
  const links: Record<string, string> = {}
  const now = [...live.matchAll(/https?:\/\/[^\s)]+\/pl\/[a-z0-9]{26}/g)].map(([text]) => text)
  const then = urls.toSorted((a, b) => mapped.indexOf(a) - mapped.indexOf(b))
  if (now.length === then.length) for (const [n, url] of then.entries()) links[url] = now[n] ?? url
  return links
}

function markOf(mark: JsonValue | undefined): string | undefined {
  if (mark === undefined || mark === null || typeof mark !== 'object' || !('id' in mark)) return undefined
  return typeof mark.id === 'string' ? mark.id : undefined
}
