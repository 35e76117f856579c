import type { RemoteBlob } from '../../../src/contract/item.ts'
import type { Emoji } from '../../../src/model/emoji.ts'
import { text } from '../wire.ts'
import { imageType } from './account.ts'
import { encodeHandle } from './handle.ts'
import { clean, directory, dropped, emojiId, itemOf, type Mapped, type Mapping } from './item.ts'

/** One entry of `emoji.list`: a name and either the address of its image or `alias:` and another name. */
export function emoji(name: string, value: unknown, mapping: Mapping): Mapped<'emoji'> {
  const id = emojiId(name)
  const target = text(value)
  if (name === '' || target === undefined)
    return { item: undefined, losses: [dropped(id, 'invalid-at-source', 'an emoji without a name or an image')] }
  const raw = clean({ name, value: target }, mapping)
  const aliasFor = target.startsWith('alias:') ? target.slice(6) : null
  const blob = aliasFor === null ? imageOf(name, target) : undefined
  const body: Emoji = { name, aliasFor, image: blob === undefined ? null : 0 }
  return {
    item: itemOf({ kind: 'emoji', id, nativeId: name, collection: directory, body, raw, blobs: blob === undefined ? [] : [blob] }, mapping),
    losses: [],
  }
}

/** The address changes whenever the image does. */
function imageOf(name: string, url: string): RemoteBlob {
  const mediaType = imageType(url)
  const extension = mediaType.startsWith('image/') ? mediaType.slice(6).replace('jpeg', 'jpg') : 'img'
  const version = url
    .replace(/[?#].*$/, '')
    .split('/')
    .slice(-2)
    .join('/')
    .slice(-120)
  return {
    type: 'handle',
    mediaType,
    name: `${name}.${extension}`,
    key: `emoji/${name}/${version}`,
    handle: encodeHandle({ type: 'url', url, html: false, auth: false, bytes: null }),
  }
}
