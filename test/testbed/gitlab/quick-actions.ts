import { labelIds, milestonesOf } from './labels.ts'
import type { ItemRow } from './item-rows.ts'
import type { ProjectRow } from './rows.ts'
import type { World } from './world.ts'

/** What a text says without its commands, and what they would change. */
export interface Read {
  readonly text: string
  readonly commands: readonly (readonly [name: string, rest: string])[]
}
const COMMANDS = new Set(
  `close reopen assign unassign reassign label labels unlabel remove_label relabel milestone remove_milestone title due remove_due_date lock unlock
  confidential duplicate done todo subscribe unsubscribe estimate remove_estimate spend spent award react draft ready approve unapprove merge move
  clone copy_metadata assign_reviewer reviewer unassign_reviewer target_branch tag create_merge_request promote type rebase weight iteration epic
  severity zoom remove_zoom invite_email shrug tableflip cc submit_review request_review link blocks blocked_by unlink`.split(/\s+/),
)

/** Lines that begin with a known `/command`, outside of code and quotes, are taken out (doc/user/project/quick_actions.md, read 2026-11-25). */
export function readQuickActions(text: string): Read {
  const kept: string[] = []
  const commands: [string, string][] = []
  let fence: string | undefined
  for (const line of text.split('\n')) {
    const mark = /^\s{0,3}(```+|~~~+)/.exec(line)?.[1]
    if (mark !== undefined) fence = fence === undefined ? mark : mark.startsWith(fence) ? undefined : fence
    const command = fence === undefined && mark === undefined ? /^\/([a-z_]+)(?:[ \t]+(.*?))?\s*$/.exec(line) : null
    if (command?.[1] !== undefined && COMMANDS.has(command[1])) commands.push([command[1], command[2] ?? ''])
    else kept.push(line)
  }
  return { text: commands.length === 0 ? text : kept.join('\n').trim(), commands }
}

/** Runs the commands on an item. Returns what changed, as a note's answer names it. */
export function runQuickActions(world: World, project: ProjectRow, item: ItemRow, { commands }: Read): Readonly<Record<string, unknown>> {
  const changes: Record<string, unknown> = {}
  const people = (rest: string): number[] => [...rest.matchAll(/@([\w.-]+)/g)].flatMap(([, name = '']) => world.userNamed(name)?.id ?? [])
  const titles = (rest: string): string[] => [...rest.matchAll(/~(?:"([^"]+)"|(\S+))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
  for (const [name, rest] of commands) {
    if (name === 'close' && item.state === 'opened') {
      item.state = 'closed'
      item.closed_at = world.now()
      changes['state_event'] = 'close'
    } else if (name === 'reopen' && item.state === 'closed') {
      item.state = 'opened'
      item.closed_at = null
      changes['state_event'] = 'reopen'
    } else if (name === 'assign' || name === 'reassign')
      changes['assignee_ids'] = item.assignee_ids = [...new Set([...item.assignee_ids, ...people(rest)])]
    else if (name === 'unassign') changes['assignee_ids'] = item.assignee_ids = []
    else if (name === 'label' || name === 'labels') {
      // Unlike the API, a command makes no labels.
      const known = titles(rest).filter((title) => [...world.labels.values()].some((label) => label.title === title))
      changes['add_label_ids'] = labelIds(world, project, known)
      item.label_ids = [...new Set([...item.label_ids, ...labelIds(world, project, known)])]
    } else if (name === 'unlabel' || name === 'remove_label') changes['label_ids'] = item.label_ids = []
    else if (name === 'milestone')
      changes['milestone_id'] = item.milestone_id =
        milestonesOf(world, project).find(({ title }) => `%${title}` === rest.replaceAll('"', ''))?.id ?? item.milestone_id
    else if (name === 'title' && rest !== '') changes['title'] = item.title = rest
    else if (name === 'due') changes['due_date'] = item.due_date = rest
    else if (name === 'lock' || name === 'unlock') changes['discussion_locked'] = item.discussion_locked = name === 'lock'
    else if (name === 'confidential') changes['confidential'] = item.confidential = true
    else changes[name] = rest
  }
  return changes
}
