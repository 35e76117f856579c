import { randomBytes } from 'node:crypto'
import type { ItemRow, NoteRow } from './item-rows.ts'
import type { ProjectRow, UserRow } from './rows.ts'
import type { World } from './world.ts'

/** A comment of somebody, just written. */
export function blankNote(world: World, item: ItemRow, me: UserRow, body: string): NoteRow {
  const now = world.now()
  return {
    id: world.next('note'),
    project_id: item.project_id,
    kind: item.kind,
    iid: item.iid,
    discussion_id: randomBytes(20).toString('hex'),
    type: null,
    body,
    author_id: me.id,
    created_at: now,
    updated_at: now,
    system: false,
    confidential: false,
    line_code: null,
    position: null,
    resolved_at: null,
    resolved_by_id: null,
    awards: [],
    imported: false,
  }
}
/** What GitLab itself writes under an item when somebody changes it. Project files bring only those that stand in them. */
export function systemNote(world: World, item: ItemRow, me: UserRow, body: string): void {
  world.items.saveNote({ ...blankNote(world, item, me, body), system: true })
}

/**
 * Whoever names `#1` or `!1` in a text or a commit leaves "mentioned in …" there, once (doc/user/project/issues/crosslinking_issues.md, read
 * 2026-11-25). Projects of other names are not looked for.
 */
export function crossReference(world: World, project: ProjectRow, me: UserRow, text: string, from: string, self?: ItemRow): void {
  const plain = text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, ' ')
  for (const [, sign = '', number = ''] of plain.matchAll(/(?<![\w/&])([#!])(\d+)\b/g)) {
    const target = world.items.find(project.id, sign === '#' ? 'issue' : 'merge_request', Number(number))
    if (target === undefined || (target.kind === self?.kind && target.iid === self.iid)) continue
    const body = `mentioned in ${from}`
    const told = world.items.notes(project.id, target.kind, target.iid).some((note) => note.system && note.body === body)
    if (!told) systemNote(world, target, me, body)
  }
}
/** How a "mentioned in" names an item. */
export const mentionOf = (item: ItemRow): string => (item.kind === 'issue' ? `issue #${item.iid}` : `merge request !${item.iid}`)
