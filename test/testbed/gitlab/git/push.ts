import { diffBetween, logState, openMergeRequests } from '../changes.ts'
import { mailAbout, nameOf, participants } from '../mail.ts'
import { protectDefaultBranch } from '../protection.ts'
import type { ProjectRow, UserRow } from '../rows.ts'
import { crossReference } from '../system-notes.ts'
import type { World } from '../world.ts'
import type { Push } from './commands.ts'
import { branchSha, gitOr } from './repository.ts'

const ZERO = '0'.repeat(40)
/** What GitLab does after a push: pipelines, closing of issues, new heads of merge requests, mails. */
export function afterPush(world: World, project: ProjectRow, me: UserRow, push: Push): void {
  const repository = world.repository(project)
  for (const { old, new: now, ref } of push.commands) {
    if (now === ZERO || gitOr(repository, 'rev-parse', '--verify', '--quiet', ref) !== now) continue
    const branch = ref.startsWith('refs/heads/') ? ref.slice(11) : undefined
    pipeline(world, project, ref, now, push.options)
    if (branch === undefined) continue
    if (project.default_branch === null) {
      project.default_branch = branch
      gitOr(repository, 'symbolic-ref', 'HEAD', ref)
      protectDefaultBranch(world, project)
    }
    readCommits(world, project, me, branch, old, now)
    moveMergeRequests(world, project, me, branch, now)
  }
  project.updated_at = world.now()
}

/** A pipeline starts where CI is on and configured, unless the push or the commit says not to. */
function pipeline(world: World, project: ProjectRow, ref: string, sha: string, options: readonly string[]): void {
  if (project.settings['builds_access_level'] === 'disabled' || options.some((option) => option === 'ci.skip')) return
  const repository = world.repository(project)
  const commit = gitOr(repository, 'rev-parse', `${sha}^{commit}`) ?? sha
  const configured =
    gitOr(repository, 'cat-file', '-e', `${commit}:.gitlab-ci.yml`) !== undefined || project.settings['auto_devops_enabled'] === true
  const skipped = /\[(?:ci skip|skip ci)\]/i.test(gitOr(repository, 'show', '-s', '--format=%B', commit) ?? '')
  if (configured && !skipped) world.pipelines.push({ project_id: project.id, ref, sha, source: 'push' })
}

const CLOSING =
  /\b(?:clos(?:e|es|ed|ing)|fix(?:es|ed|ing)?|resolv(?:e|es|ed|ing)|implement(?:s|ed|ing)?)\b:? +(?:issues? +)?#(\d+)((?:(?:, *| and +|, and +)#\d+)*)/gi
/** GitLab reads the messages of the hundred newest commits of a push (`PROCESS_COMMIT_LIMIT`): for references on any branch, to close on the default one. */
function readCommits(world: World, project: ProjectRow, me: UserRow, branch: string, old: string, now: string): void {
  const isDefault = branch === project.default_branch
  const since = old !== ZERO ? [`^${old}`] : isDefault ? [] : [`^refs/heads/${project.default_branch ?? ''}`]
  const log = gitOr(world.repository(project), 'log', '-100', '--format=%H%x00%B%x01', now, ...since) ?? ''
  for (const entry of log.split('\u0001')) {
    const [sha = '', message = ''] = entry.trim().split('\u0000')
    crossReference(world, project, me, message, `commit ${sha}`)
    if (isDefault) closeIssues(world, project, me, message)
  }
}
function closeIssues(world: World, project: ProjectRow, me: UserRow, message: string): void {
  if (project.settings['autoclose_referenced_issues'] === false || project.settings['issues_access_level'] === 'disabled') return
  for (const [, first = '', more = ''] of message.matchAll(CLOSING))
    for (const number of [first, ...[...more.matchAll(/#(\d+)/g)].map(([, each = '']) => each)]) {
      const issue = world.items.find(project.id, 'issue', Number(number))
      if (issue?.state !== 'opened') continue
      issue.state = 'closed'
      logState(world, project, issue, me)
      world.items.save(issue)
    }
}
/** Open merge requests of the branch get the new diff; those whose head is now part of the target are merged. */
function moveMergeRequests(world: World, project: ProjectRow, me: UserRow, branch: string, now: string): void {
  const repository = world.repository(project)
  for (const item of openMergeRequests(world, project)) {
    const head = item.source_branch === branch ? now : world.items.diffSummary(project.id, item.iid)?.head_commit_sha
    if (
      item.target_branch === branch &&
      head !== undefined &&
      head !== '' &&
      gitOr(repository, 'merge-base', '--is-ancestor', head, now) !== undefined
    ) {
      item.state = 'merged'
      item.merged_at = item.updated_at = world.now()
      item.merged_by_id = me.id
      item.state_events.push({
        id: world.next('resource_event'),
        user_id: me.id,
        created_at: world.now(),
        action: 'merged',
        label_id: null,
        milestone_id: null,
      })
      world.items.save(item)
      mailAbout(world, project, participants(world, item), me, 'merged', nameOf(world, project, item))
    } else if (item.source_branch === branch) {
      const target = branchSha(repository, item.target_branch)
      if (target === undefined || world.items.diffSummary(project.id, item.iid)?.head_commit_sha === now) continue
      world.items.saveDiff(project.id, item.iid, diffBetween(world, project, target, now))
      gitOr(repository, 'update-ref', `refs/merge-requests/${item.iid}/head`, now)
      mailAbout(world, project, participants(world, item), me, 'new commits', nameOf(world, project, item))
    }
  }
}
