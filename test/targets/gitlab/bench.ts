import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Ledger, Observed, Person } from '../../../src/contract/target.ts'
import type { Totals } from '../../../src/engine/api.ts'
import { Spool, sum } from '../../../src/engine/spool.ts'
import { openLedger } from '../../../src/engine/ledger.ts'
import type { Ports } from '../../../src/contract/ports.ts'
import { createFetch } from '../../../src/http/fetch.ts'
import { definition } from '../../../targets/gitlab/definition.ts'
import type { Settings } from '../../../targets/gitlab/settings.ts'
import { applyAll, differences, type Run } from '../../contract/target-run.ts'
import { impatientClock } from '../../support/impatient-clock.ts'
import { gitlabTestbed, type GitlabTestbed, type GitlabTestbedOptions } from '../../testbed/gitlab/testbed.ts'
import { type CodeWorld, settingsFor } from './world.ts'

export const signal = AbortSignal.timeout(600_000)
export const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined }
/** The fetch of every command, over a clock that does not wait; it sends once, so that faults are met where they are planned. */
export function portsOf(): Ports {
  const clock = impatientClock()
  return { fetch: createFetch({ clock, log: quiet, attempts: 1 }), clock, log: quiet }
}

/** One GitLab, one organisation, one ledger. */
export class Bench implements AsyncDisposable {
  readonly bed: GitlabTestbed
  readonly world: CodeWorld
  readonly ledger: Ledger & Disposable = openLedger(':memory:')
  ports: { -readonly [Key in keyof Ports]: Ports[Key] } = portsOf()
  people: Readonly<Record<string, Person>> = {}
  settings: Settings
  private constructor(bed: GitlabTestbed, world: CodeWorld, more: Readonly<Record<string, unknown>>) {
    this.bed = bed
    this.world = world
    this.settings = settingsFor(bed.url, bed.token, more)
  }
  static async open(
    world: CodeWorld,
    options: GitlabTestbedOptions = { limits: 'off' },
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<Bench> {
    return new Bench(await gitlabTestbed(options), world, more)
  }
  async apply(progress: (stage: string) => void = () => undefined, stop: AbortSignal = signal): Promise<Run> {
    await using target = await definition.open('lab', this.settings, this.ports, signal)
    const directory = this.world.directory(this.people)
    const mapper = definition.mapper(directory, this.settings, await target.survey(directory, signal))
    return applyAll(this.world.snapshot(), mapper, target, this.ledger, stop, progress)
  }
  async look(): Promise<readonly Observed[]> {
    await using target = await definition.open('lab', this.settings, this.ports, signal)
    const seen = await Array.fromAsync(target.observe(this.ledger, undefined, signal))
    return seen.toSorted((a, b) => (a.remote < b.remote ? -1 : 1))
  }
  /** Applies, reads back, and says what is not as it was said to be. */
  async bring(): Promise<{
    readonly wrong: readonly string[]
    readonly outcomes: ReadonlyMap<string, number>
    readonly losses: readonly Loss[]
    readonly run: Run
  }> {
    const run = await this.apply()
    const outcomes = new Map<string, number>()
    for (const { outcome } of run.applied) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    return { wrong: differences(run.applied, await this.look()), outcomes, losses: run.losses, run }
  }
  /** Applies, reads back and judges as a cutover does: how many things are matched, explained, differing, missing; how many are foreign. */
  async judged(): Promise<{ readonly totals: Totals; readonly findings: readonly string[]; readonly foreign: number }> {
    const directory = await mkdtemp(join(tmpdir(), 'gitlab-judged-'))
    try {
      const findings: string[] = []
      using spool = new Spool(join(directory, 'spool.db'), ({ item, type, field }) => void findings.push(`${type} ${item} ${field ?? ''}`))
      for (const item of this.world.snapshot().items) spool.plan(item)
      const { applied, losses } = await this.apply()
      for (const loss of losses) spool.lose(loss)
      for (const { item, remote, expect, outcome } of applied)
        if (outcome !== 'failed' && outcome !== 'deleted') spool.expect(item, remote, expect)
      for (const { remote, fields } of await this.look()) spool.observe(remote, fields)
      spool.judge()
      return { totals: sum(spool.totals('kind').values()), findings, foreign: spool.foreign }
    } finally {
      await rm(directory, { recursive: true })
    }
  }
  get writes(): number {
    return this.bed.calls.calls.filter(({ method, path }) => method !== 'GET' && !/git-upload-pack|info\/lfs/.test(path)).length
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.ledger[Symbol.dispose]()
    await this.bed[Symbol.asyncDispose]()
  }
}
