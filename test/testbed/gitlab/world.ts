import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Items } from './items.ts'
import { Outage } from './outage.ts'
import { DEFAULT_SETTINGS } from './settings.ts'
import type * as Rows from './rows.ts'
import { abilitiesOf, type Abilities } from './version.ts'

export interface WorldOptions {
  /** `17.11.0` unless said. */
  readonly version: string
  /** What `VERSION` in an import file must be. */
  readonly exportVersion: string
  readonly directory: string
  readonly clock: () => number
  readonly settings: Readonly<Record<string, unknown>>
}

/** Everything the server stores. Tests look at it and, in their first lines, fill it. */
export class World implements Disposable {
  readonly version: string
  readonly exportVersion: string
  readonly can: Abilities
  readonly directory: string
  readonly settings: Record<string, unknown>
  readonly items: Items
  readonly outage = new Outage()
  readonly users = new Map<number, Rows.UserRow>()
  readonly tokens = new Map<string, Rows.TokenRow>()
  readonly groups = new Map<number, Rows.GroupRow>()
  readonly projects = new Map<number, Rows.ProjectRow>()
  /** Access levels of direct members, by `project:1` or `group:2`. */
  readonly members = new Map<string, Map<number, number>>()
  readonly labels = new Map<number, Rows.LabelRow>()
  readonly milestones = new Map<number, Rows.MilestoneRow>()
  readonly protectedBranches: Rows.ProtectionRow[] = []
  readonly protectedTags: Rows.ProtectionRow[] = []
  readonly releases: Rows.ReleaseRow[] = []
  readonly commitNotes: Rows.CommitNoteRow[] = []
  readonly packages: Rows.PackageRow[] = []
  readonly uploads: Rows.UploadRow[] = []
  readonly variables: Rows.VariableRow[] = []
  readonly hooks: Rows.HookRow[] = []
  readonly relationImports: Rows.RelationImportRow[] = []
  /** Oids of LFS objects by project; the bytes lie in `lfs/`. */
  readonly lfs = new Map<number, Set<string>>()
  readonly mails: Rows.Mail[] = []
  readonly pipelines: Rows.Pipeline[] = []
  readonly problems: Rows.Problem[] = []
  /** What import files held that the whitelist drops without a word: `issues.foo` and how often. */
  readonly dropped = new Map<string, number>()
  /** Where the server is reached; known when it listens. */
  url = ''
  readonly #clock: () => number
  readonly #last = new Map<string, number>()

  constructor(options: WorldOptions) {
    this.version = options.version
    this.exportVersion = options.exportVersion
    this.can = abilitiesOf(options.version)
    this.directory = options.directory
    this.#clock = options.clock
    this.settings = { ...DEFAULT_SETTINGS, ...options.settings }
    this.items = new Items(join(options.directory, 'items.db'))
  }
  [Symbol.dispose](): void {
    this.items[Symbol.dispose]()
  }

  nowMs(): number {
    return this.#clock()
  }
  now(): string {
    return new Date(this.#clock()).toISOString()
  }
  /** Ids count up by table, as sequences do. */
  next(table: string): number {
    const id = (this.#last.get(table) ?? 0) + 1
    this.#last.set(table, id)
    return id
  }
  secret(bytes = 16): string {
    return randomBytes(bytes).toString('hex')
  }

  userNamed(username: string): Rows.UserRow | undefined {
    const wanted = username.toLowerCase()
    return this.users.values().find((user) => user.username.toLowerCase() === wanted)
  }
  userWithEmail(email: string): Rows.UserRow | undefined {
    const wanted = email.toLowerCase()
    return this.users.values().find((user) => user.email.toLowerCase() === wanted || user.emails.some((each) => each.email === wanted))
  }
  /** The path of a group or of somebody's own namespace, with those above it. */
  namespacePath(id: number): string {
    const group = this.groups.get(id)
    if (group !== undefined) return group.parent_id === null ? group.path : `${this.namespacePath(group.parent_id)}/${group.path}`
    return this.users.values().find((user) => user.namespace_id === id)?.username ?? `namespace-${id}`
  }
  namespaceName(id: number): string {
    const group = this.groups.get(id)
    if (group !== undefined) return group.parent_id === null ? group.name : `${this.namespaceName(group.parent_id)} / ${group.name}`
    return this.users.values().find((user) => user.namespace_id === id)?.name ?? ''
  }
  pathOf(project: Rows.ProjectRow): string {
    return `${this.namespacePath(project.namespace_id)}/${project.path}`
  }
  groupAt(path: string): Rows.GroupRow | undefined {
    const wanted = path.toLowerCase()
    return this.groups.values().find((group) => this.namespacePath(group.id).toLowerCase() === wanted)
  }
  projectAt(path: string): Rows.ProjectRow | undefined {
    const wanted = path.toLowerCase()
    return this.projects.values().find((project) => this.pathOf(project).toLowerCase() === wanted)
  }
  membersOf(owner: string): Map<number, number> {
    const known = this.members.get(owner)
    if (known !== undefined) return known
    const made = new Map<number, number>()
    this.members.set(owner, made)
    return made
  }
  repository(project: Rows.ProjectRow): string {
    return join(this.directory, 'repositories', `${project.id}.git`)
  }
  wiki(project: Rows.ProjectRow): string {
    return join(this.directory, 'repositories', `${project.id}.wiki.git`)
  }
  lfsFile(oid: string): string {
    return join(this.directory, 'lfs', oid)
  }
}
