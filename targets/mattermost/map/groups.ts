import type { ItemId } from '../../../src/contract/ids.ts'
import type { LossCode, Loss } from '../../../src/contract/fidelity.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { Directory, Mapped } from '../../../src/contract/target.ts'
import type { Features } from '../features.ts'
import type { Settings } from '../settings.ts'
import type { Survey } from '../survey.ts'
import { clip, free, tail, username } from './names.ts'
import type { GroupOperation } from './operations.ts'
import type { People } from './people.ts'
import { sealed } from './sealed.ts'

/** The groups of a source as this server can have them. */
export interface Groups {
  /** The name that mentions a group; undefined where there is none to mention. */
  name(group: string): string | undefined
  /** True if this text after an @ would address a group. */
  addresses(name: string): boolean
}

/** Names of groups: as people type them, unless somebody's username is the same. A group nobody knows the members of is not made. */
export function planGroups(directory: Directory, people: People, settings: Settings, survey: Survey, features: Features): Groups {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  const prefix = settings.scratch === undefined ? '' : `r${settings.scratch}-`
  if (features.customGroups)
    for (const [id, { body }] of [...directory.groups].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      if (!body.active || body.members === null) continue
      const base = username(`${prefix}${body.handle}`) ?? username(`${prefix}${body.name}`)
      const name = free(base, `${prefix}group`, tail(id), (name) => taken.has(name) || people.addresses(name))
      taken.add(name)
      names.set(id, name)
    }
  const standing = new Set(survey.groups)
  return { name: (group) => names.get(group), addresses: (name) => taken.has(name) || standing.has(name) }
}

/** A group as a custom group of the server; where it has none, mentions of it stay readable in bold. */
export function mapGroup(
  item: Item<'group'>,
  { directory, people, groups, features }: { directory: Directory; people: People; groups: Groups; features: Features },
): Mapped<GroupOperation> {
  const { body } = item
  const dropped = (code: LossCode, detail: string): Mapped<GroupOperation> => ({
    ops: [],
    losses: [{ item: item.id, stage: 'map', code, effect: { type: 'dropped' }, detail }],
  })
  if (!features.customGroups)
    return dropped(
      'no-such-concept',
      `a group of ${body.members?.length ?? 'unknown'} people: custom groups need a licensed server; where it was mentioned its name stands in bold`,
    )
  if (!body.active) return dropped('no-such-concept', 'a group that was switched off at the source')
  const name = groups.name(item.id)
  if (name === undefined || body.members === null) return dropped('withheld-by-source', 'the source does not say who is in it')
  const losses: Loss[] = []
  const report = (code: LossCode, field: string, detail: string) =>
    void losses.push({ item: item.id, stage: 'map', code, effect: { type: 'degraded', field }, detail })
  if (name !== body.handle) report('name-changed', 'name', `"${clip(body.handle, 64)}" became "${name}"`)
  const strangers = body.members.filter((id) => people.of(id) === undefined).length
  if (strangers > 0) report('author-replaced', 'members', `${strangers} members are not in the directory`)
  const active = body.members.filter((id) => directory.accounts.get(id as ItemId)?.body.active === true)
  const members = active.map((id) => people.of(id)?.username).filter((one) => one !== undefined)
  if (members.length === 0) return dropped('no-such-concept', 'a group without active people')
  const op = sealed<GroupOperation>({
    item: item.id,
    collection: item.collection,
    summary: `group ${name}`,
    type: 'group',
    name,
    title: clip(body.name, 128).trim() || name,
    description: clip(body.description, 1024),
    members: [...new Set(members)].toSorted(),
  })
  return { ops: [op], losses }
}
