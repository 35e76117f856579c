import { z } from 'zod'
import type { Kind } from '../contract/item.ts'
import { Fault } from '../fault.ts'
import { bodySchemas } from '../model/bodies.ts'
import { type Driver, getBytes } from './driver.ts'
import { parseTwoLines, twoLines } from './form.ts'
import { commitName } from './layout.ts'

const Counts = z.record(z.string(), z.number().int())
const Rel = z.string().regex(/^[a-z]+\/[0-9a-zA-Z./_-]+$/)

/** The body of a commit. No personal data: collections stand under keyed hashes, and the source under its name in the configuration. */
export const Commit = z.strictObject({
  v: z.literal(1),
  vault: z.string(),
  /** Hash of VAULT.json, which itself holds the hashes of RESTORE.md and restore.sh. */
  vaultFile: z.string(),
  lane: z.string(),
  seq: z.number().int().min(1),
  /** Hash of the previous commit of this lane, as in its second line. */
  prev: z.string().nullable(),
  time: z.string(),
  startedAt: z.string(),
  kind: z.enum(['snapshot', 'checkpoint', 'gc', 'repair']),
  source: z.string(),
  /** Only of snapshots. */
  state: z.enum(['complete', 'partial']).nullable(),
  /** Key and dedup domain; `recipient` is what packs and manifests are encrypted to, `key` the hash of `keys/<id>.age`. */
  compartment: z.strictObject({ id: z.string(), recipient: z.string(), key: z.string() }),
  /** What is new: manifests by collection. */
  roots: z.array(z.strictObject({ c: z.string(), type: z.enum(['base', 'delta']), manifest: Rel })),
  refs: z.array(Rel),
  index: z.array(Rel),
  /** Every object that is new with this commit. */
  files: z.array(z.strictObject({ rel: Rel, size: z.number().int() })),
  cursors: Rel.nullable(),
  stats: z.strictObject({
    counts: Counts,
    changed: z.strictObject({ added: z.number().int(), updated: z.number().int(), deleted: z.number().int() }),
    losses: z.number().int(),
  }),
  tool: z.string(),
})
export type Commit = z.infer<typeof Commit>
/** A commit as it stands: its body and its own hash. */
export interface Committed {
  readonly body: Commit
  readonly sha256: string
}

export const isKind = (text: string): text is Kind => text in bodySchemas

/** @throws Fault `gone`, `corrupt` */
export async function readCommit(driver: Driver, lane: string, seq: number, signal: AbortSignal): Promise<Committed> {
  const name = commitName(lane, seq)
  const found = parseTwoLines(await getBytes(driver, name, signal), Commit, name)
  if (found.body.lane !== lane || found.body.seq !== seq)
    throw new Fault({ code: 'corrupt', what: `The file ${name} is another commit`, remedy: 'Restore it from a second copy of the vault' })
  return found
}

/**
 * The commit point. Creates or fails, and when the answer was lost it looks what stands there.
 * @throws Fault `locked` when another writer has taken this number
 */
export async function putCommit(driver: Driver, body: Commit, session: string, signal: AbortSignal): Promise<Committed> {
  const name = commitName(body.lane, body.seq)
  const bytes = twoLines(body)
  const ours = async (): Promise<boolean> => (await driver.head(name)) !== undefined && bytes.equals(await getBytes(driver, name, signal))
  let outcome: 'created' | 'exists'
  try {
    outcome = await driver.putIfAbsent(name, bytes, session)
  } catch (error) {
    if (!(await ours().catch(() => false))) throw error
    outcome = 'created'
  }
  if (outcome === 'exists' && !(await ours()))
    throw new Fault({
      code: 'locked',
      what: `Another process writes source "${body.source}" into this vault`,
      why: `commit ${body.seq} is taken`,
      remedy: 'Let it finish, then run again',
    })
  return parseTwoLines(bytes, Commit, name)
}

/** The commits of one lane, oldest first, checked as a chain. @throws Fault `corrupt` when one is missing or does not fit the one before it */
export async function* chainOf(driver: Driver, lane: string, from: Committed | undefined, signal: AbortSignal): AsyncGenerator<Committed> {
  let before = from
  const seqs: number[] = []
  for await (const { name } of driver.list(`commits/${lane}/`, signal)) {
    const seq = Number(/\/(\d{8})\.json$/.exec(name)?.[1] ?? 0)
    if (seq > (from?.body.seq ?? 0)) seqs.push(seq)
  }
  for (const seq of seqs.toSorted((a, b) => a - b)) {
    const next = await readCommit(driver, lane, seq, signal)
    if (seq !== (before?.body.seq ?? 0) + 1 || next.body.prev !== (before?.sha256 ?? null))
      throw new Fault({
        code: 'corrupt',
        what: `The chain of commits of lane ${lane} is broken before number ${seq}`,
        remedy: 'Restore the missing commit from a second copy of the vault',
      })
    yield next
    before = next
  }
}

/** Every lane of the vault, in no order. */
export async function lanesOf(driver: Driver, signal: AbortSignal): Promise<string[]> {
  const lanes = new Set<string>()
  for await (const { name } of driver.list('commits/', signal)) lanes.add(name.split('/')[1] ?? '')
  return [...lanes].toSorted()
}
