import type { Person, Time } from './model.ts'
import type { Attachment, Hook, Named, Project, Ruleset, Team } from './settings.ts'
import { Repository, type RepositoryOptions } from './repository.ts'

export interface Organisation {
  readonly id: number
  login: string
  readonly name: string
  readonly createdAt: Time
  readonly members: Map<Person, 'admin' | 'member'>
  readonly teams: Team[]
  readonly projects: Project[]
  readonly hooks: Hook[]
  readonly rulesets: Ruleset[]
  readonly variables: Named[]
  readonly secrets: Named[]
  readonly properties: { readonly name: string; readonly type: 'string' | 'single_select' | 'true_false'; readonly values?: string[] }[]
}

/** Everything there is on one GitHub. Its clock stands still between `advance`s; ids only grow. */
export class GithubWorld {
  readonly people = new Map<string, Person>()
  readonly organisations = new Map<string, Organisation>()
  readonly repositories = new Map<number, Repository>()
  /** Old full names, in small letters, and what they became. */
  readonly renamed = new Map<string, number>()
  readonly attachments = new Map<string, Attachment>()
  now: Time
  #id = 1000

  constructor(now: Time = '2026-11-20T08:00:00Z') {
    this.now = now
  }
  nextId(): number {
    this.#id += 1
    return this.#id
  }
  /** Takes a range of ids out of circulation. Returns the first. */
  reserveIds(count: number): number {
    const first = this.#id + 1
    this.#id += count
    return first
  }
  advance(seconds: number): Time {
    this.now = new Date(Date.parse(this.now) + seconds * 1000).toISOString().replace('.000', '')
    return this.now
  }
  addPerson(login: string, more: Partial<Pick<Person, 'type' | 'name' | 'email' | 'deleted' | 'suspended'>> = {}): Person {
    const person: Person = { id: this.nextId(), login, type: 'User', name: null, email: null, createdAt: this.now, ...more }
    this.people.set(login.toLowerCase(), person)
    return person
  }
  /** @throws when there is nobody of that name */
  person(login: string): Person {
    const found = this.people.get(login.toLowerCase())
    if (found === undefined) throw new Error(`nobody is called ${login}`)
    return found
  }
  addOrganisation(login: string, name = login): Organisation {
    const made: Organisation = {
      id: this.nextId(),
      login,
      name,
      createdAt: this.now,
      members: new Map(),
      teams: [],
      projects: [],
      hooks: [],
      rulesets: [],
      variables: [],
      secrets: [],
      properties: [],
    }
    this.organisations.set(login.toLowerCase(), made)
    return made
  }
  /** `owner` is an organisation or a person, who then has a fork or a repository of their own. */
  addRepository(owner: Organisation | Person, name: string, options: RepositoryOptions = {}): Repository {
    const made = new Repository(this, owner, name, options)
    this.repositories.set(made.id, made)
    return made
  }
  deleteRepository(repository: Repository): void {
    this.repositories.delete(repository.id)
    for (const other of this.repositories.values()) other.forgetFork(repository)
  }
  /** The old name leads to the new one from now on. */
  renameRepository(repository: Repository, name: string): void {
    this.renamed.set(repository.fullName.toLowerCase(), repository.id)
    repository.name = name
    repository.updatedAt = this.now
  }
  transferRepository(repository: Repository, owner: Organisation | Person): void {
    this.renamed.set(repository.fullName.toLowerCase(), repository.id)
    repository.owner = owner
    repository.updatedAt = this.now
  }
  /** By `owner/name` in any case, under its present name only. */
  find(fullName: string): Repository | undefined {
    const wanted = fullName.toLowerCase()
    for (const repository of this.repositories.values()) if (repository.fullName.toLowerCase() === wanted) return repository
    return undefined
  }
  /** @throws when there is no such repository */
  repository(fullName: string): Repository {
    const found = this.find(fullName)
    if (found === undefined) throw new Error(`no repository ${fullName}`)
    return found
  }
  of(owner: Organisation | Person): readonly Repository[] {
    return [...this.repositories.values()].filter((repository) => repository.owner === owner)
  }
  get someSuspended(): boolean {
    return [...this.people.values()].some(({ suspended }) => suspended === true)
  }
  attach(attachment: Attachment): string {
    this.attachments.set(attachment.path, attachment)
    return `https://github.com${attachment.path}`
  }
}
