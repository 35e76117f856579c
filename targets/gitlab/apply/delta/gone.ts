import type { Applied, LedgerEntry } from '../../../../src/contract/target.ts'
import { orGone, part, projectPath } from '../../api/client.ts'
import { resourcesOf } from '../../api/resources.ts'
import { Hook, Variable } from '../../api/wire.ts'
import { takeMembership } from '../members.ts'
import { settingRemotes } from '../setting-remotes.ts'
import type { Delta } from './delta.ts'
import { milestonesIn } from './places.ts'
import { Standing } from './standing.ts'

/**
 * What is no more at the source goes, for the ledger says that we made it. Issues and merge requests take what hangs on them along. What GitLab
 * does not let go (its own history of events, large files) is forgotten.
 */
export async function* removeGone(delta: Delta, signal: AbortSignal): AsyncGenerator<Applied> {
  const { work, project } = delta
  const remover = new Remover(delta)
  for (const known of [...work.stock.gone(project.project)]) {
    signal.throwIfAborted()
    const removed = known.notes['failed'] === true ? false : await remover.remove(known, signal)
    work.context.ledger.delete([known.key])
    if (removed) yield { key: known.key, item: known.item, outcome: 'deleted', remote: known.remote, expect: {}, losses: [] }
  }
}

class Remover {
  readonly #delta: Delta
  #standing: { readonly place: string; readonly notes: Standing } | undefined
  constructor(delta: Delta) {
    this.#delta = delta
  }
  /** @returns whether it is there no longer */
  async remove({ remote }: LedgerEntry, signal: AbortSignal): Promise<boolean> {
    const { work, project, id } = this.#delta
    const { client } = work
    const kind = remote.slice(0, remote.indexOf('/'))
    const rest = remote.slice(kind.length + 1 + project.project.length + 1)
    const { protectedBranches, protectedTags, projects } = resourcesOf(client, signal)
    switch (kind) {
      case 'issue':
        await client.remove(projectPath(id, `/issues/${rest}`), {}, signal)
        return true
      case 'merge-request':
        await client.remove(projectPath(id, `/merge_requests/${rest}`), {}, signal)
        return true
      case 'note':
        return this.#removeNote(rest, signal)
      // A conversation is its comments.
      case 'discussion':
        return true
      case 'label':
        await client.remove(projectPath(id, `/labels/${part(rest)}`), {}, signal)
        return true
      case 'milestone': {
        const found = (await milestonesIn(this.#delta, signal)).find(({ title }) => title === rest)
        if (found !== undefined) await client.remove(projectPath(id, `/milestones/${found.id}`), {}, signal)
        return true
      }
      case 'release':
        await client.remove(projectPath(id, `/releases/${part(rest)}`), {}, signal)
        return true
      case 'protected-branch':
        await orGone(() => protectedBranches.unprotect(id, rest))
        return true
      case 'protected-tag':
        await orGone(() => protectedTags.unprotect(id, rest))
        return true
      case 'hook':
        for await (const hook of client.list(Hook, projectPath(id, '/hooks'), {}, signal))
          if (settingRemotes.hook(project.project, hook.url) === remote)
            await client.remove(projectPath(id, `/hooks/${hook.id}`), {}, signal)
        return true
      case 'variable':
        for await (const { key, environment_scope } of client.list(Variable, projectPath(id, '/variables'), {}, signal))
          if (settingRemotes.variable(project.project, environment_scope, key) === remote)
            await client.remove(projectPath(id, `/variables/${part(key)}`), { 'filter[environment_scope]': environment_scope }, signal)
        return true
      case 'member':
        await takeMembership(work, id, rest, signal)
        return true
      case 'share': {
        const group = work.groups.get(rest)
        if (group !== undefined) await orGone(() => projects.unshare(id, group))
        return true
      }
      default:
        return false
    }
  }
  async #removeNote(rest: string, signal: AbortSignal): Promise<boolean> {
    const [room = '', iid = '', createdAt = ''] = rest.split('/')
    if (room !== 'issues' && room !== 'merge_requests') return false
    const place = `${room}/${iid}`
    if (this.#standing?.place !== place) this.#standing = { place, notes: new Standing(this.#delta, { type: room, iid: Number(iid) }) }
    const { notes } = this.#standing
    const found = await notes.at(createdAt, signal)
    if (found === undefined) return true
    // What GitLab wrote itself cannot be taken back.
    if (found.note.system) return false
    await this.#delta.work.client.remove(`${notes.path}/notes/${found.note.id}`, {}, signal)
    return true
  }
}
