import type { Loss } from '../../../src/contract/fidelity.ts'
import type { MergeRequestOperation } from '../operations.ts'

/** Branches and commits of the repository that is packed with the merge requests. */
export interface History {
  hasBranch(name: string): boolean
  has(oid: string): boolean
}
export interface Branches {
  readonly source: string
  /** The two project ids differ, which makes the importer create the branches that are missing. */
  readonly fromFork: boolean
  readonly losses: readonly Loss[]
}

/**
 * The source branch of a merge request. An open one needs a branch that is there: of forks, and where a branch was lost, the importer makes it at
 * `diff_head_sha` if the merge request says that it came from elsewhere (lib/gitlab/import_export/merge_request_parser.rb, read 2026-11-25). Closed
 * and merged ones come from the project itself, so that no branch is made for them.
 */
export function branchesOf(op: MergeRequestOperation, history: History): Branches {
  const { head, base, iid } = op
  const losses: Loss[] = []
  const say = (code: Loss['code'], field: string, detail: string) =>
    void losses.push({ item: op.item, stage: 'apply', code, effect: { type: 'degraded', field }, detail })
  const source = head.own ? head.ref : `gh-pr/${iid}/${branchName(head.ref)}`
  if (!head.own) say('name-changed', 'head', `its branch ${head.ref} is in ${head.fork ?? 'a fork that is gone'}`)
  if (op.state !== 'opened' || (history.hasBranch(source) && history.hasBranch(base.ref))) return { source, fromFork: false, losses }
  if (history.has(head.oid) && (history.hasBranch(base.ref) || history.has(base.oid))) return { source, fromFork: true, losses }
  say('withheld-by-source', 'head', 'it is open, and its branch or last commit is not in the archive')
  return { source, fromFork: false, losses }
}

/** A name from a fork is anything; ours must be a branch that git takes. */
function branchName(ref: string): string {
  const name = ref
    .replaceAll(/[\u0000-\u0020~^:?*[\\\u007f]|\.\.|@\{|\/\//g, '-')
    .replaceAll(/(^|\/)\.|\.lock(?=\/|$)|[./]$/g, '-')
    .slice(0, 150)
    .toWellFormed()
  return name === '' ? 'branch' : name
}
