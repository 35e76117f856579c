import type { Loss } from '../../../src/contract/fidelity.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { Access, Calendar } from '../../../src/model/calendar.ts'
import { filled, flag, type Json, object, objects, text, whole } from '../json.ts'
import { degraded } from './item.ts'

const scopes: { readonly [type: string]: Access['scope'] } = { user: 'person', group: 'group', domain: 'domain', default: 'everyone' }
const roles: { readonly [role: string]: Access['role'] } = {
  owner: 'owner',
  writer: 'writer',
  // There is no word for writing without seeing what is private, and nobody may see more than before.
  writerWithoutPrivateAccess: 'reader',
  reader: 'reader',
  freeBusyReader: 'free-busy',
}

/**
 * A calendar as somebody's list shows it, and who may do what in it. `acl` undefined: that was not given.
 */
export function calendar(
  entry: Json,
  acl: readonly Json[] | undefined,
  owner: ItemId,
  id: ItemId,
): { readonly body: Calendar; readonly losses: readonly Loss[] } {
  const losses: Loss[] = []
  if (acl === undefined) losses.push(degraded(id, 'access', 'withheld-by-source', 'who may see this calendar was not given'))
  if (text(entry['accessRole']) === 'freeBusyReader')
    losses.push(degraded(id, 'events', 'withheld-by-source', 'only when its owner is busy is given, not with what'))
  const narrowed = (acl ?? []).filter((rule) => text(rule['role']) === 'writerWithoutPrivateAccess').length
  if (narrowed > 0)
    losses.push(degraded(id, 'access', 'access-narrowed', `${narrowed} may write without seeing private events; they are kept as readers`))
  const access = (acl ?? []).flatMap((rule): readonly Access[] => {
    const scope = scopes[text(object(rule['scope'])?.['type'])]
    const role = roles[text(rule['role'])]
    // `none` takes away what nobody gave.
    if (scope === undefined || role === undefined) return []
    return [{ scope, who: scope === 'everyone' ? null : filled(object(rule['scope'])?.['value']), role }]
  })
  const body: Calendar = {
    owner,
    name: filled(entry['summaryOverride']) ?? filled(entry['summary']) ?? text(entry['id']),
    description: text(entry['description']),
    color: filled(entry['backgroundColor']),
    timezone: filled(entry['timeZone']),
    primary: flag(entry['primary']),
    hidden: flag(entry['hidden']),
    access: access.toSorted((a, b) => compare(keyOf(a), keyOf(b))),
    reminders: objects(entry['defaultReminders']).flatMap((reminder) => {
      const minutes = whole(reminder['minutes'])
      return minutes === null ? [] : [{ method: text(reminder['method']) === 'email' ? ('email' as const) : ('popup' as const), minutes }]
    }),
  }
  return { body, losses }
}

const keyOf = ({ scope, who, role }: Access): string => `${scope} ${who ?? ''} ${role}`
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
