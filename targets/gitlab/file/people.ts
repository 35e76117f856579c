import type { JsonObject } from '../../../src/contract/json.ts'
import type { Who } from '../operations.ts'
import type { TargetUser } from './composed.ts'

/** `Gitlab::Access::GUEST`: what everybody named by the file gets for the time being; rights are given afterwards. */
const GUEST = 10

/** The people of one project and their numbers in the file, which are those they have in GitLab. */
export class FilePeople {
  readonly #users: (who: Who) => TargetUser
  readonly #known = new Map<string, TargetUser>()
  constructor(users: (who: Who) => TargetUser) {
    this.#users = users
  }
  of(who: Who): TargetUser {
    const key = who.username ?? ''
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const user = this.#users(who)
    this.#known.set(key, user)
    return user
  }
  id(who: Who): number {
    return this.of(who).id
  }
  username(who: Who): string {
    return this.of(who).username
  }
  /**
   * Lines of `project_members`, by which the importer finds people: by the primary address, told as the public one
   * (lib/gitlab/import_export/members_mapper.rb, read 2026-11-25). The importing user must stand there too, or its notes would be marked as
   * somebody else's.
   */
  *members(people: readonly Who[]): Generator<JsonObject> {
    const users = new Map<number, TargetUser>()
    for (const who of [{ login: '', username: null }, ...people]) users.set(this.id(who), this.of(who))
    for (const { id, email, username } of [...users.values()].toSorted((a, b) => a.id - b.id))
      yield { access_level: GUEST, source_type: 'Project', user_id: id, notification_level: 3, user: { id, public_email: email, username } }
  }
}
