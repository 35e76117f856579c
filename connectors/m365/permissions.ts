import type { M365Config } from './config.ts'
import type { Road } from './roads.ts'
import type { Claims } from './wire.ts'

/** Without these nobody is found. Each line: one of them is enough. */
const always: readonly (readonly [string, ...string[]])[] = [
  ['User.Read.All', 'Directory.Read.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
  [
    'GroupMember.Read.All',
    'Group.Read.All',
    'Directory.Read.All',
    'Group.ReadWrite.All',
    'GroupMember.ReadWrite.All',
    'Directory.ReadWrite.All',
  ],
]

/** What can be granted in Exchange Online instead, where no token shows it (RBAC for Applications). */
const ofMailboxes = /^(?:Mail|MailboxSettings|Calendars|Contacts)\./

/** Permissions that a token lacks, the least of each first. A token that does not say what it may do lacks nothing: Graph will tell. */
export function missingRoles(
  roads: readonly Pick<Road, 'roles'>[],
  access: M365Config['mailboxAccess'],
  claims: Claims | undefined,
): readonly string[] {
  const granted = claims?.roles ?? claims?.scp?.split(' ')
  if (granted === undefined) return []
  const wanted = [...always, ...roads.flatMap(({ roles }) => roles)].filter(([least]) => access === 'entra' || !ofMailboxes.test(least))
  const lacking = wanted.filter((choice) => !choice.some((role) => granted.includes(role)))
  return [...new Set(lacking.map(([least]) => least))]
}
