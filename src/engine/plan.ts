import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SnapshotId } from '../contract/ids.ts'
import type { Kind } from '../contract/item.ts'
import type { JsonObject } from '../contract/json.ts'
import type { Directory } from '../contract/target.ts'
import type { PlanSummary, TargetHandle, Workspace } from './api.ts'
import { readDirectory } from './directory.ts'
import { openLedger } from './ledger.ts'
import { openTarget } from './open.ts'
import { statedOperations } from './operations.ts'
import { carriedKinds, lossesInScope, narrowed, scopeOf, uncarried } from './scope.ts'
import { Spool } from './spool.ts'
import { Stages } from './stages.ts'
import { LossTally } from './tally.ts'

/**
 * Maps a whole snapshot and writes nothing: what would be done, what would be lost. `ask`: also read from the target what mapping must
 * respect (names, limits, version); without it the answer holds for an empty target of the newest version.
 */
export async function plan(
  request: {
    readonly snapshot: SnapshotId
    readonly target: TargetHandle
    readonly ledgerPath: string
    readonly ask: boolean
    /** Address of the one person this is about; undefined: everybody. */
    readonly person: string | undefined
  },
  workspace: Workspace,
  signal: AbortSignal,
): Promise<PlanSummary> {
  const from = workspace.clock.monotonicMs()
  const { definition, config, name } = request.target
  const stages = new Stages(workspace.clock, workspace.emit)
  const workDir = await mkdtemp(join(tmpdir(), 'fallreep-plan-'))
  try {
    using spool = new Spool(join(workDir, 'spool.db'), () => {})
    // A plan leaves no trace: where nothing was imported yet, it compares with an empty ledger in memory.
    using ledger = openLedger(existsSync(request.ledgerPath) ? request.ledgerPath : ':memory:')
    await using reader = await workspace.vault.read(request.snapshot, signal)
    const kinds = carriedKinds(definition.capabilities)
    const everybody = await stages.time('directory', () => readDirectory(reader, name, workspace.people, signal))
    const scope = request.person === undefined ? undefined : await scopeOf(request.person, everybody, reader)
    const directory = scope === undefined ? everybody : narrowed(everybody, scope)
    const survey = request.ask ? await stages.time('survey', () => surveyed(request.target, directory, workspace, signal)) : undefined
    const mapper = definition.mapper(directory, config, survey)
    const tally = new LossTally()
    const byKind: Partial<Record<Kind, { items: number; operations: number; losses: number }>> = {}
    const operations = { new: 0, changed: 0, same: 0, gone: 0 }
    const lossesOf = (kind: Kind) => (byKind[kind] ??= { items: 0, operations: 0, losses: 0 })
    for await (const loss of lossesInScope(reader, kinds, scope, signal)) {
      tally.add(loss)
      workspace.emit({ type: 'loss', loss })
    }
    const sink = {
      item: ({ kind }: { readonly kind: Kind }, count: number): void => {
        const counts = lossesOf(kind)
        counts.items++
        counts.operations += count
      },
      loss: (loss: Parameters<LossTally['add']>[0]): void => {
        tally.add(loss)
        workspace.emit({ type: 'loss', loss })
        const kind = loss.item.slice(0, loss.item.indexOf('/')) as Kind
        lossesOf(kind).losses++
      },
    }
    await stages.time('map', async () => {
      for await (const { state } of statedOperations({ reader, mapper, ledger, kinds, scope }, spool, sink, signal)) operations[state]++
    })
    return {
      command: 'plan',
      source: reader.manifest.source,
      snapshot: reader.manifest.id,
      target: name,
      planned: Object.values(byKind).reduce((all, { items }) => all + items, 0),
      ...(request.person === undefined ? {} : { person: request.person }),
      uncarried: scope === undefined ? uncarried(reader.manifest.counts, kinds) : {},
      byKind,
      operations,
      losses: tally.counts,
      seconds: (workspace.clock.monotonicMs() - from) / 1000,
    }
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

async function surveyed(handle: TargetHandle, directory: Directory, workspace: Workspace, signal: AbortSignal): Promise<JsonObject> {
  await using target = await openTarget(handle, workspace.portsFor, signal)
  return target.survey(directory, signal)
}
