import { labelAnswer, milestoneAnswer } from '../answers/projects.ts'
import { type Ask, body, changeableIn, created, json, noContent, param, projectIn, type Route, word } from '../ask.ts'
import { numberIn, textIn } from '../fields.ts'
import { addLabel, labelComplaint, labelsOf, milestonesOf } from '../labels.ts'
import { page } from '../pages.ts'
import { takeNumber } from '../places.ts'
import { badRequest, conflict, missing, notFound } from '../refusal.ts'
import type { LabelRow, MilestoneRow } from '../rows.ts'

function labelIn(ask: Ask, level = 0): LabelRow {
  const name = param(ask, 'label')
  const labels = labelsOf(ask.world, level > 0 ? changeableIn(ask, level) : projectIn(ask))
  const label = labels.find(({ id, title }) => String(id) === name || title === name)
  if (label === undefined) throw notFound('Label')
  return label
}
function milestoneIn(ask: Ask, level = 0): MilestoneRow {
  const row = milestonesOf(ask.world, level > 0 ? changeableIn(ask, level) : projectIn(ask)).find(
    ({ id }) => id === Number(param(ask, 'milestone_id')),
  )
  if (row === undefined) throw notFound('Milestone')
  return row
}

export const labelRoutes: readonly Route[] = [
  { route: 'GET /projects/{id}/labels', answer: (ask) => page(ask, labelsOf(ask.world, projectIn(ask)), labelAnswer) },
  {
    route: 'POST /projects/{id}/labels',
    answer: async (ask) => {
      const project = changeableIn(ask, 20)
      const fields = await body(ask)
      const [title, color] = [textIn(fields, 'name') ?? '', textIn(fields, 'color')]
      const complaint = labelComplaint(title, color)
      if (complaint !== undefined) throw badRequest(complaint)
      if (labelsOf(ask.world, project).some((label) => label.title === title)) throw conflict('Label already exists')
      const description = textIn(fields, 'description') ?? null
      const priority = numberIn(fields, 'priority') ?? null
      return created(labelAnswer(addLabel(ask.world, `project:${project.id}`, { title, color: color ?? '', description, priority })))
    },
  },
  { route: 'GET /projects/{id}/labels/{label}', answer: (ask) => json(labelAnswer(labelIn(ask))) },
  {
    route: 'PUT /projects/{id}/labels/{label}',
    answer: async (ask) => {
      const label = labelIn(ask, 20)
      const fields = await body(ask)
      label.title = textIn(fields, 'new_name') ?? label.title
      label.color = textIn(fields, 'color') ?? label.color
      label.description = textIn(fields, 'description') ?? label.description
      return json(labelAnswer(label))
    },
  },
  {
    route: 'DELETE /projects/{id}/labels/{label}',
    answer: (ask) => {
      ask.world.labels.delete(labelIn(ask, 20).id)
      return noContent
    },
  },
  {
    route: 'GET /projects/{id}/milestones',
    answer: (ask) => {
      const [state, title] = [word(ask, 'state'), word(ask, 'title')]
      const rows = milestonesOf(ask.world, projectIn(ask)).filter(
        (row) => (state === undefined || row.state === state) && (title === undefined || row.title === title),
      )
      return page(ask, rows, (row) => milestoneAnswer(ask.world, row))
    },
  },
  {
    // Number and dates of creation are the server's business.
    route: 'POST /projects/{id}/milestones',
    answer: async (ask) => {
      const { world } = ask
      const project = changeableIn(ask, 20)
      const fields = await body(ask)
      const title = textIn(fields, 'title')
      if (title === undefined) throw missing('title')
      if (milestonesOf(world, project).some((row) => row.title === title))
        throw badRequest({ title: ['already being used for another group or project milestone.'] })
      const now = world.now()
      const row: MilestoneRow = {
        id: world.next('milestone'),
        project_id: project.id,
        iid: takeNumber(project, 'milestone'),
        title,
        description: textIn(fields, 'description') ?? '',
        state: 'active',
        due_date: textIn(fields, 'due_date') ?? null,
        start_date: textIn(fields, 'start_date') ?? null,
        created_at: now,
        updated_at: now,
      }
      world.milestones.set(row.id, row)
      return created(milestoneAnswer(world, row))
    },
  },
  { route: 'GET /projects/{id}/milestones/{milestone_id}', answer: (ask) => json(milestoneAnswer(ask.world, milestoneIn(ask))) },
  {
    route: 'PUT /projects/{id}/milestones/{milestone_id}',
    answer: async (ask) => {
      const row = milestoneIn(ask, 20)
      const fields = await body(ask)
      row.title = textIn(fields, 'title') ?? row.title
      row.description = textIn(fields, 'description') ?? row.description
      row.due_date = textIn(fields, 'due_date') ?? row.due_date
      const event = textIn(fields, 'state_event')
      if (event !== undefined) row.state = event === 'close' ? 'closed' : 'active'
      row.updated_at = ask.world.now()
      return json(milestoneAnswer(ask.world, row))
    },
  },
  {
    route: 'DELETE /projects/{id}/milestones/{milestone_id}',
    answer: (ask) => {
      ask.world.milestones.delete(milestoneIn(ask, 20).id)
      return noContent
    },
  },
]
