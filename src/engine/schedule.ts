import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Collection } from '../contract/connector.ts'
import type { CollectionId } from '../contract/ids.ts'
import type { Clock, Log } from '../contract/ports.ts'
import { Fault } from '../fault.ts'
import { nodeOf, task, type TaskDef } from '../queue/graph.ts'
import { openJournal } from '../queue/journal.ts'
import { runGraph } from '../queue/run-graph.ts'

export interface Schedule {
  readonly source: string
  readonly stateDir: string
  readonly clock: Clock
  readonly log: Log
  /** Collections read at a time; undefined: enough to keep every budget busy while single answers are slow. */
  readonly atOnce: number | undefined
  /** The collections of the source, as it lists them. */
  list(signal: AbortSignal): AsyncIterable<Collection>
  /** Reads one collection from where its cursor stands. Repeated after a passing failure. */
  read(collection: Collection, signal: AbortSignal): Promise<void>
  /** Told when a collection is given up. */
  gaveUp(collection: Collection, why: unknown): Promise<void>
  /** Faults that are true for the whole source. */
  stopOn(fault: Fault): boolean
}

const usuallyAtOnce = 12
/** How long the journal remembers how a backup went. */
const keptMs = 90 * 86_400_000
/** The fetch below has tried several times already. */
const tries = 2

/**
 * Reads all collections of a source as nodes of one graph: the listing is a node that makes the others, so that reading begins with
 * the first page of names. One node's end never holds up another. @throws the abort's reason, or the Fault that stops the source
 */
export async function scheduleCollections(schedule: Schedule, signal: AbortSignal): Promise<void> {
  const { source, stateDir, clock, log } = schedule
  await mkdir(stateDir, { recursive: true, mode: 0o700 })
  await using store = openJournal(join(stateDir, 'journal.db'), clock)
  const collections = new Map<CollectionId, Collection>()
  let failedListing: { readonly error: unknown } | undefined

  const reading: TaskDef<{ collection: string }, null, undefined> = {
    kind: 'read',
    version: 1,
    input: z.strictObject({ collection: z.string() }),
    lane: 'api',
    quota: () => [],
    idempotencyKey: ({ collection }) => collection,
    async run(ctx, input) {
      const collection = collections.get(input.collection as CollectionId)
      if (collection !== undefined) await schedule.read(collection, ctx.signal)
      return undefined
    },
  }
  const listing: TaskDef<{ source: string }, null, undefined> = {
    kind: 'list',
    version: 1,
    input: z.strictObject({ source: z.string() }),
    lane: 'io',
    quota: () => [],
    idempotencyKey: (input) => input.source,
    async run(ctx) {
      for await (const collection of schedule.list(ctx.signal)) {
        collections.set(collection.id, collection)
        await ctx.spawn([nodeOf(reading, { collection: collection.id })])
      }
      return undefined
    },
  }
  await store.prune(clock.now().getTime() - keptMs)
  // Cursors live in the vault, so every backup is a run of its own; the journal says how it went.
  const run = await store.createRun({
    job: `backup ${source}`,
    slot: `${clock.now().toISOString()} ${process.pid}`,
    nodes: [nodeOf(listing, { source })],
  })
  const givenUp: Promise<void>[] = []
  await runGraph(
    {
      store,
      run,
      tasks: [task(listing), task(reading)],
      clock,
      log,
      lanes: { api: schedule.atOnce ?? usuallyAtOnce },
      maxFailures: tries,
      stopOn: (fault) => schedule.stopOn(fault),
      onSettled: ({ claim, settlement, error }) => {
        if (settlement.type !== 'dead') return
        if (claim.kind === 'list') failedListing = { error }
        const collection = collections.get(z.object({ collection: z.string() }).safeParse(claim.input).data?.collection as CollectionId)
        if (collection !== undefined) givenUp.push(schedule.gaveUp(collection, error))
      },
    },
    signal,
  )
  await Promise.all(givenUp)
  if (failedListing !== undefined)
    throw failedListing.error ?? new Fault({ code: 'unavailable', what: `${source} could not list its collections` })
}
