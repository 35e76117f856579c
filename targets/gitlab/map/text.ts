import { hash } from 'node:crypto'
import type { BlobRef } from '../../../src/contract/item.ts'
import type { FileRef } from '../../../src/model/file.ts'
import type { ReferenceContext, TargetProject } from '../../../src/references/context.ts'
import { rewriteText } from '../../../src/references/rewrite.ts'
import type { Upload } from '../operations.ts'
import type { MapContext } from './context.ts'
import { assetPath, uploadName } from './file-names.ts'
import type { Place } from './places.ts'
import type { Told } from './told.ts'

/** Longest texts GitLab takes: `Issuable::DESCRIPTION_LENGTH_MAX` and `Gitlab::Database::MAX_TEXT_SIZE_LIMIT` for notes and releases (read 2026-11-25). */
export const MOST_DESCRIPTION = 1_048_576
export const MOST_NOTE = 1_000_000

export interface TextSource {
  readonly text: string
  readonly attachments: readonly FileRef[]
  readonly blobs: readonly (BlobRef | null)[]
  readonly place: Place
  readonly most: number
}
export interface Carried {
  readonly text: string
  readonly uploads: readonly Upload[]
}

/** A text as it will stand in GitLab: references lead to where things are now, files to our uploads, and nothing is in it that a database refuses. */
export function carryText({ text, attachments, blobs, place, most }: TextSource, context: MapContext, told: Told): Carried {
  const uploads = new Map<string, Upload>()
  const used = new Map<string, Upload>()
  for (const file of attachments) {
    const blob = file.blob === null ? null : (blobs[file.blob] ?? null)
    if (file.url === null) continue
    if (blob === null) told.degraded('withheld-by-source', 'attachments', `the source did not give a file of the text (${file.state})`)
    else if (blob.bytes > context.settings.maxUploadMiB * 1_048_576)
      told.degraded('too-large', 'attachments', `a file of ${blob.bytes} bytes is above maxUploadMiB`)
    else uploads.set(file.url, { secret: hash('sha256', file.url).slice(0, 32), name: uploadName(file.name), blob })
  }
  const attachment = (url: string): string | undefined => {
    const upload = uploads.get(url)
    if (upload === undefined) return releaseFile(url, context)
    used.set(url, upload)
    return `/uploads/${upload.secret}/${upload.name}`
  }
  const rewritten = rewriteText(text, referencesOf(place, context, attachment))
  if (rewritten.unresolved.length > 0) {
    const some = rewritten.unresolved.slice(0, 5).map(({ reference, why }) => `${shown(reference)} (${why})`)
    told.degraded('no-such-concept', 'references', `${rewritten.unresolved.length} references lead nowhere there: ${some.join('; ')}`)
  }
  // A file that stands in no place that can be rewritten is still carried, under the address that can be guessed from its old one.
  return { text: cleaned(rewritten.text, most, told), uploads: [...(attachments.length === used.size ? used : uploads).values()] }
}

/** As it may stand in a report: an address without what may be a key behind its `?`, and no piece of a text. */
const shown = (reference: string): string => (/\s/.test(reference) ? 'the text' : reference.replace(/\?.*$/s, '').slice(0, 200))

/** Links to files of releases lead to the release there, which knows its files by the same names. */
function releaseFile(url: string, { places, settings }: MapContext): string | undefined {
  if (!url.startsWith(settings.sourceUrl)) return undefined
  const [, owner = '', name = '', tag = '', file = ''] =
    /^https?:\/\/[^/]+\/([^/]+)\/([^/]+)\/releases\/download\/([^/]+)\/([^/?#]+)$/.exec(url) ?? []
  const place = file === '' ? undefined : places.named(owner, name)
  const path = assetPath(uploadName(decoded(file)))
  return place === undefined || path === undefined ? undefined : `${place.url}/-/releases/${tag}/downloads${path}`
}
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export function referencesOf(
  place: Place,
  { places, people, directory, settings }: MapContext,
  attachment: (url: string) => string | undefined,
): ReferenceContext {
  const project = (owner: string, name: string): TargetProject | undefined => {
    const there = places.named(owner, name)
    return there === undefined || there.excluded !== null ? undefined : { path: there.path, url: there.url }
  }
  return {
    hosts: [settings.sourceUrl.replace(/\/+$/, '')],
    repository: { owner: place.owner, name: place.name },
    dialect: { changeRequestSign: '!', quickActions: 'escape' },
    project,
    kindOf(owner, name, number) {
      const there = places.named(owner, name)
      const kind = there === undefined ? undefined : directory.numbered(there.id, number)
      return kind === 'discussion' && settings.discussions === 'leave-out' ? undefined : kind
    },
    username(login) {
      const slash = login.indexOf('/')
      if (slash !== -1) return places.groupNamed(login.slice(slash + 1))
      return people.mentioned(login) ?? undefined
    },
    attachment,
  }
}

const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Without what PostgreSQL refuses, and no longer than GitLab takes. */
export function cleaned(text: string, most: number, told: Told): string {
  let clean = text
  if (clean.includes('\0') || !clean.isWellFormed()) {
    clean = clean.replaceAll('\0', '�').replaceAll(lone, '�')
    told.degraded('invalid-at-source', 'text', 'letters that no database takes are replaced')
  }
  if (clean.length <= most) return clean
  told.degraded('too-large', 'text', `${clean.length} letters, of which GitLab takes ${most}`)
  const end = most - CUT.length
  return clean.slice(0, clean.charCodeAt(end - 1) >= 0xd800 && clean.charCodeAt(end - 1) < 0xdc00 ? end - 1 : end) + CUT
}
const CUT = '\n\n*(cut here)*'
