import type { RemoteBlob, SourceItem } from '../../../src/contract/item.ts'
import type { FileRef } from '../../../src/model/file.ts'
import type { Reaction } from '../wire/graph.ts'
import type { AssetRow, LabelRow, MilestoneRow, ReleaseRow } from '../wire/rest.ts'
import { actorOf, reactionsOf } from './actor.ts'
import { attachmentsIn } from './attachments.ts'
import { encodeHandle } from './handle.ts'
import { idIn, itemOf } from './item.ts'
import type { Mapping } from './mapping.ts'

export const label = (row: LabelRow, raw: unknown, { place }: Mapping): SourceItem<'label'> =>
  itemOf({
    kind: 'label',
    id: idIn(place, 'label', row.id),
    collection: place.collection,
    body: { repository: place.item, name: row.name, color: row.color.toLowerCase(), description: row.description },
    raw,
    provenance: place.provenance(String(row.id), 'labels'),
  })

export const milestone = (row: MilestoneRow, raw: unknown, { place }: Mapping): SourceItem<'milestone'> =>
  itemOf({
    kind: 'milestone',
    id: idIn(place, 'milestone', row.number),
    collection: place.collection,
    body: {
      repository: place.item,
      number: row.number,
      title: row.title,
      text: row.description ?? '',
      state: row.state,
      author: actorOf(row.creator),
      dueOn: row.due_on?.slice(0, 10) ?? null,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      closedAt: row.closed_at,
    },
    raw,
    provenance: place.provenance(String(row.id), 'milestones'),
  })

/** A release with its files. What GitHub counts of downloads changes without meaning and stands in `raw` alone. */
export function release(
  row: ReleaseRow,
  reactions: readonly Reaction[] | undefined,
  raw: unknown,
  mapping: Mapping,
): SourceItem<'release'> {
  const { place } = mapping
  const assets = row.assets.filter(({ state }) => state !== 'open').toSorted((a, b) => a.id - b.id)
  const text = row.body ?? ''
  const attached = attachmentsIn(text, mapping, assets.length)
  return itemOf({
    kind: 'release',
    id: idIn(place, 'release', row.id),
    collection: place.collection,
    body: {
      repository: place.item,
      tag: row.tag_name,
      name: row.name ?? '',
      text,
      author: actorOf(row.author),
      draft: row.draft,
      prerelease: row.prerelease,
      target: row.target_commitish,
      createdAt: row.created_at,
      publishedAt: row.published_at,
      assets: assets.map(fileOf),
      reactions: reactionsOf(reactions),
      attachments: attached.files,
    },
    raw,
    blobs: [...assets.map((asset) => blobOf(asset, place.name)), ...attached.blobs],
    provenance: place.provenance(String(row.id), 'releases'),
  })
}

const fileOf = (asset: AssetRow, at: number): FileRef => ({
  nativeId: String(asset.id),
  name: asset.name,
  title: asset.label,
  mediaType: asset.content_type ?? 'application/octet-stream',
  bytes: asset.size,
  form: 'asset',
  state: 'stored',
  blob: at,
  url: asset.browser_download_url,
  owner: actorOf(asset.uploader)?.account ?? null,
})

function blobOf({ id, name, content_type, size, digest, updated_at }: AssetRow, context: string): RemoteBlob {
  const sha256 = /^sha256:([0-9a-f]{64})$/.exec(digest ?? '')?.[1]
  return {
    type: 'handle',
    mediaType: content_type ?? 'application/octet-stream',
    name,
    key: `asset/${id}/${digest ?? updated_at ?? ''}`,
    handle: encodeHandle({ type: 'asset', context, id }),
    bytes: size,
    ...(sha256 === undefined ? {} : { hashes: { sha256 } }),
  }
}
