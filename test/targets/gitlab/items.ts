import { hash } from 'node:crypto'
import { collectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { BlobRef, BodyByKind, Item, Kind } from '../../../src/contract/item.ts'
import type { BlobReader, Directory, Entry, Numbered, Person } from '../../../src/contract/target.ts'
import type { Actor } from '../../../src/model/actor.ts'
import { emptyDirectory } from '../../../src/model/empty-directory.ts'
import type { FileRef } from '../../../src/model/file.ts'
import { revisionOf } from '../../../src/model/revision.ts'
import { Settings } from '../../../targets/gitlab/settings.ts'

/** Items of a code host with everything said that a test does not say. Repository 1 is `acme/app`. */
export const T = '2024-05-06T07:08:09Z'
export const R = itemId('repository', '1')
export const ada: Actor = { account: 'account/11', login: 'ada' }
export const bob: Actor = { account: 'account/12', login: 'bob' }
/** In no directory. */
export const passer: Actor = { account: 'account/99', login: 'passer-by' }

export function item<K extends Kind>(kind: K, id: ItemId, body: BodyByKind[K], blobs: readonly (BlobRef | null)[] = []): Item<K> {
  return {
    kind,
    id,
    collection: collectionId(kind === 'account' || kind === 'group' ? 'directory' : 'repository/1'),
    revision: revisionOf(body, []),
    body,
    raw: null,
    blobs,
    provenance: { source: 'hub', nativeId: id, fetchedAt: T, endpoint: 'test' },
  } as never
}

export const account = (actor: Actor, more: Partial<BodyByKind['account']> = {}): Item<'account'> =>
  item('account', actor.account as ItemId, {
    handle: actor.login,
    displayName: actor.login,
    realName: null,
    firstName: null,
    lastName: null,
    email: null,
    role: 'member',
    active: true,
    jobTitle: null,
    phone: null,
    timezone: null,
    locale: null,
    status: null,
    pronouns: null,
    profile: [],
    avatar: null,
    ...more,
  })
export const repository = (
  name = 'app',
  id: ItemId = R,
  more: Partial<BodyByKind['repository']> = {},
  blobs: readonly BlobRef[] = [],
): Item<'repository'> =>
  item(
    'repository',
    id,
    {
      owner: 'acme',
      name,
      formerNames: [],
      description: 'An app',
      homepage: null,
      topics: [],
      visibility: 'private',
      archived: false,
      template: false,
      forkOf: null,
      defaultBranch: 'main',
      features: { issues: true, wiki: true, discussions: true, boards: false },
      createdAt: T,
      git: null,
      wiki: null,
      ...more,
    },
    blobs,
  )
const tracked = {
  repository: R,
  title: 'A title',
  text: 'Some text',
  author: ada,
  labels: [],
  milestone: null,
  assignees: [],
  createdAt: T,
  updatedAt: T,
  closedAt: null,
  closedBy: null,
  locked: false,
  lockReason: null,
  reactions: [],
  attachments: [],
}
export const issue = (number: number, more: Partial<BodyByKind['issue']> = {}, blobs: readonly (BlobRef | null)[] = []): Item<'issue'> =>
  item(
    'issue',
    itemId('issue', '1', String(number)),
    { ...tracked, number, state: 'open', stateReason: null, type: null, parent: null, ...more },
    blobs,
  )
export const changeRequest = (number: number, more: Partial<BodyByKind['change-request']> = {}): Item<'change-request'> =>
  item('change-request', itemId('change-request', '1', String(number)), {
    ...tracked,
    number,
    state: 'open',
    draft: false,
    head: { ref: 'topic', oid: '2'.repeat(40), repository: 'acme/app' },
    base: { ref: 'main', oid: '1'.repeat(40), repository: 'acme/app' },
    mergedAt: null,
    mergedBy: null,
    mergeCommit: null,
    reviewers: [],
    reviewerGroups: [],
    ...more,
  })
/** `id`: `issue/5`, `review/7` or `discussion/9` with the number of the comment. */
export const comment = (id: string, on: string, more: Partial<BodyByKind['comment']> = {}): Item<'comment'> =>
  item('comment', `comment/1/${id}` as ItemId, {
    repository: R,
    on,
    author: bob,
    text: 'A comment',
    createdAt: T,
    updatedAt: T,
    reactions: [],
    attachments: [],
    replyTo: null,
    review: null,
    anchor: null,
    hidden: null,
    ...more,
  })
export const anchor = (path: string, line: number | null, more: Partial<NonNullable<BodyByKind['comment']['anchor']>> = {}) => ({
  path,
  subject: 'line' as const,
  side: 'new' as const,
  line,
  startLine: null,
  startSide: null,
  commit: '2'.repeat(40),
  originalLine: line ?? 1,
  originalStartLine: null,
  originalCommit: '2'.repeat(40),
  hunk: '@@ -1 +1 @@\n-old\n+new',
  ...more,
})
export const review = (id: number, change: number, more: Partial<BodyByKind['review']> = {}): Item<'review'> =>
  item('review', itemId('review', '1', String(id)), {
    repository: R,
    changeRequest: `change-request/1/${change}`,
    author: bob,
    state: 'commented',
    text: '',
    submittedAt: T,
    commit: null,
    reactions: [],
    attachments: [],
    ...more,
  })
export const thread = (root: string, change: number, more: Partial<BodyByKind['thread']> = {}): Item<'thread'> =>
  item('thread', `thread/1/${root.slice(root.lastIndexOf('/') + 1)}` as ItemId, {
    repository: R,
    changeRequest: `change-request/1/${change}`,
    root,
    resolved: false,
    resolvedBy: null,
    outdated: false,
    ...more,
  })
export const event = (id: number, on: string, type: string, more: Partial<BodyByKind['timeline-event']> = {}): Item<'timeline-event'> =>
  item('timeline-event', itemId('timeline-event', '1', String(id)), {
    repository: R,
    on,
    type,
    actor: ada,
    at: T,
    label: null,
    milestone: null,
    subject: null,
    rename: null,
    commit: null,
    reference: null,
    ...more,
  })
export const label = (name: string, color = 'd73a4a'): Item<'label'> =>
  item('label', itemId('label', '1', name), { repository: R, name, color, description: null })
export const milestone = (number: number, title: string, more: Partial<BodyByKind['milestone']> = {}): Item<'milestone'> =>
  item('milestone', itemId('milestone', '1', String(number)), {
    repository: R,
    number,
    title,
    text: 'Soon',
    state: 'open',
    author: ada,
    dueOn: '2024-06-01',
    createdAt: T,
    updatedAt: T,
    closedAt: null,
    ...more,
  })
export const release = (tag: string, more: Partial<BodyByKind['release']> = {}, blobs: readonly (BlobRef | null)[] = []): Item<'release'> =>
  item(
    'release',
    itemId('release', '1', tag),
    {
      repository: R,
      tag,
      name: `Release ${tag}`,
      text: 'News',
      author: ada,
      draft: false,
      prerelease: false,
      target: 'main',
      createdAt: T,
      publishedAt: T,
      assets: [],
      reactions: [],
      attachments: [],
      ...more,
    },
    blobs,
  )
export const discussion = (number: number, more: Partial<BodyByKind['discussion']> = {}): Item<'discussion'> =>
  item('discussion', itemId('discussion', '1', String(number)), {
    repository: R,
    number,
    title: 'What if',
    text: 'Ideas',
    author: bob,
    category: { name: 'Ideas', answerable: false },
    answer: null,
    labels: [],
    createdAt: T,
    updatedAt: T,
    closedAt: null,
    locked: false,
    reactions: [],
    attachments: [],
    ...more,
  })
export const file = (name: string, url: string, blob: number | null): FileRef => ({
  nativeId: name,
  name,
  title: null,
  mediaType: 'application/octet-stream',
  bytes: null,
  form: 'upload',
  state: 'stored',
  blob,
  url,
  owner: null,
})

/** Bytes of items, kept by their hash. */
export class Blobs implements BlobReader {
  readonly #bytes = new Map<string, Buffer>()
  put(content: string | Buffer): BlobRef {
    const bytes = Buffer.from(content as string)
    const sha256 = hash('sha256', bytes)
    this.#bytes.set(sha256, bytes)
    return { sha256, bytes: bytes.length, mediaType: 'application/octet-stream' }
  }
  async open({ sha256 }: BlobRef): Promise<ReadableStream<Uint8Array>> {
    return new Blob([new Uint8Array(this.#bytes.get(sha256) ?? Buffer.alloc(0))]).stream() as ReadableStream<Uint8Array>
  }
}

/** What mapping knows of all items at once. */
export function directoryOf(items: readonly Item[], people: Readonly<Record<string, Person>> = {}): Directory {
  const numbers = new Map<string, Numbered>()
  for (const { kind, body } of items)
    if (kind === 'issue' || kind === 'change-request' || kind === 'discussion') numbers.set(`${body.repository} ${body.number}`, kind)
  const entries = <K extends Kind>(kind: K): ReadonlyMap<ItemId, Entry<K>> =>
    new Map(
      items
        .filter((one) => one.kind === kind)
        .map((one) => [one.id, { id: one.id, collection: one.collection, body: one.body, blobs: one.blobs } as unknown as Entry<K>]),
    )
  return {
    ...emptyDirectory('hub', 'lab'),
    accounts: entries('account'),
    groups: entries('group'),
    repositories: entries('repository'),
    numbered: (repository, number) => numbers.get(`${repository} ${number}`),
    person: (id) => people[id],
  }
}
export const settings = (more: Readonly<Record<string, unknown>> = {}): Settings =>
  Settings.parse({ url: 'https://lab.example.test', token: { env: 'TOKEN' }, group: 'acme', ...more })
