import type { ItemId } from '../../../src/contract/ids.ts'
import type { Entry } from '../../../src/contract/target.ts'
import type { Settings } from '../settings.ts'
import { scratchFolder } from '../settings.ts'
import type { PersonSurvey } from '../survey.ts'
import { keywordOf } from './keywords.ts'
import { Names, type Naming, inside, safeName } from './names.ts'
import { type Role, asRole, nameOf } from './roles.ts'

/** What becomes of a folder or label of the source. */
export type Place =
  | {
      readonly type: 'folder'
      readonly folder: string
      readonly role: Role | null
      /** It had to be called otherwise than at the source. */
      readonly renamed: boolean
      /** For mails that stand in another folder and carry this as well. */
      readonly keyword: string
      /** Names above it: deeper is more exact. */
      readonly depth: number
    }
  | { readonly type: 'keyword'; readonly keyword: string; readonly renamed: boolean }
  | { readonly type: 'flag' }
  | { readonly type: 'view' }
  | { readonly type: 'skipped'; readonly role: string }

export interface Places {
  readonly of: ReadonlyMap<string, Place>
  /**
   * For mails that stand in nothing: a folder that some place is, or one to be made beside the place `carrier`. Where the source has folders
   * and no archive, nothing stands in nothing, and what seems to goes into the inbox.
   */
  readonly archive: { readonly folder: string; readonly carrier: ItemId | undefined }
}
type Mailboxes = readonly Entry<'mailbox'>[]

/** Gives every folder and label of one mailbox its place. The same mailboxes in any order give the same places. */
export function planPlaces(mailboxes: Mailboxes, found: PersonSurvey | undefined, settings: Settings): Places {
  const naming: Naming = {
    prefix: found?.prefix ?? settings.namespace ?? '',
    delimiter: found === undefined ? '/' : found.delimiter,
    forbidden: found?.forbidden ?? '',
  }
  const below = [...(settings.scratch === undefined ? [] : [scratchFolder(settings.scratch)]), ...settings.below]
  const root = below.reduce((parent, name) => inside(parent, safeName(name, naming), naming), '')
  const names = new Names()
  const of = new Map<string, Place>()
  const resolved = new Map<string, string>()
  const roles = new Set<Role>()
  const sorted = mailboxes.toSorted(
    (a, b) => a.body.path.length - b.body.path.length || compare(a.body.path.join('\0'), b.body.path.join('\0')) || compare(a.id, b.id),
  )
  const known = root === '' ? (found?.roles ?? {}) : {}
  const roleName = (role: Role): string =>
    root === '' ? (role === 'inbox' ? 'INBOX' : (known[role] ?? inside('', nameOf(role), naming))) : inside(root, nameOf(role), naming)
  const others: Entry<'mailbox'>[] = []
  for (const mailbox of sorted) {
    const { body } = mailbox
    const role = asRole(body.role)
    if ((role === 'junk' || role === 'trash') && settings.skip.includes(role)) of.set(mailbox.id, { type: 'skipped', role })
    else if (role !== null && !roles.has(role) && names.claim(roleName(role))) {
      roles.add(role)
      const folder = roleName(role)
      resolved.set(body.path.join('\0'), folder)
      of.set(mailbox.id, { type: 'folder', folder, role, renamed: false, keyword: keywordOf(body.path.join('/')), depth: body.path.length })
    } else others.push(mailbox)
  }
  // The place for what stands in nothing is claimed before any label can take its name.
  const archive = roleName('archive')
  if (!roles.has('archive')) names.claim(archive)
  for (const mailbox of others) of.set(mailbox.id, placeOf(mailbox, { settings, naming, names, root, resolved }))
  const labels = mailboxes.some(({ body }) => body.type === 'label')
  const carrier = labels && !roles.has('archive') ? mailboxes.map(({ id }) => id).toSorted(compare)[0] : undefined
  return { of, archive: { folder: labels || roles.has('archive') ? archive : roleName('inbox'), carrier } }
}

interface Planning {
  readonly settings: Settings
  readonly naming: Naming
  readonly names: Names
  readonly root: string
  readonly resolved: Map<string, string>
}

function placeOf({ body }: Entry<'mailbox'>, planning: Planning): Place {
  const { settings, naming, names, resolved } = planning
  const text = body.path.join('/')
  const keyword = body.role === 'important' ? '$Important' : keywordOf(text)
  if (body.role === 'flagged') return { type: 'flag' }
  if (body.role === 'all') return { type: 'view' }
  if (body.type === 'label' && (body.role === 'important' || settings.labels === 'archive'))
    return { type: 'keyword', keyword, renamed: keyword !== text && body.role !== 'important' }
  const parent = parentOf(body.path.slice(0, -1), planning)
  const last = body.path.at(-1) ?? ''
  const safe = safeName(last, naming)
  const folder = names.take(parent, safe, naming)
  resolved.set(body.path.join('\0'), folder)
  return { type: 'folder', folder, role: null, renamed: folder !== inside(parent, last, naming), keyword, depth: body.path.length }
}

/** The folder of a path; one that no item stands for comes into being with what is in it. */
function parentOf(path: readonly string[], planning: Planning): string {
  if (path.length === 0) return planning.root
  const known = planning.resolved.get(path.join('\0'))
  if (known !== undefined) return known
  const folder = planning.names.take(parentOf(path.slice(0, -1), planning), safeName(path.at(-1) ?? '', planning.naming), planning.naming)
  planning.resolved.set(path.join('\0'), folder)
  return folder
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
