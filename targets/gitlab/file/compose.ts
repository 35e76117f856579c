import type { Loss } from '../../../src/contract/fidelity.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { Fields } from '../../../src/contract/target.ts'
import type { LabelOperation, MilestoneOperation, ProjectOperation } from '../operations.ts'
import { labelRemote, lfsRemote, milestoneRemote, projectRemote } from '../remote.ts'
import { writeArchive } from './archive.ts'
import type { ComposeInput, Composed } from './composed.ts'
import { contentsOf } from './contents.ts'
import { labelFields, milestoneFields } from './expect.ts'
import { FileHistory } from './history.ts'
import { lfsIn } from './lfs.ts'
import { FilePeople } from './people.ts'
import { FilePlaces, PROJECT } from './places.ts'
import { Relations } from './relations.ts'
import { composeCommitNotes, composeReleases } from './write-others.ts'
import { composeIssues, leftOut } from './write-issues.ts'
import { composeMergeRequests } from './write-merge-requests.ts'

/** What the parts of one file share. */
export interface Composition {
  readonly input: ComposeInput
  readonly people: FilePeople
  readonly places: FilePlaces
  readonly history: FileHistory
  readonly relations: Relations
}

/**
 * Writes GitLab's import file of one project from what the spool holds of it, and yields what went into it as it goes; nothing of it stands in
 * GitLab before the file is imported. The same input gives the same bytes. Memory: the project's commits, branches, labels and milestones, and one
 * issue or merge request with all that hangs on it. Disk: in `workDir` about what the file holds, unpacked.
 * @throws whatever the blobs throw; Fault `corrupt` if the repository is damaged
 */
export async function* composeProject(input: ComposeInput, signal: AbortSignal): AsyncGenerator<Composed> {
  const { spool, project, users, workDir, outFile } = input
  const { project: path } = project
  using relations = new Relations(workDir)
  const people = new FilePeople(users)
  const history = await FileHistory.read(input.repository, project.item, signal)
  const places = new FilePlaces(spool, path)
  const composition: Composition = { input, people, places, history, relations }
  yield* composePlaces(composition)
  yield* composeIssues(composition, signal)
  yield* composeMergeRequests(composition, signal)
  yield* composeCommitNotes(composition)
  yield* composeReleases(composition)
  for (const member of people.members(spool.people(path))) relations.add('project_members', member)
  for (const label of places.labelLines()) relations.add('labels', label)
  for (const milestone of places.milestoneLines()) relations.add('milestones', milestone)
  relations.add('project_feature', featureRecord(project))
  await writeArchive(outFile, contentsOf(input, projectRecord(project), maxIids(input), relations, signal), signal)
  for (const op of lfsIn(input))
    yield { key: op.key, item: op.item, remote: lfsRemote(path, op.oid), expect: { bytes: op.bytes }, losses: [] }
  yield projectComposed(project, history, wikiLosses(input))
}

function* composePlaces({ input }: Composition): Generator<Composed> {
  const { spool, project } = input
  const titles = new Set<string>()
  for (const op of spool.part<LabelOperation>(project.project, 'label')) {
    if (titles.has(op.title)) {
      yield* leftOut([op], 'name-changed', `another label became "${op.title}" too: what had this one has the other`)
      continue
    }
    titles.add(op.title)
    yield { key: op.key, item: op.item, remote: labelRemote(op.project, op.title), expect: labelFields(op), losses: [] }
  }
  for (const op of spool.part<MilestoneOperation>(project.project, 'milestone'))
    yield { key: op.key, item: op.item, remote: milestoneRemote(op.project, op.title), expect: milestoneFields(op), losses: [] }
}

const LEVEL = { private: 0, internal: 10, public: 20 } as const
/** What the API is told afterwards, because the importer would not take it: topics, default branch, and whether it is archived. */
const projectRecord = ({ description, visibility }: ProjectOperation): JsonObject => ({
  description,
  visibility_level: LEVEL[visibility],
  archived: false,
})
/** 0 off, 20 for everybody who sees the project (`ProjectFeature`). */
const featureRecord = ({ features }: ProjectOperation): JsonObject => ({
  project_id: PROJECT,
  issues_access_level: features.issues ? 20 : 0,
  wiki_access_level: features.wiki ? 20 : 0,
  merge_requests_access_level: 20,
  repository_access_level: 20,
})

/** Both counters go on behind the greatest number of both: a number then never means two things. From GitLab 19 on; older ones do not read it. */
function maxIids({ spool, project }: ComposeInput): JsonObject {
  const most = Math.max(spool.greatest(project.project, 'issue'), spool.greatest(project.project, 'merge-request'))
  const milestones = spool.greatest(project.project, 'milestone')
  return {
    ...(most > 0 ? { issues: most, merge_requests: most } : {}),
    ...(milestones > 0 ? { project_milestones: milestones } : {}),
  }
}

function projectComposed(project: ProjectOperation, history: FileHistory, losses: readonly Loss[]): Composed {
  const expect: Fields = {
    description: project.description,
    visibility: project.visibility,
    issues: project.features.issues,
    wiki: project.features.wiki,
    refs: history.digest(),
  }
  return { key: project.key, item: project.item, remote: projectRemote(project.project), expect, losses: [...history.losses, ...losses] }
}
const wikiLosses = ({ wiki, project }: ComposeInput): readonly Loss[] =>
  (wiki?.refused ?? []).map(({ name, why }) => ({
    item: project.item,
    stage: 'apply',
    code: 'rejected-by-target',
    effect: { type: 'degraded', field: 'wiki' },
    detail: `git refuses the ref ${name} of the wiki: ${why}`,
  }))
