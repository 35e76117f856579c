import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { definition as googleDefinition } from '../../connectors/google-workspace/definition.ts'
import { definition as m365Definition } from '../../connectors/m365/definition.ts'
import type { AnyConnector, AnyTarget } from '../../src/config/backends.ts'
import type { Loss } from '../../src/contract/fidelity.ts'
import type { Item } from '../../src/contract/item.ts'
import type { Log } from '../../src/contract/ports.ts'
import type { Manifest, SnapshotReader, Vault } from '../../src/contract/vault.ts'
import type { BackupSummary, EngineEvent, Finding, PlanSummary, RunResult, TargetHandle, Workspace } from '../../src/engine/api.ts'
import { backup } from '../../src/engine/backup.ts'
import { cutover, ledgerPath } from '../../src/engine/cutover.ts'
import { plan } from '../../src/engine/plan.ts'
import { rehearse } from '../../src/engine/rehearse.ts'
import { runFiles } from '../../src/engine/runs.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { systemClock } from '../../src/http/system-clock.ts'
import { definition as caldavDefinition } from '../../targets/caldav/definition.ts'
import { definition as carddavDefinition } from '../../targets/carddav/definition.ts'
import { definition as imapDefinition } from '../../targets/imap/definition.ts'
import type { ImapTestbed } from '../testbed/imap/testbed.ts'
import { office, type Office, type OfficeOptions } from '../testbed/office.ts'
import { impatientClock } from './impatient-clock.ts'
import { linesIn } from './lines.ts'
import { officePicture, officeWrites } from './office-picture.ts'
import { contentOf } from './vault/content.ts'
import { never, newSubject, type Subject } from './vault/subject.ts'

export type OfficeSource = 'google' | 'm365'
export type OfficeTarget = 'dates' | 'cards' | 'mail'
export const everyTarget = ['dates', 'cards', 'mail'] as const

export interface OfficeWorkshopOptions extends OfficeOptions {
  /** Addresses that the sources read; `*` stands for anything. Default: Ada and Erika, so that a test is quick. */
  readonly people?: readonly string[]
  /** Further settings of a target. */
  readonly targets?: Readonly<Partial<Record<OfficeTarget, object>>>
  /** Further settings of a source. */
  readonly sources?: Readonly<Partial<Record<OfficeSource, object>>>
  readonly haste?: number
  /** Told of everything as it happens, before the engine goes on. */
  readonly onEvent?: (event: EngineEvent, workshop: OfficeWorkshop) => void
}
export interface ImportOptions {
  readonly person?: string
  readonly signal?: AbortSignal
}

/**
 * The engine between an emulated Google Workspace and Microsoft 365 and an emulated IMAP and DAV server, with a real vault in between, in
 * this process: the nightly side holds the index identity only, the importing side an escrow identity. Pauses pass at once.
 */
export interface OfficeWorkshop extends AsyncDisposable, Pick<Office, 'google' | 'graph' | 'dav' | 'darken'> {
  readonly imap: ImapTestbed
  readonly vault: Subject
  readonly stateDir: string
  readonly events: readonly EngineEvent[]
  /** Log lines of the backends, as JSON. */
  readonly logged: readonly string[]
  backup(source: OfficeSource, options?: { readonly full?: boolean }): Promise<BackupSummary>
  /** Both sources, one after the other. */
  night(): Promise<Readonly<Record<OfficeSource, BackupSummary>>>
  plan(source: OfficeSource, target: OfficeTarget, person?: string): Promise<PlanSummary>
  rehearse(source: OfficeSource, target: OfficeTarget, options?: ImportOptions): Promise<RunResult>
  cutover(source: OfficeSource, target: OfficeTarget, options?: ImportOptions): Promise<RunResult>
  /** Both sources into all three targets. */
  cutoverAll(options?: ImportOptions): Promise<readonly RunResult[]>
  reading<T>(source: OfficeSource, work: (reader: SnapshotReader) => Promise<T>): Promise<T>
  items(source: OfficeSource): Promise<readonly Item[]>
  content(source: OfficeSource): Promise<readonly string[]>
  losses(source: OfficeSource): Promise<readonly Loss[]>
  findings(result: RunResult): Promise<readonly Finding[]>
  mapLosses(result: RunResult): Promise<readonly Loss[]>
  /** What stands on the mail, calendar and contact server, a line each. */
  picture(): readonly string[]
  /** Requests so far that could have changed something there. */
  writes(): number
}

const definitions = {
  google: googleDefinition,
  m365: m365Definition,
  mail: imapDefinition,
  dates: caldavDefinition,
  cards: carddavDefinition,
} as const
const tool = 'fallreep test'

