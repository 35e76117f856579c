import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Loss } from '../../src/contract/fidelity.ts'
import type { IdempotencyKey } from '../../src/contract/ids.ts'
import type { Item } from '../../src/contract/item.ts'
import type { Applied, BlobReader, Ledger, Mapper, Observed, Operation, Stated, Target } from '../../src/contract/target.ts'

/** What a target is given: the items of a snapshot in the engine's order, and their bytes. */
export interface Snapshot {
  readonly items: readonly Item[]
  readonly blobs: BlobReader
}
export interface Run {
  readonly applied: readonly Applied[]
  readonly losses: readonly Loss[]
}

/** Maps and applies a snapshot as the engine does: every operation with what the ledger knows, what is gone last. */
export async function applyAll<Op extends Operation>(
  { items, blobs }: Snapshot,
  mapper: Mapper<Op>,
  target: Target<Op>,
  ledger: Ledger,
  signal: AbortSignal,
  progress: (stage: string, done: number) => void = () => undefined,
): Promise<Run> {
  const losses: Loss[] = []
  const keys = new Set<IdempotencyKey>()
  async function* stated(): AsyncGenerator<Stated<Op>> {
    for (const item of items) {
      const mapped = mapper.map(item)
      losses.push(...mapped.losses)
      for (const op of mapped.ops) {
        keys.add(op.key)
        const known = ledger.get(op.key)
        if (known === undefined) yield { state: 'new', op }
        else yield { state: known.state === 'applied' && known.revision === op.revision ? 'same' : 'changed', op, known }
      }
    }
    for (const known of ledger.entries({})) if (!keys.has(known.key)) yield { state: 'gone', known }
  }
  const workDir = await mkdtemp(join(tmpdir(), 'fallreep-target-'))
  const applied: Applied[] = []
  try {
    for await (const one of target.apply(stated(), { ledger, blobs, workDir, progress }, signal)) applied.push(one)
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
  return { applied, losses: [...losses, ...applied.flatMap((one) => one.losses)] }
}

/** What is missing, doubled or different, in words; empty when everything stands as it was said to. */
export function differences(applied: readonly Applied[], observed: readonly Observed[]): readonly string[] {
  const wrong: string[] = []
  const found = Map.groupBy(observed, ({ remote }) => remote)
  for (const { remote, expect, outcome } of applied) {
    const there = found.get(remote) ?? []
    if (outcome === 'failed' || outcome === 'deleted') continue
    if (there.length !== 1) wrong.push(`${remote} is there ${there.length} times`)
    for (const [field, wanted] of Object.entries(expect))
      if (there[0] !== undefined && canonical(there[0].fields[field]) !== canonical(wanted))
        wrong.push(`${remote} ${field}: ${canonical(wanted)} but ${canonical(there[0].fields[field])}`)
  }
  return wrong
}
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? 'undefined'
