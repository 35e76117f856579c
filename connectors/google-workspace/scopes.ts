import type { Service } from './config.ts'

const auth = 'https://www.googleapis.com/auth/'

/** What is asked for, and no more: everything is for reading. A token is asked for by service, so that one refused scope stops one service. */
export const scopes = {
  directory: [`${auth}admin.directory.user.readonly`, `${auth}admin.directory.group.readonly`],
  mail: [`${auth}gmail.readonly`],
  // Who may see a calendar has a scope of its own: acl.list takes none of the wider ones for reading.
  calendars: [`${auth}calendar.readonly`, `${auth}calendar.acls.readonly`],
  contacts: [`${auth}contacts.readonly`, `${auth}contacts.other.readonly`],
  tasks: [`${auth}tasks.readonly`],
  /** Of a single account only: who it is. */
  profile: [`${auth}userinfo.email`, `${auth}userinfo.profile`],
} as const satisfies Readonly<Record<Service | 'directory' | 'profile', readonly string[]>>
export type Area = keyof typeof scopes
