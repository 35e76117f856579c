import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { definition as slackDefinition } from '../../connectors/slack/definition.ts'
import { definition as mattermostDefinition } from '../../targets/mattermost/definition.ts'
import type { AnyConnector, AnyTarget } from '../../src/config/backends.ts'
import { Secret } from '../../src/config/secret.ts'
import type { Log } from '../../src/contract/ports.ts'
import type { Item } from '../../src/contract/item.ts'
import type { Loss } from '../../src/contract/fidelity.ts'
import type { Manifest, SnapshotReader, Vault } from '../../src/contract/vault.ts'
import type { BackupSummary, EngineEvent, Finding, PlanSummary, RunResult, TargetHandle, Workspace } from '../../src/engine/api.ts'
import { backup } from '../../src/engine/backup.ts'
import { cutover, ledgerPath } from '../../src/engine/cutover.ts'
import { plan } from '../../src/engine/plan.ts'
import { rehearse } from '../../src/engine/rehearse.ts'
import { runFiles } from '../../src/engine/runs.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { systemClock } from '../../src/http/system-clock.ts'
import type { Driver } from '../../src/vault/driver.ts'
import { mattermostTestbed, type MattermostTestbed, type MattermostTestbedOptions } from '../testbed/mattermost/testbed.ts'
import { pictureOf } from '../testbed/mattermost/picture.ts'
import { slackTestbed, type SlackTestbed, type SlackTestbedOptions } from '../testbed/slack/testbed.ts'
import { impatientClock } from './impatient-clock.ts'
import { linesIn } from './lines.ts'
import { byText, contentOf, portless } from './vault/content.ts'
import { never, newSubject, type Subject } from './vault/subject.ts'

export interface WorkshopOptions {
  readonly slack?: SlackTestbedOptions
  readonly mattermost?: MattermostTestbedOptions
  /** Further settings of the target. */
  readonly target?: Readonly<Record<string, unknown>>
  /** So many times as long as it was asked to last every pause seems to have lasted. Default 1. */
  readonly haste?: number
  /** Told of everything as it happens, before the engine goes on. */
  readonly onEvent?: (event: EngineEvent, workshop: Workshop) => void
}
/** What one journey may be given beside its defaults. */
export interface BackupOptions {
  readonly full?: boolean
  readonly driver?: Driver
  readonly token?: string
  /** Instead of the emulated workspace's API, for example `{ via: 'export', path }`. */
  readonly source?: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal
}

/**
 * The engine between an emulated Slack and an emulated Mattermost, with a real vault in between, in this process: the nightly side holds
 * the index identity only, the importing side an escrow identity. Pauses between attempts pass at once.
 */
export interface Workshop extends AsyncDisposable {
  readonly slack: SlackTestbed
  readonly mattermost: MattermostTestbed
  readonly vault: Subject
  readonly stateDir: string
  /** Everything that was told since the workshop was opened. */
  readonly events: readonly EngineEvent[]
  /** Log lines of the backends, as JSON. */
  readonly logged: readonly string[]
  backup(options?: BackupOptions): Promise<BackupSummary>
  plan(): Promise<PlanSummary>
  rehearse(options?: { readonly keep?: boolean; readonly signal?: AbortSignal }): Promise<RunResult>
  cutover(options?: { readonly signal?: AbortSignal }): Promise<RunResult>
  /** Opens the vault to read, for one piece of work on the newest snapshot. */
  reading<T>(work: (reader: SnapshotReader) => Promise<T>): Promise<T>
  snapshots(): Promise<readonly Manifest[]>
  items(): Promise<readonly Item[]>
  /** What is alive in the newest snapshot, a line each, without ports. Every blob is read back. */
  content(): Promise<readonly string[]>
  losses(): Promise<readonly Loss[]>
  /** What stands on the server, a line each, without ports. */
  picture(): readonly string[]
  findings(result: RunResult): Promise<readonly Finding[]>
  mapLosses(result: RunResult): Promise<readonly Loss[]>
}

/** The objects of a tier of the vault, by name. */
export async function objectsOf(
  { vault }: Pick<Workshop, 'vault'>,
  tier: 'packs' | 'index' | 'manifests' | 'refs' | 'commits',
): Promise<readonly string[]> {
  const names = await readdir(join(vault.dir, tier), { recursive: true })
  return names.filter((name) => name.includes('.')).toSorted(byText)
}

