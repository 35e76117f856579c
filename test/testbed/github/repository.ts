import { createHash } from 'node:crypto'
import type { Signature } from './git/objects.ts'
import { GitRepository } from './git/repository.ts'
import type {
  Asset,
  Comment,
  CommitComment,
  CrossReference,
  Discussion,
  DiscussionCategory,
  DiscussionComment,
  Event,
  EventName,
  Item,
  Label,
  Milestone,
  Person,
  Reaction,
  ReactionContent,
  Release,
  Review,
  ReviewComment,
  Thread,
  Time,
} from './model.ts'
import type { Autolink, Environment, Hook, Named, Permission, Protection, Ruleset } from './settings.ts'
import { KeptItems, KeptParts, KeptTable, type PartTable, type Sequence, type Table } from './table.ts'
import type { GithubWorld, Organisation } from './world.ts'

/** Why GitHub refuses to show a repository that is there. */
export type Block = 'dmca' | 'tos'

export interface RepositoryOptions {
  readonly description?: string
  readonly visibility?: 'public' | 'private' | 'internal'
  readonly hasIssues?: boolean
  readonly hasPulls?: boolean
  readonly hasWiki?: boolean
  readonly hasDiscussions?: boolean
  readonly archived?: boolean
  readonly topics?: readonly string[]
  readonly forkOf?: Repository
  readonly block?: Block
  /** Tables whose rows are computed; see `lazy.ts`. */
  readonly tables?: Partial<Tables>
  readonly git?: GitRepository
}

/** What a repository holds in such numbers that it may be computed instead of kept. */
export interface Tables {
  readonly items: Table<Item>
  readonly comments: PartTable<Comment>
  readonly reviews: PartTable<Review>
  readonly reviewComments: PartTable<ReviewComment>
  readonly threads: PartTable<Thread>
  readonly events: PartTable<Event>
  readonly crossReferences: PartTable<CrossReference>
}

export class Repository {
  readonly world: GithubWorld
  readonly id: number
  owner: Organisation | Person
  name: string
  description: string | null
  visibility: 'public' | 'private' | 'internal'
  hasIssues: boolean
  hasPulls: boolean
  hasDiscussions: boolean
  archived: boolean
  topics: readonly string[]
  block: Block | undefined
  forkOf: Repository | null
  readonly createdAt: Time
  /** Says nothing of issues: only settings change it. */
  updatedAt: Time
  pushedAt: Time
  readonly git: GitRepository
  wiki: GitRepository | undefined
  readonly tables: Tables
  readonly labels: Label[] = []
  readonly milestones: Milestone[] = []
  readonly releases = new KeptTable<Release>()
  readonly discussions = new KeptTable<Discussion>()
  readonly discussionComments = new KeptParts<DiscussionComment>()
  readonly categories: DiscussionCategory[] = []
  readonly commitComments = new KeptTable<CommitComment>()
  readonly protections: Protection[] = []
  readonly rulesets: Ruleset[] = []
  readonly hooks: Hook[] = []
  readonly environments: Environment[] = []
  readonly variables: Named[] = []
  readonly secrets: Named[] = []
  readonly autolinks: Autolink[] = []
  readonly deployKeys: {
    readonly id: number
    readonly title: string
    readonly key: string
    readonly readOnly: boolean
    readonly createdAt: Time
  }[] = []
  readonly collaborators = new Map<Person, Permission>()
  readonly properties = new Map<string, string>()
  /** LFS objects by oid. */
  readonly lfs = new Map<string, Uint8Array>()
  /** Numbers of issues that are no more, and where those went that were moved. */
  readonly gone = new Map<number, { readonly repository: Repository; readonly number: number } | 'deleted'>()
  /** Set anew where the table is computed. */
  itemByNumber: (number: number) => Item | undefined
  /** Only the pull requests, where the table cannot afford to be looked through. */
  issuesOnly: ((order: 'created' | 'updated') => Sequence<Item>) | undefined
  pullsOnly: ((order: 'created' | 'updated') => Sequence<Item>) | undefined
  #number = 0

