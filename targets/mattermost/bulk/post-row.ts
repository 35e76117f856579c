import type { CollectionId } from '../../../src/contract/ids.ts'
import { type Place, type PostOperation, placeText, postKey } from '../map/operations.ts'

/*
 * Posts as rows of JSON, for another thread and for the disk: what is said of posts that follow each other is said once, in their group, and what
 * most posts do not have is not said at all.
 */

type Sparse = Pick<PostOperation, 'placeholder' | 'props' | 'reactions' | 'files' | 'pinned' | 'editedAt' | 'followers' | 'links'>
export type PostRow = readonly [
  group: number,
  part: PostOperation['part'],
  item: PostOperation['item'],
  user: string,
  message: string,
  at: number,
  sentAt: string,
  root: string | null,
  /** The original of the mark; 0: it has none; null: there is no mark. */
  mark: string | 0 | null,
  more: Sparse | 0,
]
export interface Group {
  readonly collection: CollectionId
  readonly place: Place
  /** In the marks. */
  readonly source: string
}
/** What many rows have in common, each once. */
export class Groups {
  readonly all: Group[] = []
  /** Where the group of a post stands in `all`. */
  of({ collection, place, mark }: PostOperation): number {
    const last = this.all.at(-1)
    const source = mark?.source ?? last?.source ?? ''
    const same = last !== undefined && last.collection === collection && last.source === source && isSame(last.place, place)
    if (!same) this.all.push({ collection, place, source })
    return this.all.length - 1
  }
}
const isSame = (one: Place, other: Place): boolean =>
  one === other || (one.type === 'channel' && other.type === 'channel' ? one.name === other.name : placeText(one) === placeText(other))

/** Without key, revision and summary. */
export function rowOf(op: PostOperation, group: number): PostRow {
  const { part, item, user, message, at, sentAt, root, mark } = op
  return [group, part, item, user, message, at, sentAt, root, mark === null ? null : (mark.original ?? 0), isPlain(op) ? 0 : sparseOf(op)]
}
const isPlain = (op: PostOperation): boolean =>
  op.placeholder === null &&
  op.props === null &&
  op.reactions.length === 0 &&
  op.files.length === 0 &&
  !op.pinned &&
  op.editedAt === null &&
  op.followers.length === 0 &&
  op.links.length === 0
const sparseOf = ({ placeholder, props, reactions, files, pinned, editedAt, followers, links }: PostOperation): Sparse => ({
  placeholder,
  props,
  reactions,
  files,
  pinned,
  editedAt,
  followers,
  links,
})
const plain: Sparse = {
  placeholder: null,
  props: null,
  reactions: [],
  files: [],
  pinned: false,
  editedAt: null,
  followers: [],
  links: [],
}

/** `own`: what it has of its own, if anybody will ask; neither revision nor summary stands in an import file. */
export function postOf(
  [group, part, item, user, message, at, sentAt, root, original, more]: PostRow,
  groups: readonly Group[],
  own?: Pick<PostOperation, 'key' | 'revision' | 'summary'>,
): PostOperation {
  const { collection, place, source } = groups[group] as Group
  const { placeholder, props, reactions, files, pinned, editedAt, followers, links } = more === 0 ? plain : more
  return {
    type: 'post',
    key: own?.key ?? postKey(item, part),
    item,
    collection,
    revision: own?.revision ?? '',
    summary: own?.summary ?? '',
    place,
    user,
    placeholder,
    message,
    at,
    sentAt,
    part,
    root,
    props,
    mark: original === null ? null : { source, original: original === 0 ? null : original },
    reactions,
    files,
    pinned,
    editedAt,
    followers,
    links,
  }
}
