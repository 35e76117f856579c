import type { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import type { Listed } from '../listing.ts'
import { dropped, idIn } from '../map/item.ts'
import { label, milestone, release } from '../map/lists.ts'
import type { Reaction } from '../wire/graph.ts'
import { LabelRow, MilestoneRow, ReleaseRow } from '../wire/rest.ts'
import { reactionsTo } from './reactions.ts'
import { type Reading, refusedOf, type RepositoryPart } from './reading.ts'
import { brief } from './brief.ts'

/** A list that is always read whole: what it does not name any more is gone. */
interface List<R> {
  readonly kind: 'label' | 'milestone' | 'release'
  readonly path: string
  readonly schema: z.ZodType<R>
  readonly line: (listed: Listed) => string | undefined
  /** Node id, where there are reactions. */
  liked(row: R): string | undefined
  item(row: R, reactions: ReadonlyMap<string, readonly Reaction[]>, raw: unknown, reading: Reading): SourceItem
  /** What has to be remembered of an entry beside its revision. */
  remember?(row: R): string
  /** Told of all of them. */
  all?(rows: readonly R[], reading: Reading): void
  /** The entry was remembered otherwise, or is gone. */
  renamed?(reading: Reading): void
}

const none = (): undefined => undefined
const happened = ({ issues, pullRequests, updatedAt }: Listed): readonly unknown[] => [issues, pullRequests, updatedAt]

const labelList: List<LabelRow> = {
  kind: 'label',
  path: 'labels',
  schema: LabelRow,
  line: (of) => (of.labels === 0 ? undefined : JSON.stringify([of.labels, ...happened(of)])),
  liked: none,
  item: (row, _, raw, { mapping }) => label(row, raw, mapping),
  remember: ({ name }) => name,
  all: (rows, { state }) => void state.items.set(labelsKey, fingerprint(rows)),
  // Issues carry names of labels, and no time of theirs moves when a label is renamed: all are read again.
  renamed: ({ state }) => {
    state.marks.delete('issues')
    state.lines.delete('issues')
  },
}
/** The sweep compares labels as a whole and reads them only when they differ. */
export const labels: RepositoryPart = { ...listed(labelList), swept: false }
export const readLabels = (reading: Reading): AsyncGenerator<Change> => readList(labelList, reading)

/** Where the fingerprint of all labels stands among the items of a state. */
export const labelsKey = 'labels'
export const fingerprint = (
  all: readonly { readonly name: string; readonly color: string; readonly description: string | null }[],
): string =>
  brief(
    JSON.stringify(all.map(({ name, color, description }) => `${name}\n${color.toLowerCase()}\n${description ?? ''}`).toSorted()),
  ).toString(36)

export const milestones = listed<MilestoneRow>({
  kind: 'milestone',
  path: 'milestones?state=all&',
  schema: MilestoneRow,
  line: (of) => (of.milestones === 0 ? undefined : JSON.stringify([of.milestones, ...happened(of)])),
  liked: none,
  item: (row, _, raw, { mapping }) => milestone(row, raw, mapping),
})
export const releases = listed<ReleaseRow>({
  kind: 'release',
  path: 'releases',
  schema: ReleaseRow,
  line: (of) => (of.releases === 0 ? undefined : JSON.stringify([of.releases, of.updatedAt, of.pushedAt])),
  liked: ({ reactions, node_id }) => (reactions > 0 ? node_id : undefined),
  item: (row, reactions, raw, { mapping }) => release(row, reactions.get(row.node_id), raw, mapping),
})

function listed<R>(list: List<R>): RepositoryPart {
  return { name: `${list.kind}s`, swept: true, line: list.line, read: (reading) => readList(list, reading) }
}

async function* readList<R>(list: List<R>, reading: Reading): AsyncGenerator<Change> {
  const { github, path, state, mapping, signal } = reading
  const { place } = mapping
  const address = `${path}/${list.path}${list.path.endsWith('&') ? '' : '?'}per_page=100`
  const raws = await github.list(refusedOf(reading, `${list.kind}s`), address, signal)
  const rows = raws.flatMap((raw) => {
    const row = list.schema.safeParse(raw).data
    return row === undefined ? [] : [{ raw, row }]
  })
  if (rows.length < raws.length) {
    const detail = `${raws.length - rows.length} of ${raws.length} cannot be read`
    yield { type: 'loss', loss: dropped(idIn(place, list.kind, 'unknown'), 'invalid-at-source', detail) }
  }
  const what = refusedOf(reading, `reactions to ${list.kind}s`)
  const reactions = await reactionsTo(
    github,
    what,
    rows.flatMap(({ row }) => list.liked(row) ?? []),
    signal,
  )
  const seen = new Set<ItemId>()
  for (const { row, raw } of rows) {
    const item = list.item(row, reactions, raw, reading)
    seen.add(item.id)
    const brief = `${item.revision.slice(0, 16)} ${list.remember?.(row) ?? ''}`
    const before = state.items.get(item.id)
    if (before === brief) continue
    state.items.set(item.id, brief)
    if (before !== undefined && before.slice(17) !== brief.slice(17)) list.renamed?.(reading)
    yield { type: 'upsert', item }
  }
  list.all?.(
    rows.map(({ row }) => row),
    reading,
  )
  // One that cannot be read is there all the same.
  if (rows.length < raws.length) return
  for (const id of state.items.keys()) {
    if (!id.startsWith(`${list.kind}/`) || seen.has(id as ItemId)) continue
    state.items.delete(id)
    list.renamed?.(reading)
    yield { type: 'delete', id: id as ItemId, evidence: `absent-from-${list.kind}s` }
  }
}
