import type { JsonObject } from '../../../src/contract/json.ts'
import { DEFAULT_COLOR } from '../map/labels.ts'
import type { IssueOperation, LabelOperation, MergeRequestOperation, MilestoneOperation } from '../operations.ts'
import type { ProjectSpool } from './spool.ts'

/** The project's number in the file: any, the same everywhere. */
export const PROJECT = 1
/** Where nothing says when a label was made. */
const LONG_AGO = '1970-01-01T00:00:00.000Z'

/** Labels and milestones of one project as they stand in the lines of everything else. Grows with them, not with issues. */
export class FilePlaces {
  readonly #labels = new Map<string, JsonObject>()
  readonly #milestones = new Map<number, JsonObject>()
  readonly #titles = new Map<string, JsonObject>()
  readonly #milestoneTitles = new Map<number, string>()
  constructor(spool: ProjectSpool, project: string) {
    for (const { title, color, description } of spool.part<LabelOperation>(project, 'label'))
      if (!this.#labels.has(title)) this.#addLabel(title, color, description)
    for (const op of spool.part<MilestoneOperation>(project, 'milestone')) {
      const record = milestoneRecord(op)
      this.#milestones.set(op.iid, record)
      this.#titles.set(op.title, record)
      this.#milestoneTitles.set(op.iid, op.title)
    }
  }
  /** Labels that only issues know (categories of discussions, names the source lost) are made with them. */
  label(title: string): JsonObject {
    return this.#labels.get(title) ?? this.#addLabel(title, DEFAULT_COLOR, null)
  }
  hasLabel(title: string): boolean {
    return this.#labels.has(title)
  }
  milestone(iid: number | null): JsonObject | null {
    return iid === null ? null : (this.#milestones.get(iid) ?? null)
  }
  milestoneTitle(iid: number | null): string | null {
    return iid === null ? null : (this.#milestoneTitles.get(iid) ?? null)
  }
  milestoneNamed(title: string): JsonObject | undefined {
    return this.#titles.get(title)
  }
  *labelLines(): Generator<JsonObject> {
    for (const [, label] of [...this.#labels].toSorted(([a], [b]) => (a < b ? -1 : 1))) yield { ...label, priorities: [] }
  }
  *milestoneLines(): Generator<JsonObject> {
    yield* this.#milestones.values()
  }
  #addLabel(title: string, color: string, description: string | null): JsonObject {
    const label = {
      title,
      color,
      project_id: PROJECT,
      created_at: LONG_AGO,
      updated_at: LONG_AGO,
      template: false,
      description,
      type: 'ProjectLabel',
    }
    this.#labels.set(title, label)
    return label
  }
}

function milestoneRecord({ iid, title, text, state, dueDate, createdAt, updatedAt }: MilestoneOperation): JsonObject {
  return {
    iid,
    title,
    project_id: PROJECT,
    description: text,
    due_date: dueDate,
    start_date: null,
    state,
    created_at: createdAt,
    updated_at: updatedAt,
  }
}

export const labelLinks = ({ labels, type }: IssueOperation | MergeRequestOperation, places: FilePlaces): readonly JsonObject[] =>
  labels.map((title) => ({ target_type: type === 'issue' ? 'Issue' : 'MergeRequest', label: places.label(title) }))
