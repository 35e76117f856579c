import { Fault } from '../../../src/fault.ts'
import type { GitlabClient } from '../api/client.ts'
import { resourcesOf } from '../api/resources.ts'
import { User } from '../api/wire.ts'
import type { TargetUser } from '../file/composed.ts'
import { shadowEmail } from '../people.ts'
import type { Who } from '../operations.ts'
import type { Settings } from '../settings.ts'

/** Everybody on the server; grows by the shadow users we make. Memory: a line for each user of the server. */
export class People {
  readonly #client: GitlabClient
  readonly #settings: Settings
  readonly #byName = new Map<string, User>()
  readonly #byEmail = new Map<string, User>()
  readonly me: User
  private constructor(client: GitlabClient, settings: Settings, me: User) {
    this.#client = client
    this.#settings = settings
    this.me = me
  }
  static async read(client: GitlabClient, settings: Settings, signal: AbortSignal): Promise<People> {
    const people = new People(client, settings, await client.get(User, 'user', {}, signal))
    for await (const user of client.byKey(User, 'users', {}, signal)) people.#add(user)
    if (people.me.is_admin !== true)
      throw new Fault({
        code: 'permission',
        what: `GitLab user ${people.me.username} is not an administrator`,
        why: 'only the import of an administrator keeps who wrote what',
        remedy: 'Use a personal access token of an administrator with the scopes api and sudo',
      })
    return people
  }
  named(username: string): User | undefined {
    return this.#byName.get(username.toLowerCase())
  }
  withEmail(email: string): User | undefined {
    return this.#byEmail.get(email.toLowerCase())
  }
  /** An address of the made-up domain belongs to a user that we made. */
  isShadow(user: User): boolean {
    return user.email?.toLowerCase().endsWith(`@${shadowDomain(this.#settings)}`) === true
  }
  /** Whoever stands for somebody of the source: the importing user for those without a username. */
  of = ({ username }: Who): TargetUser => {
    const user = username === null ? this.me : this.named(username)
    if (user === undefined)
      throw new Fault({
        code: 'config',
        what: `GitLab has no user ${username ?? ''}`,
        why: 'the people map names one',
        remedy: 'Make the user, or correct the people map (fallreep identities)',
      })
    return { id: user.id, name: user.name, username: user.username, email: user.email ?? '' }
  }

  /**
   * Makes a user that stands for a person: without a mail, with a password nobody knows, blocked at once, so that nobody logs in as it and
   * nothing is ever sent to it. https://docs.gitlab.com/api/users/#create-a-user (read 2026-11-25)
   */
  async shadow({ username, email, name }: { username: string; email: string; name: string }, signal: AbortSignal): Promise<User> {
    const { users } = resourcesOf(this.#client, signal)
    let user = this.withEmail(email)
    if (user === undefined) {
      const made = await users.create({
        username,
        email,
        name,
        forceRandomPassword: true,
        resetPassword: false,
        skipConfirmation: true,
        note: 'Stands for a person of an imported source; nobody logs in as it.',
      })
      user = User.parse(made)
    }
    if (user.state === 'active') {
      await users.block(user.id)
      user = { ...user, state: 'blocked' }
    }
    this.#add(user)
    return user
  }
  /** A run that was cut off may have left some of ours unblocked. */
  async blockShadows(signal: AbortSignal): Promise<void> {
    for (const user of [...this.#byName.values()])
      if (user.state === 'active' && this.isShadow(user)) {
        await resourcesOf(this.#client, signal).users.block(user.id)
        this.#add({ ...user, state: 'blocked' })
      }
  }
  async rename(user: User, name: string, signal: AbortSignal): Promise<void> {
    await resourcesOf(this.#client, signal).users.edit(user.id, { name })
    this.#add({ ...user, name })
  }
  /** Shadow users for people who wrote something and are in no directory. */
  async strangers(people: readonly Who[], signal: AbortSignal): Promise<void> {
    for (const { login, username } of people) {
      if (username === null || this.named(username) !== undefined) continue
      await this.shadow({ username, email: shadowEmail(login, this.#settings), name: login }, signal)
    }
  }
  #add(user: User): void {
    this.#byName.set(user.username.toLowerCase(), user)
    if (user.email !== undefined) this.#byEmail.set(user.email.toLowerCase(), user)
  }
}

export const shadowDomain = ({ scratch, emailDomain }: Pick<Settings, 'scratch' | 'emailDomain'>): string =>
  `${scratch === undefined ? '' : `r${scratch}.`}${emailDomain}`
