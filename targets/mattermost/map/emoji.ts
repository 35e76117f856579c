import type { BlobRef, Item } from '../../../src/contract/item.ts'
import type { Directory, Mapped } from '../../../src/contract/target.ts'
import type { Settings } from '../settings.ts'
import type { EmojiOperation } from './operations.ts'
import { sealed } from './sealed.ts'
import { SYSTEM_EMOJI } from './system-emoji.ts'

/** Bytes of an emoji image that every supported version takes. */
const MAX_IMAGE = 512 * 1024

/** What becomes of a custom emoji: a name to use, or why there is none. */
export type PlannedEmoji =
  | { readonly name: string }
  | { readonly refused: string; readonly code: 'no-such-concept' | 'withheld-by-source' | 'too-large' }

/** Names are kept as they are, because people type them; a rehearsal puts its mark before them. */
export function planEmoji(directory: Directory, settings: Settings): ReadonlyMap<string, PlannedEmoji> {
  const planned = new Map<string, PlannedEmoji>()
  for (const [id, { body }] of directory.emoji) {
    const name = body.name.toLowerCase()
    if (SYSTEM_EMOJI.has(name))
      planned.set(id, { refused: `"${name}" is an emoji of the server itself, which is shown instead`, code: 'no-such-concept' })
    else if (!/^[a-z0-9_-]{1,64}$/.test(name))
      planned.set(id, { refused: 'its name has letters the server refuses', code: 'no-such-concept' })
    else planned.set(id, { name: settings.scratch === undefined ? name : `r${settings.scratch}-${name}`.slice(0, 64) })
  }
  return planned
}

/** Names of custom emoji by the name at the source, as far as they differ. */
export function renamedEmoji(directory: Directory, planned: ReadonlyMap<string, PlannedEmoji>): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>()
  for (const [id, { body }] of directory.emoji) {
    const plan = planned.get(id)
    if (plan !== undefined && 'name' in plan && plan.name !== body.name) renamed.set(body.name, plan.name)
  }
  return renamed
}

/** An emoji with its image; an alias gets a copy of the image under its own name. */
export function mapEmoji(item: Item<'emoji'>, directory: Directory, planned: ReadonlyMap<string, PlannedEmoji>): Mapped<EmojiOperation> {
  const plan = planned.get(item.id) ?? { refused: 'it is not in the directory', code: 'withheld-by-source' as const }
  const refuse = (code: 'no-such-concept' | 'withheld-by-source' | 'too-large', detail: string): Mapped<EmojiOperation> => ({
    ops: [],
    losses: [{ item: item.id, stage: 'map', code, effect: { type: 'dropped' }, detail }],
  })
  if ('refused' in plan) return refuse(plan.code, plan.refused)
  const image = imageOf(item, directory)
  if (image === undefined)
    return refuse(
      'withheld-by-source',
      item.body.aliasFor === null ? 'the source gave no image' : 'another name of an emoji that has no image',
    )
  if (image.bytes > MAX_IMAGE) return refuse('too-large', `an image of ${image.bytes} bytes; the server takes ${MAX_IMAGE}`)
  const op = sealed<EmojiOperation>({
    item: item.id,
    collection: item.collection,
    summary: `emoji ${plan.name}`,
    type: 'emoji',
    name: plan.name,
    image,
  })
  return { ops: [op], losses: [] }
}

function imageOf(item: Item<'emoji'>, directory: Directory): BlobRef | undefined {
  const own = item.body.image === null ? null : item.blobs[item.body.image]
  if (own !== null && own !== undefined) return own
  let { aliasFor } = item.body
  for (let steps = 0; aliasFor !== null && steps < 8; steps++) {
    const wanted: string = aliasFor
    const target = [...directory.emoji.values()].find(({ body }) => body.name === wanted)
    if (target === undefined) return undefined
    const image = target.body.image === null ? null : target.blobs[target.body.image]
    if (image !== null && image !== undefined) return image
    aliasFor = target.body.aliasFor
  }
  return undefined
}
