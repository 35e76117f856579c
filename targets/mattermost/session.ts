import type { CollectionId } from '../../src/contract/ids.ts'
import type { JsonObject } from '../../src/contract/json.ts'
import type { Ports } from '../../src/contract/ports.ts'
import type { Applied, ApplyContext, Directory, Ledger, Observed, Stated, Target } from '../../src/contract/target.ts'
import { Fault } from '../../src/fault.ts'
import { apply } from './apply.ts'
import { checks } from './check.ts'
import { MattermostClient } from './client.ts'
import { OLDEST, compareVersions, featuresOf } from './features.ts'
import { customGroups } from './delta/groups.ts'
import type { MattermostOperation } from './map/operations.ts'
import { observe } from './observe/observe.ts'
import { ServerPlaces } from './places.ts'
import { destroyScratch } from './scratch.ts'
import type { Settings } from './settings.ts'
import type { Survey } from './survey.ts'
import { writeToFile } from './to-file.ts'
import { ClientConfig, Licence } from './wire.ts'

/** Opens a Mattermost server, or a place on disk for its import file. Asks nothing yet. */
export function openMattermost(_name: string, settings: Settings, ports: Ports): Target<MattermostOperation> {
  const client = new MattermostClient(settings.apiUrl ?? settings.url, settings.token, ports)
  const target = {
    check: (signal: AbortSignal) => checks(client, settings, ports, signal),
    survey: (directory: Directory, signal: AbortSignal) => survey(client, settings, directory, signal),
    apply: (ops: AsyncIterable<Stated<MattermostOperation>>, context: ApplyContext, signal: AbortSignal): AsyncIterable<Applied> =>
      settings.via === 'file' ? writeToFile(settings, ops, context, signal) : applyToServer(client, settings, ports, ops, context, signal),
    observe: (ledger: Ledger, _only: ReadonlySet<CollectionId> | undefined, signal: AbortSignal): AsyncIterable<Observed> =>
      observed(client, settings, ledger, signal),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
  const { scratch } = settings
  return scratch === undefined
    ? target
    : { ...target, scratch: { destroy: (signal: AbortSignal) => destroyScratch(client, settings, scratch, ports, signal) } }
}

async function survey(client: MattermostClient, settings: Settings, _directory: Directory, signal: AbortSignal): Promise<JsonObject> {
  const config = await supported(client, signal)
  const world = new ServerPlaces(client, settings.team)
  const users: { username: string; email: string }[] = []
  for (const { username, email } of (await world.users(signal)).values()) users.push({ username, email: email.toLowerCase() })
  const emoji: string[] = []
  for await (const { name } of world.emoji(signal)) emoji.push(name)
  const limits = await limitsOf(client, config, signal)
  const groups: string[] = []
  if (limits.customGroups) for await (const { name } of customGroups(client, signal)) groups.push(name ?? '')
  return {
    version: config.Version,
    siteUrl: config.SiteURL === '' ? settings.url : config.SiteURL,
    ...limits,
    groups,
    users,
    emoji,
  } satisfies Survey
}

async function* observed(client: MattermostClient, settings: Settings, ledger: Ledger, signal: AbortSignal): AsyncGenerator<Observed> {
  const config = await supported(client, signal)
  const features = featuresOf(config.Version, await limitsOf(client, config, signal))
  yield* observe({ client, features }, new ServerPlaces(client, settings.team), settings.team, ledger, signal)
}

async function* applyToServer(
  client: MattermostClient,
  settings: Settings,
  ports: Ports,
  ops: AsyncIterable<Stated<MattermostOperation>>,
  context: ApplyContext,
  signal: AbortSignal,
): AsyncGenerator<Applied> {
  const config = await supported(client, signal)
  const features = featuresOf(config.Version, await limitsOf(client, config, signal))
  yield* apply({ settings, client, ports, features }, ops, context, signal)
}

/** @throws Fault `config` for a server that is too old */
async function supported(client: MattermostClient, signal: AbortSignal): Promise<ClientConfig> {
  const config = await client.get(ClientConfig, '/config/client', { format: 'old' }, signal)
  if (compareVersions(config.Version, OLDEST) < 0)
    throw new Fault({
      code: 'config',
      what: `Mattermost ${config.Version} is too old`,
      why: `imports are supported from ${OLDEST} on`,
      remedy: 'Update the server first',
    })
  return config
}

/** What this server can hold and do. Without a licence it says false to custom groups, and knows no bookmarks. */
async function limitsOf(client: MattermostClient, config: ClientConfig, signal: AbortSignal) {
  const licence = await client.get(Licence, '/license/client', { format: 'old' }, signal)
  return {
    maxMessage: Number(config.MaxPostSize ?? 16_383),
    maxFileBytes: Number(config.MaxFileSize ?? 52_428_800),
    overrideNames: config.EnablePostUsernameOverride === 'true',
    customGroups: config.EnableCustomGroups === 'true',
    licensed: licence.IsLicensed === 'true',
  }
}
