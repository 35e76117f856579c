import { PowerCut } from '../outage.ts'
import type { RelationImportRow } from '../rows.ts'
import type { World } from '../world.ts'
import { ImportError } from './archive.ts'
import { importOneRelation, importProject, type ImportOrder } from './run.ts'

/** The queue that Sidekiq is: so many jobs at a time, in order. A job that a power cut meets stays `started` for ever. */
export class Jobs {
  readonly #world: World
  readonly #concurrency: number
  readonly #waiting: (() => Promise<void>)[] = []
  readonly #idle: (() => void)[] = []
  #running = 0
  constructor(world: World, concurrency: number) {
    this.#world = world
    this.#concurrency = concurrency
  }
  importProject(order: ImportOrder): void {
    const state = order.project.import
    this.#add(async () => {
      state.status = 'started'
      const end = await ending(() => importProject(this.#world, order))
      if (end === 'cut') return
      state.status = end === 'done' ? 'finished' : 'failed'
      state.error = end === 'done' ? null : end.message
    })
  }
  importRelation(order: Pick<ImportOrder, 'project' | 'importer' | 'file'>, row: RelationImportRow): void {
    this.#add(async () => {
      const move = (status: RelationImportRow['status']): void => {
        row.status = status
        row.updated_at = this.#world.now()
      }
      move('started')
      const { relation } = row
      if (relation !== 'issues' && relation !== 'merge_requests' && relation !== 'milestones') return move('finished')
      const end = await ending(() => importOneRelation(this.#world, order, relation))
      if (end !== 'cut') move(end === 'done' ? 'finished' : 'failed')
    })
  }
  /** Resolves when nothing runs or waits. */
  async idle(): Promise<void> {
    if (this.#running === 0 && this.#waiting.length === 0) return
    await new Promise<void>((resolve) => this.#idle.push(resolve))
  }
  #add(work: () => Promise<void>): void {
    this.#waiting.push(work)
    // The answer to the request leaves before the job begins.
    setImmediate(() => this.#next())
  }
  #next(): void {
    if (this.#running >= this.#concurrency) return
    const work = this.#waiting.shift()
    if (work === undefined) return
    this.#running += 1
    void work().finally(() => {
      this.#running -= 1
      this.#next()
      if (this.#running === 0 && this.#waiting.length === 0) for (const resolve of this.#idle.splice(0)) resolve()
    })
  }
}
async function ending(work: () => Promise<void>): Promise<'done' | 'cut' | Error> {
  try {
    await work()
    return 'done'
  } catch (error) {
    if (error instanceof PowerCut) return 'cut'
    // Anything but what an import says is a fault of the emulator: it must show in the job, not take the test's process down.
    return error instanceof ImportError
      ? error
      : new Error(`testbed broken: ${error instanceof Error ? (error.stack ?? '') : String(error)}`)
  }
}
