import type { Loss } from '../../../src/contract/fidelity.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import type { LfsObject } from '../../../src/git/lfs.ts'
import type { LfsPointer } from '../../../src/git/lfs-pointer.ts'
import { encodeHandle } from './handle.ts'
import { degraded, idIn, itemOf, type Place } from './item.ts'

const mediaType = 'application/octet-stream'

export const lfsHandle = ({ oid, size }: LfsPointer, { name }: Place): string =>
  encodeHandle({ type: 'lfs', context: name, oid, bytes: size })

/** One large file that git points to; without bytes, and a loss, where the host does not have it. Its name says what its bytes are, wherever it lies. */
export function lfsObject(object: LfsObject, place: Place): { readonly item: SourceItem<'lfs-object'>; readonly losses: readonly Loss[] } {
  const { oid, size } = object.pointer
  const id = idIn(place, 'lfs-object', oid)
  const there = object.type === 'there'
  const item = itemOf({
    kind: 'lfs-object',
    id,
    collection: place.collection,
    body: {
      repository: place.item,
      oid,
      bytes: size,
      file: {
        nativeId: oid,
        name: oid,
        title: null,
        mediaType,
        bytes: size,
        form: 'lfs',
        state: there ? 'stored' : 'withheld',
        blob: there ? 0 : null,
        url: null,
        owner: null,
      },
    },
    raw: { oid, size },
    blobs: there
      ? [
          {
            type: 'handle',
            mediaType,
            name: oid,
            key: `lfs/${oid}`,
            handle: lfsHandle(object.pointer, place),
            bytes: size,
            hashes: { sha256: oid },
          },
        ]
      : [],
    provenance: place.provenance(oid, 'lfs'),
  })
  if (object.type === 'there') return { item, losses: [] }
  return { item, losses: [degraded(id, 'file', 'withheld-by-source', `GitHub does not have it: ${object.why} (${object.code})`)] }
}
