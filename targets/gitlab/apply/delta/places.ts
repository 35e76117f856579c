import type { z } from 'zod'
import { Fault } from '../../../../src/fault.ts'
import { part, projectPath } from '../../api/client.ts'
import { Label, Milestone } from '../../api/wire.ts'
import { labelFields, milestoneFields } from '../../file/expect.ts'
import type { LabelOperation, MilestoneOperation } from '../../operations.ts'
import { labelRemote, milestoneRemote } from '../../remote.ts'
import { degraded } from '../work.ts'
import { type Delta, isPending, keepAsItIs } from './delta.ts'

/** New and changed labels. One that somebody has made meanwhile under the same name takes our colour. */
export async function bringLabels(delta: Delta, signal: AbortSignal): Promise<void> {
  const { work, project, id } = delta
  const { client, spool, stock } = work
  for (const op of [...spool.part<LabelOperation>(project.project, 'label')]) {
    const row = stock.of(op.key)
    if (!isPending(row)) {
      keepAsItIs(delta, op)
      continue
    }
    const { title, color } = op
    const description = op.description ?? ''
    const remote = labelRemote(project.project, title)
    const before = row.known === undefined ? title : row.known.remote.slice(labelRemote(project.project, '').length)
    const change = (name: string) =>
      client.find(Label, projectPath(id, `/labels/${part(name)}`), {}, signal).then(async (found) => {
        if (found === undefined) return false
        const json = { ...(name === title ? {} : { new_name: title }), color, description }
        await client.call(Label, { method: 'PUT', path: projectPath(id, `/labels/${found.id}`), json }, signal)
        return true
      })
    if (!(await change(before)) && !(await change(title)))
      await client.call(Label, { method: 'POST', path: projectPath(id, '/labels'), json: { name: title, color, description } }, signal)
    stock.keep({ key: op.key, outcome: row.state === 'new' ? 'created' : 'updated', remote, expect: labelFields(op), losses: [] })
  }
}

/** New and changed milestones. GitLab chooses the numbers of new ones. */
export async function bringMilestones(delta: Delta, signal: AbortSignal): Promise<void> {
  const { work, project, id } = delta
  const { client, spool, stock } = work
  let standing: Map<string, z.infer<typeof Milestone>> | undefined
  for (const op of [...spool.part<MilestoneOperation>(project.project, 'milestone')]) {
    const row = stock.of(op.key)
    if (!isPending(row)) {
      keepAsItIs(delta, op)
      continue
    }
    standing ??= new Map((await milestonesIn(delta, signal)).map((one) => [one.title, one]))
    const before = row.known?.remote.slice(milestoneRemote(project.project, '').length) ?? op.title
    const json = { title: op.title, description: op.text, due_date: op.dueDate ?? '' }
    let found = standing.get(before) ?? standing.get(op.title)
    const place = found === undefined ? '/milestones' : `/milestones/${found.id}`
    found = await client.call(Milestone, { method: found === undefined ? 'POST' : 'PUT', path: projectPath(id, place), json }, signal)
    if (found.state !== op.state) {
      const state_event = op.state === 'closed' ? 'close' : 'activate'
      await client.call(Milestone, { method: 'PUT', path: projectPath(id, `/milestones/${found.id}`), json: { state_event } }, signal)
    }
    const fields = milestoneFields(op)
    const kept = found.iid === op.iid
    const { iid: _, ...others } = fields
    stock.keep({
      key: op.key,
      outcome: row.state === 'new' ? 'created' : 'updated',
      remote: milestoneRemote(project.project, op.title),
      expect: kept ? fields : others,
      losses:
        row.state === 'new'
          ? [degraded(op.item, 'time-replaced', 'createdAt', 'made after the import: GitLab writes the time of today')]
          : [],
    })
  }
}

export const milestonesIn = ({ work, id }: Pick<Delta, 'work' | 'id'>, signal: AbortSignal): Promise<z.infer<typeof Milestone>[]> =>
  Array.fromAsync(work.client.list(Milestone, projectPath(id, '/milestones'), {}, signal))

/** Ids of milestones by title, asked for when first wanted. */
export class MilestoneIds {
  readonly #delta: Delta
  #ids: ReadonlyMap<string, number> | undefined
  constructor(delta: Delta) {
    this.#delta = delta
  }
  /** 0 for none, as GitLab takes it. @throws Fault `gone` for one that is not there */
  async of(title: string | null, signal: AbortSignal): Promise<number> {
    if (title === null) return 0
    this.#ids ??= new Map((await milestonesIn(this.#delta, signal)).map(({ title, id }) => [title, id]))
    const id = this.#ids.get(title)
    if (id === undefined) throw new Fault({ code: 'gone', what: `The milestone "${title}" is not in ${this.#delta.project.project}` })
    return id
  }
}
