import type { CollectionId } from '../../../src/contract/ids.ts'
import type { MattermostOperation, Place, PostOperation } from '../map/operations.ts'

/*
 * Operations on their way to another thread: JSON, because that is made and read ten times faster than the copy a message port makes of objects.
 * What is said of posts that follow each other is said once, and what most posts do not have is not said at all.
 */

type Sparse = Pick<PostOperation, 'placeholder' | 'propsMatter' | 'reactions' | 'files' | 'pinned' | 'editedAt' | 'followers' | 'links'>
type PostRow = readonly [
  group: number,
  key: PostOperation['key'],
  item: PostOperation['item'],
  user: string,
  message: string,
  at: number,
  order: string,
  root: string | null,
  props: PostOperation['props'],
  more: Sparse | 0,
]
interface Group {
  readonly collection: CollectionId
  readonly place: Place
}
interface Batch {
  readonly groups: readonly Group[]
  readonly ops: readonly (PostRow | Exclude<MattermostOperation, PostOperation>)[]
}

/** Characters of a batch, about: large enough to be worth its way, small enough to be young garbage. */
const ENOUGH = 48 * 1024
/** What a post takes beside its message. */
const FRAME = 300

/** Gathers operations until there are enough of them to be sent. */
export class OperationBatch {
  #groups: Group[] = []
  #ops: Batch['ops'][number][] = []
  #size = 0
  get enough(): boolean {
    return this.#size >= ENOUGH
  }
  add(op: MattermostOperation): void {
    if (op.type !== 'post') {
      this.#ops.push(op)
      this.#size += FRAME
      return
    }
    const { collection, place } = op
    const last = this.#groups.at(-1)
    if (last?.place !== place || last.collection !== collection) this.#groups.push({ collection, place })
    this.#ops.push(rowOf(op, this.#groups.length - 1))
    this.#size += op.message.length + FRAME
  }
  /** All that was added since the last time. */
  take(): string {
    const text = JSON.stringify({ groups: this.#groups, ops: this.#ops } satisfies Batch)
    this.#groups = []
    this.#ops = []
    this.#size = 0
    return text
  }
}

function rowOf(op: PostOperation, group: number): PostRow {
  return [group, op.key, op.item, op.user, op.message, op.at, op.order, op.root, op.props, isPlain(op) ? 0 : sparseOf(op)]
}
const isPlain = (op: PostOperation): boolean =>
  op.placeholder === null &&
  !op.propsMatter &&
  op.reactions.length === 0 &&
  op.files.length === 0 &&
  !op.pinned &&
  op.editedAt === null &&
  op.followers.length === 0 &&
  op.links.length === 0
const sparseOf = ({ placeholder, propsMatter, reactions, files, pinned, editedAt, followers, links }: PostOperation): Sparse => ({
  placeholder,
  propsMatter,
  reactions,
  files,
  pinned,
  editedAt,
  followers,
  links,
})
const plain: Sparse = {
  placeholder: null,
  propsMatter: false,
  reactions: [],
  files: [],
  pinned: false,
  editedAt: null,
  followers: [],
  links: [],
}

/** The operations of a batch. Posts come without revision and summary: neither stands in an import file. */
export function operationsOf(text: string): readonly MattermostOperation[] {
  const { groups, ops } = JSON.parse(text) as Batch
  return ops.map((op) => (isRow(op) ? postOf(op, groups) : op))
}
const isRow = (op: Batch['ops'][number]): op is PostRow => Array.isArray(op)

function postOf([group, key, item, user, message, at, order, root, props, more]: PostRow, groups: readonly Group[]): PostOperation {
  const { collection, place } = groups[group] as Group
  const { placeholder, propsMatter, reactions, files, pinned, editedAt, followers, links } = more === 0 ? plain : more
  return {
    type: 'post',
    key,
    item,
    collection,
    revision: '',
    summary: '',
    place,
    user,
    placeholder,
    message,
    at,
    order,
    root,
    props,
    propsMatter,
    reactions,
    files,
    pinned,
    editedAt,
    followers,
    links,
  }
}