export async function officeWorkshop(options: OfficeWorkshopOptions = {}): Promise<OfficeWorkshop> {
  const { people = ['ada@example.org', 'erika@example.org'] } = options
  await using opening = new AsyncDisposableStack()
  const vault = opening.use(await newSubject())
  const keys = join(vault.dir, '..', 'keys')
  await mkdir(keys, { mode: 0o700 })
  const secret = async (name: string, text: string): Promise<object> => {
    const file = join(keys, name)
    await writeFile(file, `${text}\n`)
    await chmod(file, 0o600)
    return { file }
  }
  const suites = opening.use(
    await office({ ...options, google: { mailsPerPerson: 6, ...options.google }, graph: { mails: 6, ...options.graph } }, secret),
  )
  const { imap } = suites
  if (imap === undefined) throw new Error('this workshop has no real mail server')
  const stateDir = join(vault.dir, '..', 'engine')
  const events: EngineEvent[] = []
  const logged: string[] = []
  const note = (msg: string, fields?: object): void => void logged.push(JSON.stringify({ msg, ...fields }))
  const log: Log = { debug: note, info: note, warn: note }

  const workspaceOn = (vaultNow: Vault): Workspace => ({
    vault: vaultNow,
    clock: systemClock,
    stateDir,
    people: [],
    emit: (event) => {
      events.push(event)
      options.onEvent?.(event, opened)
    },
    portsFor: ({ reads }) => {
      const clock = impatientClock(options.haste)
      return { clock, log, fetch: createFetch({ clock, log, retryable: () => reads }) }
    },
  })
  const sourceOf = (name: OfficeSource) =>
    handleOf(name, definitions[name], { ...suites.sources[name], people: { include: people }, ...options.sources?.[name] })
  const targetOf = (name: OfficeTarget): TargetHandle =>
    handleOf(name, definitions[name] as AnyTarget, { ...suites.targets[name], ...options.targets?.[name] })
  const newest = async (opened: Vault, source: OfficeSource): Promise<Manifest> => {
    const found = (await Array.fromAsync(opened.list(source))).at(-1)
    if (found === undefined) throw new Error(`there is no snapshot of ${source} yet`)
    return found
  }
  const importing = async <T>(source: OfficeSource, work: (workspace: Workspace, snapshot: Manifest) => Promise<T>): Promise<T> => {
    await using opened = await vault.holder()
    return await work(workspaceOn(opened), await newest(opened, source))
  }
  const request = (source: OfficeSource, target: OfficeTarget, snapshot: Manifest, person: string | undefined) => ({
    source: { name: source, connector: definitions[source].id, title: definitions[source].title },
    target: targetOf(target),
    snapshot: snapshot.id,
    person,
    since: { startedMs: systemClock.monotonicMs(), milestones: [] },
    tool,
  })
  const reading: OfficeWorkshop['reading'] = async (source, work) => {
    await using opened = await vault.holder()
    await using reader = await opened.read((await newest(opened, source)).id, never)
    return await work(reader)
  }
  const owned = opening.move()
  const opened: OfficeWorkshop = {
    google: suites.google,
    graph: suites.graph,
    dav: suites.dav,
    darken: () => suites.darken(),
    imap,
    vault,
    stateDir,
    events,
    logged,
    async backup(source, { full = false } = {}) {
      await using opened = await vault.host()
      return await backup({ source: sourceOf(source), full, tool }, workspaceOn(opened), never)
    },
    night: async () => ({ google: await opened.backup('google'), m365: await opened.backup('m365') }),
    plan: (source, target, person) =>
      importing(source, (workspace, snapshot) =>
        plan(
          { snapshot: snapshot.id, target: targetOf(target), ledgerPath: ledgerPath(stateDir, target, source), ask: true, person },
          workspace,
          never,
        ),
      ),
    rehearse: (source, target, { person, signal = never } = {}) =>
      importing(source, (workspace, snapshot) =>
        rehearse({ ...request(source, target, snapshot, person), keep: false }, workspace, signal),
      ),
    cutover: (source, target, { person, signal = never } = {}) =>
      importing(source, (workspace, snapshot) => cutover(request(source, target, snapshot, person), workspace, signal)),
    async cutoverAll(how) {
      const results: RunResult[] = []
      for (const source of ['google', 'm365'] as const)
        for (const target of everyTarget) results.push(await opened.cutover(source, target, how))
      return results
    },
    reading,
    items: (source) => reading(source, (reader) => Array.fromAsync(reader.items({}, never))),
    content: (source) => reading(source, contentOf),
    losses: (source) => reading(source, (reader) => Array.fromAsync(reader.losses(undefined, never))),
    findings: async ({ run }) => linesIn<Finding>(runFiles(stateDir, run).findings),
    mapLosses: async ({ run }) => linesIn<Loss>(runFiles(stateDir, run).losses),
    picture: () => officePicture(imap.store, suites.dav.state),
    writes: () => officeWrites(imap, suites.dav),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
  return opened
}

/** A backend with settings as they would stand in the configuration, without the word that names the backend. */
function handleOf<D extends AnyConnector | AnyTarget>(
  name: string,
  definition: D,
  settings: Readonly<Record<string, unknown>>,
): { readonly name: string; readonly definition: D; readonly config: unknown } {
  const { connector: _source, target: _target, ...rest } = settings
  return { name, definition, config: definition.config.parse(rest) }
}
