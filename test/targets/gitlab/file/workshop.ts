import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import type { Loss } from '../../../../src/contract/fidelity.ts'
import type { Item } from '../../../../src/contract/item.ts'
import type { Person } from '../../../../src/contract/target.ts'
import { type Repository, restoreRepository } from '../../../../src/git/repository.ts'
import { gitText } from '../../../../src/process/git.ts'
import { composeProject } from '../../../../targets/gitlab/file/compose.ts'
import type { Composed, TargetUser } from '../../../../targets/gitlab/file/composed.ts'
import { ProjectSpool } from '../../../../targets/gitlab/file/spool.ts'
import { gitlabMapper } from '../../../../targets/gitlab/map/mapper.ts'
import type { Who } from '../../../../targets/gitlab/operations.ts'
import type { Settings } from '../../../../targets/gitlab/settings.ts'
import { Blobs, directoryOf } from '../items.ts'

const never = new AbortController().signal
export interface Order {
  readonly items: readonly Item[]
  readonly settings: Settings
  readonly blobs?: Blobs
  readonly repository?: Repository | undefined
  readonly users: (who: Who) => TargetUser
  readonly maxLfsBytes?: number
  readonly wiki?: Repository | undefined
  readonly people?: Readonly<Record<string, Person>>
}
export interface Made {
  readonly path: string
  readonly composed: readonly Composed[]
  /** Of mapping and composing. */
  readonly losses: readonly Loss[]
}

/** Import files of whole worlds, in a directory of their own. */
export class Workshop implements AsyncDisposable {
  readonly #directory: string
  #turn = 0
  private constructor(directory: string) {
    this.#directory = directory
  }
  static async open(): Promise<Workshop> {
    return new Workshop(await mkdtemp(join(tmpdir(), 'gitlab-file-')))
  }
  async #place(): Promise<string> {
    const place = join(this.#directory, String(this.#turn++))
    await mkdir(place)
    return place
  }
  /** Maps, spools and composes the one project of these items. */
  async make(order: Order): Promise<Made> {
    const { path, composed, losses } = await this.compose(order, never)
    const all: Composed[] = []
    for await (const one of composed) all.push(one)
    return { path, composed: all, losses: [...losses, ...all.flatMap((one) => one.losses)] }
  }
  /** The same, to be read while it is written. */
  async compose(
    order: Order,
    signal: AbortSignal,
  ): Promise<{ readonly path: string; readonly composed: AsyncIterable<Composed>; readonly losses: readonly Loss[] }> {
    const { items, settings, blobs = new Blobs(), repository, wiki, users, people = {}, maxLfsBytes = 1 << 30 } = order
    const workDir = await this.#place()
    const mapper = gitlabMapper(directoryOf(items, people), settings, undefined)
    const spool = new ProjectSpool(join(workDir, 'spool.db'))
    const losses: Loss[] = []
    for (const item of items) {
      const mapped = mapper.map(item)
      losses.push(...mapped.losses)
      for (const op of mapped.ops) spool.add(op)
    }
    const [project] = spool.projects()
    if (project === undefined) throw new Error('no project')
    const path = join(workDir, 'project.tar.gz')
    const input = { spool, project, repository, wiki, blobs, users, version: '17.11.0', maxLfsBytes, workDir, outFile: path }
    async function* composed(): AsyncGenerator<Composed> {
      using _ = spool
      yield* composeProject(input, signal)
    }
    return { path, composed: composed(), losses }
  }
  /** A repository as it comes out of the vault: through a bundle. */
  async restored(directory: string, head = 'main'): Promise<Repository> {
    const place = await this.#place()
    const bundle = join(place, 'all.bundle')
    await gitText(['bundle', 'create', '--quiet', bundle, '--all'], { what: 'bundle failed', directory }, never)
    return restoreRepository({ bundles: [() => createReadStream(bundle)], parent: place, head }, never)
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true })
  }
}

/** Members of a tar.gz as text, by name. */
export async function membersOf(path: string): Promise<ReadonlyMap<string, string>> {
  const members = new Map<string, string>()
  const tar = createReadStream(path).pipe(createGunzip()).pipe(extract())
  for await (const entry of tar) {
    const chunks: Buffer[] = []
    for await (const chunk of entry) chunks.push(chunk as Buffer)
    members.set(entry.header.name, Buffer.concat(chunks).toString())
  }
  return members
}
/** Lines of one relation. */
export const relation = (members: ReadonlyMap<string, string>, name: string): Record<string, unknown>[] =>
  (members.get(`tree/project/${name}.ndjson`) ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
