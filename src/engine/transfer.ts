import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { Loss } from '../contract/fidelity.ts'
import type { CollectionId } from '../contract/ids.ts'
import type { Item, Kind } from '../contract/item.ts'
import type { JsonObject } from '../contract/json.ts'
import type { Applied, Directory, Leftover, Ledger, Operation, Target } from '../contract/target.ts'
import type { SnapshotReader } from '../contract/vault.ts'
import type { RunResult, Totals, Workspace } from './api.ts'
import type { ImportRequest } from './cutover.ts'
import { readDirectory } from './directory.ts'
import { openLedger } from './ledger.ts'
import { Milestones } from './milestones.ts'
import { openTarget } from './open.ts'
import { statedOperations } from './operations.ts'
import { carriedCount, carriedKinds, lossesInScope, narrowed, type Scope, scopeOf, uncarried } from './scope.ts'
import { Spool, sum } from './spool.ts'
import { Stages } from './stages.ts'
import { LineFile, LossTally } from './tally.ts'

export interface TransferRequest extends ImportRequest {
  readonly command: 'rehearse' | 'cutover'
  readonly run: string
  readonly ledgerPath: string
  /** Where `losses.ndjson` and `findings.ndjson` go, and the work of this run. */
  readonly runDir: string
  /** Called once everything is verified; removes what a rehearsal made. */
  readonly cleanUp?: (target: Target<Operation>, signal: AbortSignal) => Promise<readonly Leftover[]>
}

/**
 * The one road from a snapshot into a target: read, map, apply, read back, compare. A rehearsal and a cutover differ in the
 * settings of the target and in what happens afterwards, in nothing else. The source is never asked.
 * @throws Fault whatever stopped it; the ledger then knows how far it came, and the same call continues
 */
export async function transfer(request: TransferRequest, workspace: Workspace, signal: AbortSignal): Promise<RunResult> {
  const { target: handle, runDir } = request
  const startedAt = workspace.clock.now()
  const stages = new Stages(workspace.clock, workspace.emit)
  const workDir = join(runDir, 'work')
  await rm(workDir, { recursive: true, force: true })
  await mkdir(workDir, { recursive: true, mode: 0o700 })
  try {
    await using losses = new LineFile(join(runDir, 'losses.ndjson'))
    await using findings = new LineFile(join(runDir, 'findings.ndjson'))
    using spool = new Spool(join(workDir, 'spool.db'), (finding) => findings.add(finding))
    using ledger = openLedger(request.ledgerPath)
    const tally = new LossTally()
    const lose = (loss: Loss): void => {
      tally.add(loss)
      losses.add(loss)
      spool.lose(loss)
    }
    await using reader = await workspace.vault.read(request.snapshot, signal)
    const kinds = carriedKinds(handle.definition.capabilities)
    const everybody = await stages.time('directory', () => readDirectory(reader, handle.name, workspace.people, signal))
    const scope = request.person === undefined ? undefined : await scopeOf(request.person, everybody, reader)
    const directory = scope === undefined ? everybody : narrowed(everybody, scope)
    await using target = await openTarget(handle, workspace.portsFor, signal)
    const survey = await stages.time('survey', () => target.survey(directory, signal))
    for await (const loss of lossesInScope(reader, kinds, scope, signal)) lose(loss)
    const milestones = new Milestones({ target: handle.name, onePerson: scope !== undefined }, request.since, workspace.clock)
    const applied = await stages.time('apply', () =>
      applyAll(
        { reader, target, directory, survey, ledger, spool, workDir, lose, losses, kinds, scope, milestones },
        request,
        workspace,
        signal,
      ),
    )
    await stages.time('observe', () => observeAll({ target, ledger, only: scope?.collections }, spool, findings, workspace, signal))
    const { totals, byKind, byCollection } = await stages.time('compare', () => compare(spool, reader))
    const cleanUp = request.cleanUp
    const leftovers = cleanUp === undefined ? [] : await stages.time('clean-up', () => cleanUp(target, signal))
    const { manifest } = reader
    const finishedAt = workspace.clock.now()
    return {
      version: 1,
      command: request.command,
      run: request.run,
      tool: request.tool,
      source: request.source,
      target: { name: handle.name, kind: handle.definition.id, title: handle.definition.title, survey: described(survey) },
      snapshot: {
        id: manifest.id,
        startedAt: manifest.startedAt,
        finishedAt: manifest.finishedAt,
        state: manifest.state,
        ageSeconds: Math.round((startedAt.getTime() - Date.parse(manifest.startedAt)) / 1000),
      },
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
      seconds: (finishedAt.getTime() - startedAt.getTime()) / 1000,
      stages: stages.all,
      totals,
      byKind,
      byCollection,
      applied: applied.outcomes,
      blobs: applied.blobs,
      losses: tally.counts,
      lossesTotal: tally.total,
      findingsTotal: findings.lines,
      foreign: spool.foreign,
      leftovers,
      ...(request.person === undefined ? {} : { person: request.person }),
      milestones: milestones.all,
      // How many of them are one person's, nobody has counted.
      uncarried: scope === undefined ? uncarried(manifest.counts, kinds) : {},
    }
  } finally {
    // The work directory holds plain text on its way to the target: it never outlives the run.
    await rm(workDir, { recursive: true, force: true })
  }
}

