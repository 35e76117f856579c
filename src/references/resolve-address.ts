import { isAttachment } from './attachments.ts'
import { findProject, type ReferenceContext, type ReferenceKind, type TargetProject } from './context.ts'
import { isAt, pageAt, parseUrl, type Page } from './source-address.ts'
import { forgejoPage, gitlabPage } from './target-address.ts'

/** What became of an address of the source. `item` is set if it leads to an issue or change request. */
export type Resolved =
  | { readonly type: 'elsewhere' }
  | {
      readonly type: 'moved'
      readonly url: string
      readonly lost?: string
      readonly item?: { readonly number: number; readonly kind: ReferenceKind }
    }
  | { readonly type: 'stays'; readonly why: string }

const stays = (why: string): Resolved => ({ type: 'stays', why })
const pageNames = '(?:issues|pull|pulls|discussions|blob|tree|raw|commit|commits|releases|compare|milestone|milestones|labels|wiki)'
const upwards = new RegExp(`^(?:\\.\\./)+(${pageNames}(?:[/?#].*)?)$`)

/** Finds the new place of an address. Addresses elsewhere in the world are left alone. */
export function resolveAddress(address: string, context: ReferenceContext): Resolved {
  const url = parseUrl(address)
  if (url === undefined || !isAt(url, context.hosts)) return { type: 'elsewhere' }
  if (isAttachment(address, context.hosts)) return fileAt(address, context) ?? stays('this attachment is not in the archive')
  const page = pageAt(url)
  if (page === undefined) return stays('it leads to no repository')
  return page.at === 'owner' ? ownerPage(page.owner, context) : repositoryPage(address, page, context)
}

/** Links without a host: `/owner/name/issues/1`, and `../pull/1` as people write it between issues. Only what is certain is moved. */
export function resolveRelative(address: string, context: ReferenceContext): Resolved {
  const host = context.hosts[0]
  if (host === undefined || address.startsWith('//')) return { type: 'elsewhere' }
  const { owner, name } = context.repository
  const below = upwards.exec(address)?.[1]
  if (below === undefined && !/^\/[\w.-]+\/[\w.-]+(?:[/?#]|$)/.test(address)) return { type: 'elsewhere' }
  const resolved = resolveAddress(host + (below === undefined ? address : `/${owner}/${name}/${below}`), context)
  return resolved.type === 'moved' ? resolved : { type: 'elsewhere' }
}

function fileAt(address: string, context: ReferenceContext): Resolved | undefined {
  const url = context.attachment(address)
  return url === undefined ? undefined : { type: 'moved', url }
}

function ownerPage(owner: string, context: ReferenceContext): Resolved {
  const here = findProject(context, context.repository.owner, context.repository.name)
  if (here === undefined) return stays('the repository of this text is not carried over')
  const base = here.url.slice(0, here.url.length - here.path.length - 1)
  const name = context.username(owner) ?? context.username(owner.toLowerCase())
  if (name !== undefined) return { type: 'moved', url: `${base}/${name}` }
  const same = owner.toLowerCase() === context.repository.owner.toLowerCase()
  return same
    ? { type: 'moved', url: `${base}/${here.path.slice(0, here.path.lastIndexOf('/'))}` }
    : stays('nobody on the target answers to this name')
}

function repositoryPage(address: string, page: Page & { at: 'repository' }, context: ReferenceContext): Resolved {
  const { owner, name, view, fragment } = page
  const project = findProject(context, owner, name)
  if (project === undefined) return stays(`repository ${owner}/${name} is not carried over`)
  const file = view.type === 'release-file' ? fileAt(address, context) : undefined
  if (file !== undefined) return file
  const sha = view.type === 'commit' ? view.sha : view.type === 'item' ? view.commit : undefined
  if (sha !== undefined && context.hasCommit?.(owner, name, sha) === false) return stays(`commit ${sha} is not in the archive`)
  const kind = view.type === 'item' ? context.kindOf(owner, name, view.number) : undefined
  const moved = (context.dialect.changeRequestSign === '!' ? gitlabPage : forgejoPage)(project, view, fragment, kind)
  if (moved === undefined) return stays(whyNot(page, kind))
  if (view.type !== 'item' || kind === undefined) return { type: 'moved', ...moved }
  return { type: 'moved', ...moved, item: { number: view.number, kind } }
}

function whyNot({ view, owner, name }: Page & { at: 'repository' }, kind: ReferenceKind | undefined): string {
  if (view.type === 'compare') return 'it compares with a fork, which has no counterpart on the target'
  if (view.type !== 'item') return 'the target has no such page'
  return whyNoItem(kind, owner, name, view.number)
}

export const whyNoItem = (kind: ReferenceKind | undefined, owner: string, name: string, number: number): string =>
  kind === 'discussion'
    ? 'discussions have no number on the target'
    : `${owner}/${name} has no issue, pull request or discussion ${number} in the archive`

/** Whether two projects are the same place on the target. */
export const samePlace = (a: TargetProject | undefined, b: TargetProject): boolean => a?.path === b.path