/** What a message says, without its holes. */
export const wordsOf = ({ body }: Item<'message'>): string => body.text.filter((segment) => typeof segment === 'string').join('')

/** Lines that only one of two pictures has. */
export function changesBetween(
  before: readonly string[],
  after: readonly string[],
): { readonly gone: readonly string[]; readonly come: readonly string[] } {
  const beyond = (these: readonly string[], those: readonly string[]): readonly string[] => {
    const left = Map.groupBy(those, (line) => line)
    return these.filter((line) => left.get(line)?.pop() === undefined)
  }
  return { gone: beyond(before, after), come: beyond(after, before) }
}

const tool = 'fallreep test'

export async function workshop(options: WorkshopOptions = {}): Promise<Workshop> {
  await using opening = new AsyncDisposableStack()
  const slack = opening.use(await slackTestbed({ messagesPerChannel: 3, ...options.slack }))
  const mattermost = opening.use(await mattermostTestbed({ version: '10.11.0', ...options.mattermost }))
  const vault = opening.use(await newSubject())
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
  const target: TargetHandle = handleOf(
    'chat',
    mattermostDefinition,
    {
      url: mattermost.url,
      token: { env: 'unused' },
      team: 'fallreep-demo',
      adjustLimits: true,
      ...options.target,
    },
    mattermost.token,
  )
  const newest = async (opened: Vault): Promise<Manifest> => {
    const found = (await Array.fromAsync(opened.list())).at(-1)
    if (found === undefined) throw new Error('there is no snapshot yet')
    return found
  }
  const importing = async <T>(work: (workspace: Workspace, snapshot: Manifest) => Promise<T>): Promise<T> => {
    await using opened = await vault.holder()
    return await work(workspaceOn(opened), await newest(opened))
  }
  const request = (snapshot: Manifest) => ({
    source: { name: 'slack', connector: 'slack', title: 'Slack' },
    target,
    snapshot: snapshot.id,
    person: undefined,
    since: { startedMs: 0, milestones: [] },
    tool,
  })
  const reading: Workshop['reading'] = async (work) => {
    await using opened = await vault.holder()
    await using reader = await opened.read((await newest(opened)).id, never)
    return await work(reader)
  }
  const owned = opening.move()
  const opened: Workshop = {
    slack,
    mattermost,
    vault,
    stateDir,
    events,
    logged,
    async backup({ full = false, driver, token = slack.token, source, signal = never } = {}) {
      await using opened = await vault.host(driver === undefined ? {} : { driver })
      const settings = source ?? { via: 'api', token: { env: 'unused' }, apiUrl: slack.url }
      const handle = handleOf('slack', slackDefinition, settings, token)
      return await backup({ source: handle, full, tool }, workspaceOn(opened), signal)
    },
    plan: () =>
      importing((workspace, snapshot) =>
        plan(
          { snapshot: snapshot.id, target, ledgerPath: ledgerPath(stateDir, 'chat', 'slack'), ask: true, person: undefined },
          workspace,
          never,
        ),
      ),
    rehearse: ({ keep = false, signal = never } = {}) =>
      importing((workspace, snapshot) => rehearse({ ...request(snapshot), keep }, workspace, signal)),
    cutover: ({ signal = never } = {}) => importing((workspace, snapshot) => cutover(request(snapshot), workspace, signal)),
    reading,
    async snapshots() {
      await using opened = await vault.holder()
      return await Array.fromAsync(opened.list())
    },
    items: () => reading((reader) => Array.fromAsync(reader.items({}, never))),
    content: () => reading(contentOf),
    losses: () => reading((reader) => Array.fromAsync(reader.losses(undefined, never))),
    picture: () => pictureOf(mattermost.state).map(portless),
    findings: async ({ run }) => linesIn<Finding>(runFiles(stateDir, run).findings),
    mapLosses: async ({ run }) => linesIn<Loss>(runFiles(stateDir, run).losses),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
  return opened
}

/** A backend with parsed settings, and a token that stands in no environment. */
function handleOf<D extends AnyConnector | AnyTarget>(
  name: string,
  definition: D,
  settings: Readonly<Record<string, unknown>>,
  token: string,
): { readonly name: string; readonly definition: D; readonly config: unknown } {
  const config = definition.config.parse(settings) as Record<string, unknown>
  return { name, definition, config: 'token' in settings ? { ...config, token: new Secret(() => Promise.resolve(token)) } : config }
}
