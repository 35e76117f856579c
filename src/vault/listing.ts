import { snapshotId, type SnapshotId } from '../contract/ids.ts'
import type { Kind } from '../contract/item.ts'
import type { Manifest } from '../contract/vault.ts'
import { Fault } from '../fault.ts'
import { type Committed, isKind } from './commit.ts'

export const idOf = (lane: string, seq: number): SnapshotId => snapshotId(`${lane}.${seq}`)

/** @throws Fault `usage` when it is no name of a snapshot */
export function parseId(id: string): { readonly lane: string; readonly seq: number } {
  const [, lane, seq] = /^([a-z0-9][a-z0-9-]{0,80})\.(\d{1,8})$/.exec(id) ?? []
  if (lane === undefined || seq === undefined)
    throw new Fault({ code: 'usage', what: `"${id}" is not the name of a snapshot`, remedy: 'List them with: fallreep snapshots' })
  return { lane, seq: Number(seq) }
}

/** The summary of a commit of kind `snapshot`. */
export function manifestOf({ body, sha256 }: Committed): Manifest {
  const counts: Partial<Record<Kind, number>> = {}
  for (const [kind, count] of Object.entries(body.stats.counts)) if (isKind(kind)) counts[kind] = count
  const { changed, losses } = body.stats
  return {
    id: idOf(body.lane, body.seq),
    source: body.source,
    startedAt: body.startedAt,
    finishedAt: body.time,
    state: body.state ?? 'partial',
    counts,
    changed: { ...changed },
    losses,
    root: sha256,
  }
}
