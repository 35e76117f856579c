import { ancestors, canReadProject } from './access.ts'
import type { ItemRow } from './item-rows.ts'
import type { ProjectRow, UserRow } from './rows.ts'
import type { World } from './world.ts'

const reachable = (user: UserRow): boolean =>
  user.state === 'active' && user.confirmed_at !== null && !user.bot && user.notification !== 'disabled'

/** A project or any group above it can have mails switched off (`emails_enabled`). */
function mailsOff(world: World, project: ProjectRow): boolean {
  return project.settings['emails_enabled'] === false || groupMailsOff(world, project.namespace_id)
}
const groupMailsOff = (world: World, namespace: number): boolean =>
  ancestors(world, namespace).some((group) => group.settings['emails_enabled'] === false)

/** That somebody was given access is told like anything else of a project or group (`Member#notifiable?`, `NotificationRecipient#emails_disabled?`). */
export function mailAccess(world: World, user: UserRow, owner: string): void {
  const [kind, id] = owner.split(':')
  const project = kind === 'project' ? world.projects.get(Number(id)) : undefined
  if (project === undefined ? groupMailsOff(world, Number(id)) : mailsOff(world, project)) return
  mailTo(world, user, 'access granted', owner)
}

/** Writes to these people, except to the one who acts and to those whom GitLab leaves alone. */
export function mailAbout(
  world: World,
  project: ProjectRow,
  people: Iterable<number>,
  actor: UserRow,
  reason: string,
  about: string,
): void {
  if (mailsOff(world, project)) return
  for (const id of new Set(people)) {
    const user = world.users.get(id)
    if (user !== undefined && id !== actor.id && reachable(user) && canReadProject(world, user, project))
      world.mails.push({ to: user.email, reason, about })
  }
}
export function mailTo(world: World, user: UserRow, reason: string, about: string, confirmedToo = true): void {
  if (user.state === 'active' && (!confirmedToo || reachable(user))) world.mails.push({ to: user.email, reason, about })
}

/** People named with `@` outside of code. `@all` is everybody in the project (off by default since 15.x, not played). */
export function mentioned(world: World, text: string): number[] {
  const plain = text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, ' ')
  return [...plain.matchAll(/(?<![\w`/.])@([a-zA-Z0-9_][\w.-]*)/g)].flatMap(([, name = '']) => {
    const user = world.userNamed(name.replace(/[.-]+$/, ''))
    return user === undefined ? [] : [user.id]
  })
}
/** Author, assignees, reviewers and everybody who wrote a comment. */
export function participants(world: World, item: ItemRow): number[] {
  const notes = world.items.notes(item.project_id, item.kind, item.iid).filter((note) => !note.system)
  return [item.author_id, ...item.assignee_ids, ...item.reviewers.map(({ user_id }) => user_id), ...notes.map(({ author_id }) => author_id)]
}
export const nameOf = (world: World, project: ProjectRow, item: ItemRow): string =>
  `${world.pathOf(project)}${item.kind === 'issue' ? '#' : '!'}${item.iid}`
