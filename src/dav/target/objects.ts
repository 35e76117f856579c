import { setImmediate } from 'node:timers/promises'
import type { ItemId } from '../../contract/ids.ts'
import type { Applied, LedgerEntry } from '../../contract/target.ts'
import { oneAhead } from '../../each.ts'
import { etagsOf } from '../objects.ts'
import { type Draft, draftOf, hashOf } from './draft.ts'
import { type Home, onlyThem } from './homes.ts'
import type { ObjectOperation } from './operations.ts'
import type { Fresh } from './place.ts'
import { entryOf, failed, settle } from './settle.ts'
import type { Group, ObjectSpool } from './spool.ts'
import { type Planned, planned } from './twins.ts'
import { type Standing, WHOLE_BYTES, WHOLE_OBJECTS, putWhole } from './whole.ts'
import { type Work, refused } from './work.ts'
import { type Written, memoryOf, write } from './write.ts'

/** So many are staged, written side by side, and settled in the ledger together, while the next ones are made ready. */
const BATCH = 64

/**
 * Writes the objects of one place. `stale` receives what the ledger knows under another place or UID than it is written to now:
 * it is removed like things that are gone.
 */
export async function* applyObjects(
  work: Work,
  group: Group,
  spool: ObjectSpool,
  fresh: Fresh,
  stale: (entry: LedgerEntry) => void,
  signal: AbortSignal,
): AsyncGenerator<Applied> {
  const plans = planned(group, spool, work.format)
  let home: Home | undefined
  try {
    // Nothing to write, nobody to ask.
    if (plans.some(({ waiting, remote }) => waiting.state !== 'same' || waiting.known?.remote !== remote))
      home = await work.homes.of(group.login, signal)
  } catch (error) {
    if (!onlyThem(error, work.settings)) throw error
    for (const { waiting } of plans) {
      const op = spool.read(waiting)
      yield failed(op, null, [refused(op.item, `nothing can be written for ${group.login}: ${error.message}`)])
    }
    return
  }
  const twins: { readonly plan: Planned; readonly first: Applied | undefined }[] = []
  const firsts = new Map(
    plans.flatMap(({ twinOf }) => (twinOf === null ? [] : [[twinOf.item as string, undefined as Applied | undefined] as const])),
  )
  const told = (applied: Applied): Applied => {
    if (firsts.has(applied.item)) firsts.set(applied.item, applied)
    return applied
  }
  const alone = plans.filter(({ twinOf }) => twinOf === null)
  const whole = home === undefined ? nothingWhole : await wholeOf(work, home, group, alone, spool, fresh, signal)
  for await (const batch of oneAhead(batchesOf(work, alone, spool, whole.drafts, signal))) {
    signal.throwIfAborted()
    for (const applied of await applyBatch(work, home, batch, whole.standing, stale, signal)) yield told(applied)
  }
  for (const plan of plans) if (plan.twinOf !== null) twins.push({ plan, first: firsts.get(plan.twinOf.item) })
  for (const { plan, first } of twins) yield applyTwin(work, spool.read(plan.waiting), plan, first, stale)
}

/** What was made ready for a place that is filled at once, and what stands there by UID. */
interface Whole {
  readonly standing: ReadonlyMap<string, Standing>
  readonly drafts: ReadonlyMap<ItemId, Draft>
}
const nothingWhole: Whole = { standing: new Map(), drafts: new Map() }

/** Fills the place at once if it is new, small enough, and the server takes it. */
async function wholeOf(
  work: Work,
  home: Home,
  { place }: Group,
  plans: readonly Planned[],
  spool: ObjectSpool,
  fresh: Fresh,
  signal: AbortSignal,
): Promise<Whole> {
  const path = `${home.path}${place}/`
  const made = fresh.get(path)
  fresh.delete(path)
  const bytes = plans.reduce((sum, { waiting }) => sum + waiting.length, 0)
  const fits = plans.length > 1 && plans.length <= WHOLE_OBJECTS && bytes <= WHOLE_BYTES
  if (made === undefined || !fits || work.settings.wholePlaces === 'never' || plans.some(({ waiting }) => waiting.state !== 'new'))
    return nothingWhole
  const { format, context } = work
  const simple: { readonly op: ObjectOperation; readonly uid: string | null; readonly draft: Draft }[] = []
  for (const { waiting, uid } of plans) {
    const op = spool.read(waiting)
    // Bytes of attachments would have to be held all at once.
    if (op.fills.length > 0 || !format.fitsWhole(op.text)) continue
    simple.push({ op, uid, draft: await draftOf(op, uid, { format, blobs: context.blobs }, signal) })
  }
  if (simple.length < 2) return nothingWhole
  context.ledger.put(simple.map(({ op, uid, draft }) => entryOf(op, uid, 'staged', { hash: hashOf(draft.fields) })))
  // Such a PUT takes title and colour with it: until they are set again the place counts as not done.
  context.ledger.put([{ ...made.entry, state: 'staged', notes: { ...made.entry.notes, whole: true } }])
  const drafts = simple.map(({ draft }) => draft)
  const standing = await putWhole(work, home, path, made.op.properties, drafts, signal)
  context.ledger.put([made.entry])
  return { standing: standing ?? new Map(), drafts: new Map(simple.map(({ op, draft }) => [op.item, draft])) }
}

