import { hash } from 'node:crypto'
import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { Asset, ReleaseOperation } from '../operations.ts'
import { authorOf } from './authors.ts'
import type { MapContext } from './context.ts'
import { awardsOf } from './emoji.ts'
import { assetPath, uploadName } from './file-names.ts'
import type { Place } from './places.ts'
import { sealed } from './sealed.ts'
import { MOST_NOTE, carryText } from './text.ts'
import { fullTime } from './times.ts'
import { Told, nothing } from './told.ts'

/** Name of the generic package that holds the files of releases, a version of it for each. */
export const ASSET_PACKAGE = 'release-assets'

export function mapRelease(item: Item<'release'>, place: Place, context: MapContext): Mapped<ReleaseOperation> {
  const { body } = item
  if (body.draft) return nothing(item.id, 'no-such-concept', `a draft with ${body.assets.length} files: GitLab would show it to everybody`)
  const told = new Told(item.id)
  const author = authorOf(body.author, body.createdAt, context.people, told)
  if (body.prerelease) told.degraded('no-such-concept', 'prerelease', 'GitLab has no mark for early versions')
  const source = { text: body.text, attachments: body.attachments, blobs: item.blobs, place, most: MOST_NOTE - author.lead.length }
  const carried = carryText(source, context, told)
  const op = sealed<ReleaseOperation>({
    item: item.id,
    collection: item.collection,
    summary: `release ${place.path} ${body.tag}`,
    type: 'release',
    repository: place.id,
    project: place.path,
    tag: body.tag,
    name: body.name.trim() === '' ? body.tag : body.name.replaceAll('\0', '').toWellFormed().slice(0, 255),
    text: author.lead + carried.text,
    uploads: carried.uploads,
    awards: awardsOf(body.reactions, body.createdAt, context.people, told),
    author: author.who,
    createdAt: fullTime(body.createdAt),
    releasedAt: fullTime(body.publishedAt ?? body.createdAt),
    assets: assetsOf(item, place, context, told),
  })
  if (op.awards.length > 0)
    told.degraded('no-such-concept', 'reactions', `${op.awards.length} reactions: an import brings none to releases`)
  return { ops: [op], losses: told.losses }
}

function assetsOf({ body, blobs }: Item<'release'>, place: Place, { settings }: MapContext, told: Told): readonly Asset[] {
  const api = `${(settings.apiUrl ?? settings.url).replace(/\/+$/, '')}/api/v4/projects/${encodeURIComponent(place.path)}`
  const version = versionOf(body.tag)
  const taken = new Set<string>()
  const assets: Asset[] = []
  for (const file of body.assets) {
    const blob = file.blob === null ? null : (blobs[file.blob] ?? null)
    const name = free(uploadName(file.name), taken)
    if (blob === null) told.degraded('withheld-by-source', 'assets', `the source did not give ${name}`)
    else if (blob.bytes > settings.maxAssetMiB * 1_048_576)
      told.degraded('too-large', 'assets', `${name} has ${blob.bytes} bytes, above maxAssetMiB`)
    else {
      if (name !== file.name) told.degraded('name-changed', 'assets', `a file is called ${name} there`)
      assets.push({
        name,
        package: ASSET_PACKAGE,
        version,
        file: name,
        url: `${api}/packages/generic/${ASSET_PACKAGE}/${version}/${name}`,
        path: assetPath(name) ?? null,
        blob,
      })
    }
  }
  return assets
}
function free(name: string, taken: Set<string>): string {
  let one = name
  for (let n = 2; taken.has(one); n++) one = `${n}_${name}`
  taken.add(one)
  return one
}
/** Versions of packages are letters, digits and `.+_-`, so a tag like `lib/v1` gets a tail that keeps it apart from `lib-v1`. */
function versionOf(tag: string): string {
  if (/^[A-Za-z0-9](?:[A-Za-z0-9+_-]|\.(?!\.))*$/.test(tag) && !tag.endsWith('.')) return tag
  const safe = tag
    .replaceAll(/[^A-Za-z0-9+_.-]+/g, '-')
    .replaceAll(/\.{2,}/g, '.')
    .replace(/^[^A-Za-z0-9]+|\.+$/g, '')
  return `${safe === '' ? 'tag' : safe}-${hash('sha256', tag).slice(0, 8)}`
}
