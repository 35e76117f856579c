import { Fault } from '../../../../src/fault.ts'
import { orGone } from '../../api/client.ts'
import { resourcesOf } from '../../api/resources.ts'
import type { Member } from '../../api/wire.ts'
import { directMembers } from '../groups.ts'
import type { Work } from '../work.ts'

const OWNER = 50
const REPORTER = 20
/** Putting back is done even when the run was told to stop. */
const PATIENCE_MS = 60_000

/**
 * Lets comments be written in the name of their authors. A comment keeps its time only if its author owns the project, so they do for as long as
 * it takes; users that stand for people are unblocked meanwhile. Mails of the project are off all the while.
 * https://docs.gitlab.com/api/notes/ and https://docs.gitlab.com/api/rest/authentication/#sudo (read 2026-11-25)
 */
export class Authors implements AsyncDisposable {
  readonly #work: Work
  readonly #id: number
  readonly #before: ReadonlyMap<number, Member>
  readonly #admitted = new Set<number>()
  readonly #signal: AbortSignal
  readonly #raised = new Map<string, { readonly id: number; readonly shadow: boolean }>()
  private constructor(work: Work, id: number, before: readonly Member[], signal: AbortSignal) {
    this.#signal = signal
    this.#work = work
    this.#id = id
    this.#before = new Map(before.map((member) => [member.id, member]))
  }
  static async of(work: Work, id: number, signal: AbortSignal): Promise<Authors> {
    return new Authors(work, id, await directMembers(work.client, `projects/${id}`, signal), signal)
  }

  /** How to write as this user: `sudo` undefined for the importing user itself. Undefined: not at all, for the account is switched off. */
  async as(username: string | null, signal: AbortSignal): Promise<{ readonly sudo: string | undefined } | undefined> {
    const { people, client } = this.#work
    if (username === null || username === people.me.username) return { sudo: undefined }
    if (this.#raised.has(username)) return { sudo: username }
    const user = people.named(username)
    if (user === undefined) return undefined
    const shadow = people.isShadow(user)
    if (!shadow && user.state !== 'active') return undefined
    const { members, users } = resourcesOf(client, signal)
    this.#raised.set(username, { id: user.id, shadow })
    const standing = this.#before.get(user.id)
    if (this.#admitted.delete(user.id)) await members.edit(this.#id, user.id, OWNER)
    else if (standing === undefined) await members.add(this.#id, OWNER, { userId: user.id })
    else if (standing.access_level !== OWNER) await members.edit(this.#id, user.id, OWNER)
    if (shadow) await users.unblock(user.id)
    return { sudo: username }
  }
  /** Lets people be named as assignees or reviewers, whom GitLab takes only if they can see the project. */
  async admit(ids: readonly number[]): Promise<void> {
    for (const id of ids) {
      if (this.#before.has(id) || this.#admitted.has(id) || this.#raised.values().some((raised) => raised.id === id)) continue
      this.#admitted.add(id)
      await resourcesOf(this.#work.client, this.#signal).members.add(this.#id, REPORTER, { userId: id })
    }
  }
  /** What cannot be put back now, the next run puts back: it blocks users of ours and compares memberships with those before. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#putBack()
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      this.#work.ports.log.warn('memberships could not be put back yet', { project: this.#id, why: error.code })
    }
  }
  async #putBack(): Promise<void> {
    const { members, users } = resourcesOf(this.#work.client, AbortSignal.timeout(PATIENCE_MS))
    for (const { id, shadow } of this.#raised.values()) {
      if (shadow) await users.block(id)
      const standing = this.#before.get(id)
      if (standing === undefined) await orGone(() => members.remove(this.#id, id))
      else if (standing.access_level !== OWNER) await members.edit(this.#id, id, standing.access_level)
    }
    for (const id of this.#admitted) await orGone(() => members.remove(this.#id, id))
    this.#raised.clear()
  }
}
