import type { Settings } from '../settings.ts'
import type { Place, Places } from './places.ts'
import type { Role } from './roles.ts'

/** Where a mail goes, what it is marked with, and what had to be said otherwise. */
export interface Choice {
  /** `id`: the place in the source; `archive` for what stands in nothing there. */
  readonly folders: readonly { readonly id: string; readonly folder: string }[]
  readonly keywords: readonly string[]
  readonly flagged: boolean
  /** Labels that stand as keywords only. */
  readonly reduced: number
  /** Folders and labels that nobody has described. */
  readonly unknown: number
}
type FolderPlace = Extract<Place, { type: 'folder' }>

/** What was thrown away stays thrown away, whatever labels it carries; then the folder somebody chose; then the usual ones. */
const RANK: Readonly<Record<Role | 'own', number>> = { trash: 0, junk: 1, drafts: 2, own: 3, sent: 4, inbox: 5, archive: 6 }
const rank = ({ role }: FolderPlace): number => RANK[role ?? 'own']

/** Undefined: the configuration leaves out the folder it stands in. */
export function choose(mailboxes: readonly string[], { of, archive }: Places, labels: Settings['labels']): Choice | undefined {
  const places: Place[] = []
  const folders: (FolderPlace & { readonly id: string })[] = []
  for (const id of mailboxes) {
    const place = of.get(id)
    if (place === undefined) continue
    places.push(place)
    if (place.type === 'folder') folders.push({ ...place, id })
  }
  if (places.some(({ type }) => type === 'skipped')) return undefined
  folders.sort((a, b) => rank(a) - rank(b) || b.depth - a.depth || (a.folder < b.folder ? -1 : 1))
  const marks = places.filter((place) => place.type === 'keyword').map(({ keyword }) => keyword)
  const [first, ...rest] = folders
  // Deleted mails, junk and drafts are in one place only, also where every other label is a copy.
  const copies = labels === 'copies' && first !== undefined && rank(first) > RANK.drafts
  const also = copies ? [] : rest.filter(({ role }) => role !== 'archive').map(({ keyword }) => keyword)
  return {
    folders: first === undefined ? [{ id: 'archive', folder: archive.folder }] : copies ? folders : [first],
    keywords: [...new Set([...marks, ...also])].toSorted(),
    flagged: places.some(({ type }) => type === 'flag'),
    reduced: also.length,
    unknown: mailboxes.length - places.length,
  }
}
