import { createHash } from 'node:crypto'
import type { BlobRef, Item, Kind } from '../../../src/contract/item.ts'
import { type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { Directory, Person } from '../../../src/contract/target.ts'
import type { RepositorySettings } from '../../../src/model/repository-settings.ts'
import { revisionOf } from '../../../src/model/revision.ts'
import { Secret } from '../../../src/config/secret.ts'
import { Settings } from '../../../targets/gitlab/settings.ts'
import { bytes, makeRepository, type MadeCommit } from '../../src/git/made-repository.ts'
import type { Snapshot } from '../../contract/target-run.ts'
import { acme } from './file/acme.ts'
import type { Workshop } from './file/workshop.ts'
import * as the from './items.ts'

const ORDER: readonly Kind[] =
  'account group repository lfs-object label milestone issue change-request discussion thread review comment timeline-event release repository-settings'.split(
    ' ',
  ) as Kind[]

/** An organisation on a code host, as a vault hands it to a target. */
export class CodeWorld {
  readonly items = new Map<ItemId, Item>()
  readonly blobs: the.Blobs
  constructor(blobs = new the.Blobs()) {
    this.blobs = blobs
  }
  /** Another world with the same items, to be changed by itself. */
  copy(): CodeWorld {
    const world = new CodeWorld(this.blobs)
    world.put(...this.items.values())
    return world
  }
  put(...items: readonly Item[]): void {
    for (const item of items) this.items.set(item.id, item)
  }
  remove(id: string): void {
    if (!this.items.delete(id as ItemId)) throw new Error(`${id} is not there`)
  }
  /** Another body, and the revision that goes with it. */
  edit(id: string, change: object): void {
    const item = this.items.get(id as ItemId)
    if (item === undefined) throw new Error(`${id} is not there`)
    const body = { ...item.body, ...change }
    this.items.set(item.id, { ...item, body, revision: revisionOf(body, []) } as Item)
  }
  snapshot(): Snapshot {
    const items = [...this.items.values()].toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
    return { items, blobs: this.blobs }
  }
  directory(people: Readonly<Record<string, Person>> = {}): Directory {
    return the.directoryOf([...this.items.values()], people)
  }
  /** A bundle of a whole repository. */
  async bundle(directory: string): Promise<BlobRef> {
    return this.blobs.put(await bytes(directory, 'bundle', 'create', '--quiet', '-', '--all'))
  }
  /** Gives a repository this history; each call adds a bundle to the chain, the last one counts. */
  async history(id: string, commits: readonly MadeCommit[], refs: Readonly<Record<string, number>>): Promise<readonly string[]> {
    const { directory, oids } = await makeRepository(commits, refs)
    await this.addBundle(id, directory)
    return oids
  }
  /** One page. */
  async wiki(id: string): Promise<void> {
    const item = this.items.get(id as ItemId)
    if (item?.kind !== 'repository') throw new Error(`${id} is no repository`)
    const { directory } = await makeRepository([{ parents: [], files: { 'home.md': 'Welcome' } }], { 'refs/heads/master': 0 })
    const blobs = [...item.blobs, await this.bundle(directory)]
    const wiki = { head: 'refs/heads/master', refs: 1, bundles: [the.file('wiki.bundle', '', blobs.length - 1)] }
    this.put({ ...item, body: { ...item.body, wiki }, blobs })
  }
  async addBundle(id: string, directory: string): Promise<void> {
    const item = this.items.get(id as ItemId)
    if (item?.kind !== 'repository') throw new Error(`${id} is no repository`)
    const blobs = [...item.blobs, await this.bundle(directory)]
    const bundles = blobs.map((_, n) => the.file(`${n}.bundle`, '', n))
    const body = { ...item.body, git: { head: 'refs/heads/main', refs: 1, bundles } }
    this.put({
      ...item,
      body,
      blobs,
      revision: revisionOf(
        body,
        blobs.map((blob) => blob?.sha256 ?? ''),
      ),
    })
  }
}

/** The organisation of `acme.ts` with teams, rights and large files, and what hangs on its repository. */
export async function wholeWorld(workshop: Workshop): Promise<CodeWorld> {
  const made = await acme(workshop)
  const world = new CodeWorld(made.blobs)
  // A review that says nothing is nothing to a target.
  world.put(...made.items.filter(({ id }) => id !== 'review/1/43'))
  await world.addBundle(the.R, made.repository.directory)
  await made.repository.close()
  await world.wiki(the.R)
  world.put(
    the.item('group', itemId('group', '7'), {
      handle: 'acme/core',
      name: 'Core',
      description: 'The core team',
      members: [the.ada.account],
      active: true,
    }),
    largeFile(world, 'a large file'),
    repositorySettings({
      protections: [
        {
          pattern: 'main',
          of: 'branch',
          origin: 'protection',
          enforced: true,
          allowForcePush: false,
          allowDeletion: false,
          requiresChangeRequest: true,
          approvals: 1,
          codeOwners: false,
          checks: [],
          pushers: null,
          linearHistory: false,
          signedCommits: false,
          others: [],
        },
      ],
      webhooks: [{ url: 'https://hooks.example.test/x', events: ['push'], active: true, verifyTls: true }],
      variables: [{ name: 'STAGE', value: 'production', environment: null }],
      secrets: [{ name: 'KEY', environment: null }],
      members: [{ account: the.ada, role: 'maintain' }],
      teams: [{ group: 'group/7', role: 'write' }],
      merging: { merge: true, squash: true, rebase: false, deleteBranch: true },
    }),
  )
  return world
}

export const repositorySettings = (more: Partial<RepositorySettings>): Item<'repository-settings'> =>
  the.item('repository-settings', itemId('repository-settings', '1'), {
    repository: the.R,
    protections: [],
    webhooks: [],
    environments: [],
    variables: [],
    secrets: [],
    members: [],
    teams: [],
    autolinks: [],
    workflows: [],
    merging: null,
    unseen: [],
    ...more,
  })

export function largeFile(world: CodeWorld, text: string): Item<'lfs-object'> {
  const oid = createHash('sha256').update(text).digest('hex')
  const blob = world.blobs.put(text)
  return the.item('lfs-object', itemId('lfs-object', '1', oid), { repository: the.R, oid, bytes: blob.bytes, file: the.file(oid, '', 0) }, [
    blob,
  ])
}

/** Two issues with a comment and a commit: enough to break in the middle. */
export async function smallWorld(): Promise<CodeWorld> {
  const world = new CodeWorld()
  world.put(
    the.account(the.ada),
    the.repository(),
    the.label('bug'),
    the.issue(1, { labels: ['bug'] }),
    the.issue(2, { author: the.passer }),
  )
  world.put(the.comment('issue/7', 'issue/1/1', { author: the.ada }))
  await world.history(the.R, [{ parents: [] }], { 'refs/heads/main': 0 })
  return world
}

/** A GitLab as tests configure it. */
export const settingsFor = (url: string, token: string, more: Readonly<Record<string, unknown>> = {}): Settings => ({
  ...Settings.parse({ url, token: { env: 'TOKEN' }, group: 'acme', ...more }),
  token: new Secret(() => Promise.resolve(token)),
})
