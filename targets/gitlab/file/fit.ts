import type { JsonObject } from '../../../src/contract/json.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Composed } from './composed.ts'
import type { Hanging } from './hanging.ts'
import type { RelationFile } from './lines.ts'

export type Written =
  | { readonly written: true; readonly composed: readonly Composed[]; readonly losses: readonly Loss[] }
  | { readonly written: false }

/**
 * Writes a line, and if it is longer than GitLab reads, a shorter one: first without the texts of its diffs, which git has too, then without its
 * last notes. `whole`: makes the line from what is left.
 */
export function writeFitting(
  file: RelationFile,
  item: Loss['item'],
  hanging: Hanging,
  whole: (hanging: Hanging, diffs: boolean) => JsonObject,
): Written {
  if (file.add(whole(hanging, true))) return { written: true, composed: hanging.composed, losses: [] }
  const losses: Loss[] = [lost(item, 'diff', 'with its diffs the line would be longer than GitLab reads; git has the changes')]
  if (file.add(whole(hanging, false))) return { written: true, composed: hanging.composed, losses }
  for (let keep = hanging.notes.length; keep > 0;) {
    keep = Math.floor(keep * 0.8)
    if (!file.add(whole({ ...hanging, notes: hanging.notes.slice(0, keep) }, false))) continue
    losses.push(
      lost(
        item,
        'comments',
        `${hanging.notes.length - keep} of ${hanging.notes.length} notes, with which the line would be longer than GitLab reads`,
      ),
    )
    return { written: true, composed: withoutNotes(hanging.composed, keep), losses }
  }
  return { written: false }
}

/** Those of notes behind the first `keep` are not in the file. */
function withoutNotes(composed: readonly Composed[], keep: number): readonly Composed[] {
  let notes = 0
  return composed.map((one) => {
    if (one.remote?.startsWith('note/') !== true || notes++ < keep) return one
    const { key, item } = one
    const loss: Loss = {
      item,
      stage: 'apply',
      code: 'too-large',
      effect: { type: 'dropped' },
      detail: 'more text on one item than GitLab reads',
    }
    return { key, item, remote: null, losses: [...one.losses, loss] }
  })
}
const lost = (item: Loss['item'], field: string, detail: string): Loss => ({
  item,
  stage: 'apply',
  code: 'too-large',
  effect: { type: 'degraded', field },
  detail,
})
