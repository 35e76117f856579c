import type { Group, MailboxSettings, User } from '@microsoft/microsoft-graph-types'
import { Mailbox } from './mailbox.ts'

export interface TenantUser {
  readonly id: string
  wire: User
  /** What Exchange holds for this user; `refused`: Graph's word in place of any answer. */
  readonly mailbox: Mailbox | undefined
  /** The picture others see. */
  photo?: Uint8Array | undefined
  refused?: { readonly status: number; readonly code: string } | undefined
}
export interface TenantGroup {
  readonly id: string
  wire: Group
  /** Ids of users, and of groups inside it. */
  members: string[]
}

/** An organisation's tenant as Microsoft's servers would hold it: nobody's view, no pages, no tokens. */
export class Tenant {
  readonly id: string
  readonly users = new Map<string, TenantUser>()
  readonly groups = new Map<string, TenantGroup>()
  readonly #parts = new Map<string, unknown>()
  #now: number

  constructor(id: string, startsAt: number) {
    this.id = id
    this.#now = startsAt
  }
  get now(): Date {
    return new Date(this.#now)
  }
  advance(seconds: number): void {
    this.#now += seconds * 1000
  }
  /** By id, sign-in name or the name before the @. */
  user(name: string): TenantUser {
    const found =
      this.users.get(name) ?? [...this.users.values()].find(({ wire }) => [wire.userPrincipalName, wire.mailNickname].includes(name))
    if (found === undefined) throw new Error(`no user ${name} in this tenant`)
    return found
  }
  mailbox(name: string): Mailbox {
    const { mailbox } = this.user(name)
    if (mailbox === undefined) throw new Error(`${name} has no mailbox`)
    return mailbox
  }
  addUser(wire: User & { readonly id: string }, mailbox: boolean, settings?: MailboxSettings): TenantUser {
    const clock = (): Date => {
      this.advance(1)
      return this.now
    }
    const user: TenantUser = { id: wire.id, wire, mailbox: mailbox ? new Mailbox(wire.id, clock, settings) : undefined }
    this.users.set(wire.id, user)
    return user
  }
  addGroup(wire: Group & { readonly id: string }, members: readonly string[]): TenantGroup {
    const group = { id: wire.id, wire, members: [...members] }
    this.groups.set(wire.id, group)
    return group
  }
  /** What another service keeps for somebody, made at the first look: `tenant.part('calendar', userId, () => new CalendarState())`. */
  part<T>(service: string, owner: string, make: () => T): T {
    const key = `${service} ${owner}`
    if (!this.#parts.has(key)) this.#parts.set(key, make())
    return this.#parts.get(key) as T
  }
}