interface Ready {
  readonly plan: Planned
  readonly op: ObjectOperation
  readonly draft: Draft
}
async function* batchesOf(
  { format, context: { blobs } }: Work,
  plans: readonly Planned[],
  spool: ObjectSpool,
  drafts: ReadonlyMap<ItemId, Draft>,
  signal: AbortSignal,
): AsyncGenerator<readonly Ready[]> {
  for (let at = 0; at < plans.length; at += BATCH) {
    const batch: Ready[] = []
    for (const plan of plans.slice(at, at + BATCH)) {
      const op = spool.read(plan.waiting)
      batch.push({ plan, op, draft: drafts.get(op.item) ?? (await draftOf(op, plan.uid, { format, blobs }, signal)) })
      // Answers to what is being written want to be heard in between.
      await setImmediate()
    }
    yield batch
  }
}

async function applyBatch(
  work: Work,
  home: Home | undefined,
  batch: readonly Ready[],
  whole: ReadonlyMap<string, Standing>,
  stale: (entry: LedgerEntry) => void,
  signal: AbortSignal,
): Promise<readonly Applied[]> {
  const ready = []
  const staged: LedgerEntry[] = []
  for (const { plan, op, draft } of batch) {
    const { waiting, uid, remote } = plan
    const known = await knownOf(work, waiting.known, remote, stale)
    const same = waiting.state === 'same' && known !== undefined
    if (!same) {
      const memory = memoryOf(known?.notes)
      // What stood before the first attempt may still stand.
      const was = memory === undefined ? [] : [...new Set([memory.hash, ...(known?.state === 'applied' ? [] : memory.was)])].slice(0, 8)
      const notes = { ...known?.notes, hash: hashOf(draft.fields), was }
      // What is under way keeps the old revision until it is through: a crash must not make it look done.
      staged.push({ ...entryOf(op, uid, 'staged', notes), revision: known?.revision ?? op.revision })
    }
    ready.push({ op, uid, draft, known, same })
  }
  if (staged.length > 0) work.context.ledger.put(staged)
  const written = await work.lanes.map(ready, async ({ op, draft, known, same }): Promise<Written | undefined> => {
    if (same || home === undefined) return undefined
    const there = whole.get(draft.uid)
    if (there !== undefined) return { type: 'written', ...there }
    return write(work, home, `${home.path}${op.place}/`, draft, known === undefined ? undefined : memoryOf(known.notes), signal)
  })
  const etags = home === undefined ? new Map<string, string>() : await missingEtags(work, home, written, signal)
  const results = ready.map(({ op, uid, draft, known, same }, at) => settle(op, uid, draft, known, same ? undefined : written[at], etags))
  work.context.ledger.put(results.flatMap(({ entry }) => (entry === undefined ? [] : [entry])))
  return results.map(({ applied }) => applied)
}

/** What the ledger knows of an object at the place where it is written now. What stood for it elsewhere is stale; of a twin that is gone its place is taken over. */
async function knownOf(
  { context: { ledger } }: Work,
  known: LedgerEntry | undefined,
  remote: LedgerEntry['remote'],
  stale: (entry: LedgerEntry) => void,
): Promise<LedgerEntry | undefined> {
  if (known === undefined) return undefined
  const twin = known.notes['twin']
  if (typeof twin === 'string') {
    const first = ledger.get(twin as LedgerEntry['key'])
    if (known.remote !== remote || first === undefined || memoryOf(first.notes) === undefined) return undefined
    const taken = { ...known, notes: first.notes }
    // Both at once: between the two nobody would know what stands there.
    ledger.put([{ ...first, notes: { handedOver: true } }, taken])
    return taken
  }
  if (known.remote === remote) return known
  stale(known)
  return undefined
}

function applyTwin(
  work: Work,
  op: ObjectOperation,
  { waiting }: Planned,
  first: Applied | undefined,
  stale: (entry: LedgerEntry) => void,
): Applied {
  if (first === undefined || first.outcome === 'failed')
    return failed(op, null, [refused(op.item, first?.losses.at(-1)?.detail ?? 'the one that it equals was not written')])
  const { known, state } = waiting
  const before = known?.notes['twin']
  if (known !== undefined && before === undefined && memoryOf(known.notes) !== undefined) stale({ ...known })
  if (state !== 'same' || before !== first.key)
    work.context.ledger.put([{ ...entryOf(op, null, 'applied', { twin: first.key }), remote: first.remote }])
  const outcome = state === 'new' ? 'created' : state === 'same' ? 'unchanged' : 'updated'
  const losses = first.losses.map((loss) => ({ ...loss, item: op.item }))
  return { key: op.key, item: op.item, outcome, remote: first.remote, expect: first.expect, losses }
}

async function missingEtags(
  work: Work,
  home: Home,
  written: readonly (Written | undefined)[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const paths = written.flatMap((one) => ((one?.type === 'written' || one?.type === 'adopted') && one.etag === null ? [one.href] : []))
  const [first] = paths
  if (first === undefined) return new Map()
  return etagsOf(home.client, work.format.kind, first.slice(0, first.lastIndexOf('/') + 1), paths, signal)
}