  constructor(world: GithubWorld, owner: Organisation | Person, name: string, options: RepositoryOptions) {
    this.world = world
    this.id = world.nextId()
    this.owner = owner
    this.name = name
    this.description = options.description ?? null
    this.visibility = options.visibility ?? 'private'
    this.hasIssues = options.hasIssues ?? true
    this.hasPulls = options.hasPulls ?? true
    this.hasDiscussions = options.hasDiscussions ?? false
    this.archived = options.archived ?? false
    this.topics = options.topics ?? []
    this.block = options.block
    this.forkOf = options.forkOf ?? null
    this.createdAt = this.updatedAt = this.pushedAt = world.now
    this.git = options.git ?? (options.forkOf === undefined ? new GitRepository() : GitRepository.forkOf(options.forkOf.git))
    this.wiki = options.hasWiki === true ? new GitRepository() : undefined
    const items = new KeptItems()
    this.itemByNumber = (number) => items.numbered(number)
    this.tables = {
      items,
      comments: new KeptParts<Comment>(),
      reviews: new KeptParts<Review>(),
      reviewComments: new KeptParts<ReviewComment>(),
      threads: new KeptParts<Thread>(),
      events: new KeptParts<Event>(),
      crossReferences: new KeptParts<CrossReference>(),
      ...options.tables,
    }
  }
  get fullName(): string {
    return `${this.owner.login}/${this.name}`
  }
  /** Issues, pull requests and discussions share one sequence. */
  nextNumber(): number {
    this.#number += 1
    return this.#number
  }
  skipNumbers(count: number): void {
    this.#number += count
  }
  /** An issue or pull request by number. */
  item(number: number): Item | undefined {
    return this.itemByNumber(number)
  }
  addLabel(name: string, color = 'ededed', description: string | null = null): Label {
    const made: Label = { id: this.world.nextId(), name, color, description, isDefault: false }
    this.labels.push(made)
    return made
  }
  label(name: string): Label {
    return this.labels.find((label) => label.name === name) ?? this.addLabel(name)
  }
  addMilestone(title: string, more: Partial<Milestone> & { readonly creator: Person }): Milestone {
    const { now } = this.world
    const made: Milestone = {
      id: this.world.nextId(),
      number: this.milestones.length + 1,
      title,
      description: null,
      state: 'open',
      createdAt: now,
      updatedAt: now,
      closedAt: null,
      dueOn: null,
      ...more,
    }
    this.milestones.push(made)
    return made
  }
  addRelease(tag: string, author: Person, more: Partial<Release> = {}): Release {
    const { now } = this.world
    return this.releases.add({
      id: this.world.nextId(),
      tag,
      name: tag,
      body: '',
      author,
      draft: false,
      prerelease: false,
      target: 'main',
      createdAt: now,
      updatedAt: now,
      publishedAt: more.draft === true ? null : now,
      assets: [],
      reactions: [],
      ...more,
    })
  }
  addAsset(
    release: Release,
    name: string,
    bytes: Uint8Array,
    contentType = 'application/octet-stream',
    uploader: Person | null = release.author,
  ): Asset {
    const made: Asset = {
      id: this.world.nextId(),
      name,
      contentType,
      bytes,
      uploader,
      createdAt: this.world.now,
      label: null,
      state: 'uploaded',
      digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    }
    release.assets.push(made)
    return made
  }
  /** Nobody's `updated_at` moves. */
  react(to: { readonly reactions: Reaction[] }, content: ReactionContent, user: Person): Reaction {
    const made: Reaction = { id: this.world.nextId(), content, user, createdAt: this.world.now }
    to.reactions.push(made)
    return made
  }
  addEvent(item: Item, event: EventName, actor: Person | null, more: Partial<Event> = {}): Event {
    const { now } = this.world
    return this.tables.events.add({ id: this.world.nextId(), item: item.number, event, actor, createdAt: now, updatedAt: now, ...more })
  }
  /** A commit on a branch, at the world's time. */
  push(branch: string, author: Person, message: string, files: Readonly<Record<string, string | Uint8Array | null>>): string {
    const sha = this.git.commitTo(branch, { files, author: this.signature(author), message })
    this.pushedAt = this.world.now
    return sha
  }
  signature({ name, login, email }: Person): Signature {
    return { name: name ?? login, email: email ?? `${login}@users.noreply.example`, at: Date.parse(this.world.now) / 1000 }
  }
  /** A fork is deleted: pull requests from it lose their branch's home. */
  forgetFork(fork: Repository): void {
    if (this.forkOf === fork) this.forkOf = null
    const all = this.tables.items.by('created')
    if (fork.forkOf !== this) return
    for (let at = 0; at < all.length; at += 1) {
      const { pull } = all.at(at)
      if (pull?.head.repository === fork) pull.head.repository = null
    }
  }
}
