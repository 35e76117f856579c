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

/** Permissions that a token lacks, the least of each first. A token that does not say what it may do lacks nothing: Graph will tell. */
export function missingRoles(roads: readonly Pick<Road, 'roles'>[], claims: Claims | undefined): readonly string[] {
  const granted = claims?.roles ?? claims?.scp?.split(' ')
  if (granted === undefined) return []
  const lacking = [...always, ...roads.flatMap(({ roles }) => roles)].filter((choice) => !choice.some((role) => granted.includes(role)))
  return [...new Set(lacking.map(([least]) => least))]
}