interface Applying {
  readonly reader: SnapshotReader
  readonly target: Target<Operation>
  readonly directory: Directory
  readonly survey: JsonObject
  readonly ledger: Ledger & { readonly size: number }
  readonly spool: Spool
  readonly workDir: string
  readonly losses: LineFile
  readonly lose: (loss: Loss) => void
  readonly kinds: ReadonlySet<Kind>
  readonly scope: Scope | undefined
  readonly milestones: Milestones
}

async function applyAll(
  on: Applying,
  request: TransferRequest,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<{ outcomes: RunResult['applied']; blobs: RunResult['blobs'] }> {
  const { reader, target, ledger, spool, workDir, lose, kinds, scope, milestones } = on
  const mapper = request.target.definition.mapper(on.directory, request.target.config, on.survey)
  const outcomes = { created: 0, updated: 0, unchanged: 0, deleted: 0, failed: 0 }
  const blobs = { count: 0, bytes: 0 }
  let mapped = 0
  const total = scope === undefined ? carriedCount(reader.manifest.counts, kinds) : undefined
  const sink = {
    item: (item: Item, operations: number): void => {
      if (operations > 0) milestones.comes(item.id)
      for (const blob of item.blobs) {
        if (blob === null) continue
        blobs.count++
        blobs.bytes += blob.bytes
      }
      if (++mapped % 500 === 0) workspace.emit({ type: 'status', stage: 'map', what: 'items mapped', done: mapped, total })
    },
    loss: lose,
  }
  const operations = statedOperations({ reader, mapper, ledger, kinds, scope }, spool, sink, signal)
  const context = {
    ledger,
    blobs: reader,
    workDir,
    progress: (what: string, done: number, of: number | undefined) =>
      workspace.emit({ type: 'status', stage: 'apply', what, done, total: of }),
  }
  for await (const result of target.apply(operations, context, signal)) {
    outcomes[result.outcome]++
    for (const loss of result.losses) lose(loss)
    if (stands(result)) {
      spool.expect(result.item, result.remote, result.expect)
      milestones.stands(result.item)
    } else if (result.outcome === 'failed') {
      milestones.failed(result.item)
      workspace.emit({ type: 'item-failed', collection: '', item: result.item, what: result.losses[0]?.detail ?? 'the target refused it' })
    }
    await on.losses.drained()
  }
  milestones.finish()
  return { outcomes, blobs }
}

const stands = ({ outcome }: Applied): boolean => outcome === 'created' || outcome === 'updated' || outcome === 'unchanged'

async function observeAll(
  at: { readonly target: Target<Operation>; readonly ledger: Ledger; readonly only: ReadonlySet<CollectionId> | undefined },
  spool: Spool,
  findings: LineFile,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<void> {
  let seen = 0
  for await (const { remote, fields } of at.target.observe(at.ledger, at.only, signal)) {
    spool.observe(remote, fields)
    if (++seen % 500 !== 0) continue
    workspace.emit({ type: 'status', stage: 'observe', what: 'things read back', done: seen, total: undefined })
    await findings.drained()
    await turn()
  }
}

async function compare(
  spool: Spool,
  reader: SnapshotReader,
): Promise<{ totals: Totals; byKind: Record<string, Totals>; byCollection: ({ id: string; title: string } & Totals)[] }> {
  spool.judge()
  const titles = new Map<string, string>()
  for await (const { id, title } of reader.collections()) titles.set(id, title)
  const kinds = spool.totals('kind')
  return {
    totals: sum(kinds.values()),
    byKind: Object.fromEntries(kinds),
    byCollection: [...spool.totals('collection')].map(([id, totals]) => ({ id, title: titles.get(id) ?? id, ...totals })),
  }
}

/** What of a survey belongs in a report: plain values; the lists of people and names stay out. */
const described = (survey: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(survey).filter(([, value]) => value === null || typeof value !== 'object'))
