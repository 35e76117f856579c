import type { ReferenceKind, TargetProject } from './context.ts'
import type { ListName, View } from './source-address.ts'

/** A page on the target. `lost` says what of the old address has no counterpart. */
export interface TargetPage {
  readonly url: string
  readonly lost?: string
}
type Road = (project: TargetProject, view: View, fragment: string, kind: ReferenceKind | undefined) => TargetPage | undefined

const page = (url: string, lost?: string): TargetPage => (lost === undefined ? { url } : { url, lost })
/** Anchors of comments, reviews and diffs are numbers that the source gave. */
const anchorLost = (fragment: string): string | undefined =>
  fragment === '' || /^issue-\d+$/.test(fragment) ? undefined : `the target has no place for the anchor #${fragment}`
const queryLost = (query: string): string | undefined => (query === '' ? undefined : `the list's filter ${query} was left out`)

const gitlabLists: Readonly<Record<ListName, string>> = {
  issues: 'issues',
  pulls: 'merge_requests',
  releases: 'releases',
  'latest-release': 'releases/permalink/latest',
  milestones: 'milestones',
  labels: 'labels',
  branches: 'branches',
  tags: 'tags',
  commits: 'commits/HEAD',
}
const gitlabParts = { conversation: '', files: '/diffs', commits: '/commits', checks: '/pipelines' }

/** GitLab's web addresses: https://docs.gitlab.com/user/project/repository/files/, and the routes of 17.x; read 2026-11-25. */
export const gitlabPage: Road = ({ url }, view, fragment, kind) => {
  switch (view.type) {
    case 'home':
      return page(url, anchorLost(fragment))
    case 'item': {
      if (kind !== 'change-request') return kind === 'issue' ? page(`${url}/-/issues/${view.number}`, anchorLost(fragment)) : undefined
      const at = `${url}/-/merge_requests/${view.number}`
      return page(view.commit === undefined ? at + gitlabParts[view.part] : `${at}/diffs?commit_id=${view.commit}`, anchorLost(fragment))
    }
    case 'commit':
      return page(`${url}/-/commit/${view.sha}`, anchorLost(fragment))
    case 'file':
      return page(`${url}/-/${view.how}/${view.path}${view.query === '?plain=1' ? view.query : ''}${lines(fragment, '')}`)
    case 'release':
      return page(`${url}/-/releases/${view.tag}`, anchorLost(fragment))
    case 'release-file':
      return page(`${url}/-/releases/${view.tag}/downloads/${view.file}`)
    case 'compare':
      return view.range.includes(':') ? undefined : page(`${url}/-/compare/${view.range}`, anchorLost(fragment))
    case 'milestone':
      return page(`${url}/-/milestones/${view.number}`)
    case 'label':
      return page(`${url}/-/issues?label_name%5B%5D=${view.name}`)
    case 'wiki':
      return page(`${url}/-/wikis/${view.page ?? 'home'}${fragment === '' ? '' : `#${fragment}`}`)
    case 'list':
      return page(`${url}/-/${gitlabLists[view.of]}`, queryLost(view.query))
    case 'other':
      return undefined
  }
}

const forgejoLists: Readonly<Record<ListName, string>> = {
  issues: 'issues',
  pulls: 'pulls',
  releases: 'releases',
  'latest-release': 'releases/latest',
  milestones: 'milestones',
  labels: 'labels',
  branches: 'branches',
  tags: 'tags',
  commits: 'commits/HEAD',
}
const forgejoParts = { conversation: '', files: '/files', commits: '/commits', checks: '' }
const forgejoFiles = { blob: 'src', tree: 'src', raw: 'raw', blame: 'blame', commits: 'commits' }

/** Forgejo's web addresses; `src/REF/path` without the kind of the ref is forwarded to the one that has it. Read 2026-11-25: https://forgejo.org/docs/latest/user/. */
export const forgejoPage: Road = ({ url }, view, fragment, kind) => {
  switch (view.type) {
    case 'home':
      return page(url, anchorLost(fragment))
    case 'item': {
      if (kind !== 'change-request') return kind === 'issue' ? page(`${url}/issues/${view.number}`, anchorLost(fragment)) : undefined
      const commit = view.commit === undefined ? '' : `/${view.commit}`
      return page(`${url}/pulls/${view.number}${forgejoParts[view.part]}${commit}`, anchorLost(fragment))
    }
    case 'commit':
      return page(`${url}/commit/${view.sha}`, anchorLost(fragment))
    case 'file':
      return page(
        `${url}/${forgejoFiles[view.how]}/${view.path}${view.query === '?plain=1' ? '?display=source' : ''}${lines(fragment, 'L')}`,
      )
    case 'release':
      return page(`${url}/releases/tag/${view.tag}`, anchorLost(fragment))
    case 'release-file':
      return page(`${url}/releases/download/${view.tag}/${view.file}`)
    case 'compare':
      return view.range.includes(':') ? undefined : page(`${url}/compare/${view.range}`, anchorLost(fragment))
    case 'milestone':
      return page(`${url}/milestones`, 'milestones have other numbers there')
    case 'label':
      return page(`${url}/labels`, 'labels have numbers there, not names')
    case 'wiki':
      return page(`${url}/wiki${view.page === undefined ? '' : `/${view.page}`}${fragment === '' ? '' : `#${fragment}`}`)
    case 'list':
      return page(`${url}/${forgejoLists[view.of]}`, queryLost(view.query))
    case 'other':
      return undefined
  }
}

/** `L10-L20` and `L10C3-L20C9`, with what the target writes before the second number; anchors of headings stay. */
function lines(fragment: string, second: string): string {
  const found = /^L(\d+)(?:C\d+)?(?:-L?(\d+)(?:C\d+)?)?$/.exec(fragment)
  if (found === null) return fragment === '' ? '' : `#${fragment}`
  return found[2] === undefined ? `#L${found[1]}` : `#L${found[1]}-${second}${found[2]}`
}
