import { fieldsOf, numberIn, textIn } from '../fields.ts'
import type { Fields, ProjectRow, UserRow } from '../rows.ts'
import type { World } from '../world.ts'

/**
 * Who is who (`members_mapper.rb`, gitlabhq/gitlabhq, read 2026-11-25): a person of the file is the account whose primary address is their
 * `public_email`; usernames do not count. Only for an importer who is an administrator; everybody else becomes the importer.
 * Who is found becomes a direct member, a maintainer at most.
 */
export class Members {
  readonly #world: World
  readonly #project: ProjectRow
  readonly #importer: UserRow
  readonly #map = new Map<number, number>()
  constructor(world: World, project: ProjectRow, importer: UserRow) {
    this.#world = world
    this.#project = project
    this.#importer = importer
    const members = world.membersOf(`project:${project.id}`)
    members.clear()
    members.set(importer.id, 40)
  }
  add(line: Fields): void {
    if (!this.#importer.admin) return
    const user = fieldsOf(line['user'])
    const old = numberIn(user, 'id')
    const email = (textIn(user, 'public_email') ?? textIn(user, 'email') ?? '').toLowerCase()
    const found = email === '' ? undefined : this.#world.users.values().find((each) => each.email.toLowerCase() === email)
    if (old === undefined || found === undefined) return
    const members = this.#world.membersOf(`project:${this.#project.id}`)
    const level = Math.min(numberIn(line, 'access_level') ?? 0, 40)
    // A membership without a level is invalid: the person is then not found either.
    if (!members.has(found.id) && ![5, 10, 15, 20, 30, 40].includes(level)) return
    if (!members.has(found.id)) members.set(found.id, level)
    this.#map.set(old, found.id)
  }
  has(old: number | undefined): boolean {
    return old !== undefined && this.#map.has(old)
  }
  /** The account that stands for somebody of the file; the importer for whom is not found. */
  of(old: number | undefined): number {
    return (old === undefined ? undefined : this.#map.get(old)) ?? this.#importer.id
  }
}
