/** Where an address of the source leads. `fragment` is what stands behind its `#`. */
export type Page =
  | { readonly at: 'owner'; readonly owner: string }
  | ({ readonly at: 'repository'; readonly owner: string; readonly name: string; readonly fragment: string } & { readonly view: View })

export type View =
  | { readonly type: 'home' }
  | {
      readonly type: 'item'
      readonly number: number
      readonly part: 'conversation' | 'files' | 'commits' | 'checks'
      readonly commit?: string
    }
  | { readonly type: 'commit'; readonly sha: string }
  | { readonly type: 'file'; readonly how: 'blob' | 'tree' | 'raw' | 'blame' | 'commits'; readonly path: string; readonly query: string }
  | { readonly type: 'release'; readonly tag: string }
  | { readonly type: 'release-file'; readonly tag: string; readonly file: string }
  | { readonly type: 'compare'; readonly range: string }
  | { readonly type: 'milestone'; readonly number: number }
  | { readonly type: 'label'; readonly name: string }
  | { readonly type: 'wiki'; readonly page: string | undefined }
  | { readonly type: 'list'; readonly of: ListName; readonly query: string }
  | { readonly type: 'other' }
export type ListName = 'issues' | 'pulls' | 'releases' | 'latest-release' | 'milestones' | 'labels' | 'branches' | 'tags' | 'commits'

/** Hosts that belong to github.com without standing below it; what lies there goes with it. */
const companions = new Set([
  'raw.githubusercontent.com',
  'user-images.githubusercontent.com',
  'private-user-images.githubusercontent.com',
  'cloud.githubusercontent.com',
  'codeload.github.com',
])

export const parseUrl = (address: string): URL | undefined =>
  URL.parse(/^www\./i.test(address) ? `http://${address}` : address) ?? undefined

/** Whether an address lies on one of these hosts, with `http` or `https`, with or without `www.`, or on a host that goes with them. */
export function isAt(url: URL, hosts: readonly string[]): boolean {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return false
  return hosts.some((each) => {
    const own = URL.parse(each)?.host
    if (own === undefined) return false
    if (url.host === own || url.host === `www.${own}` || url.host === `media.${own}` || url.host === `raw.${own}`) return true
    return own === 'github.com' && companions.has(url.host)
  })
}

const number = (text: string | undefined): number | undefined => (text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined)
const lists: Readonly<Record<string, ListName>> = {
  issues: 'issues',
  pulls: 'pulls',
  releases: 'releases',
  milestones: 'milestones',
  labels: 'labels',
  branches: 'branches',
  tags: 'tags',
  commits: 'commits',
}

/** Takes an address of the source apart; `undefined` if it is too short to lead anywhere. The caller has asked `isAt`. */
export function pageAt(url: URL): Page | undefined {
  const parts = url.pathname.split('/').slice(1)
  if (parts.at(-1) === '') parts.pop()
  const [owner, repository, ...rest] = parts
  if (owner === undefined) return undefined
  if (repository === undefined) return { at: 'owner', owner }
  const fragment = url.hash.slice(1)
  const name = repository.replace(/\.git$/, '')
  if (url.host === 'raw.githubusercontent.com' || url.host.startsWith('raw.'))
    return { at: 'repository', owner, name, fragment, view: { type: 'file', how: 'raw', path: withoutRefs(rest.join('/')), query: '' } }
  return { at: 'repository', owner, name, fragment, view: viewOf(rest, url) }
}

/** `refs/heads/main/a.md` is what newer raw addresses say for `main/a.md`. */
const withoutRefs = (path: string): string => path.replace(/^refs\/(?:heads|tags)\//, '')

function viewOf(parts: readonly string[], url: URL): View {
  const [kind, first] = parts
  const rest = parts.slice(1).join('/')
  if (kind === undefined) return { type: 'home' }
  if (kind === 'issues' || kind === 'pull' || kind === 'discussions') {
    const item = number(first)
    if (item !== undefined) return itemOf(item, parts.slice(2))
  }
  if (kind === 'wiki') return { type: 'wiki', page: first === undefined ? undefined : rest }
  if (first === undefined) {
    const of = lists[kind]
    return of === undefined ? { type: 'other' } : { type: 'list', of, query: url.search }
  }
  switch (kind) {
    case 'commit':
      return /^[\da-f]{4,40}(?:\.(?:patch|diff))?$/i.test(first) ? { type: 'commit', sha: first } : { type: 'other' }
    case 'blob':
    case 'tree':
    case 'raw':
    case 'blame':
    case 'commits':
      return { type: 'file', how: kind, path: withoutRefs(rest), query: url.search }
    case 'releases':
      return releaseOf(parts.slice(1))
    case 'compare':
      return { type: 'compare', range: rest }
    case 'milestone': {
      const at = number(first)
      return at === undefined ? { type: 'other' } : { type: 'milestone', number: at }
    }
    case 'labels':
      return { type: 'label', name: rest }
    default:
      return { type: 'other' }
  }
}

function itemOf(item: number, [part, commit]: readonly string[]): View {
  if (part === 'commits' && commit !== undefined) return { type: 'item', number: item, part, commit }
  if (part === 'files' || part === 'changes') return { type: 'item', number: item, part: 'files' }
  if (part === 'commits' || part === 'checks') return { type: 'item', number: item, part }
  return { type: 'item', number: item, part: 'conversation' }
}

function releaseOf([what, tag, ...file]: readonly string[]): View {
  if (what === 'latest' && tag === undefined) return { type: 'list', of: 'latest-release', query: '' }
  if (what === 'tag' && tag !== undefined) return { type: 'release', tag: [tag, ...file].join('/') }
  if (what === 'download' && tag !== undefined && file.length > 0)
    return { type: 'release-file', tag: [tag, ...file.slice(0, -1)].join('/'), file: file.at(-1) ?? '' }
  return { type: 'other' }
}
