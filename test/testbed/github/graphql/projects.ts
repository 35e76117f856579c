import type { Project, ProjectField, ProjectItem } from '../settings.ts'
import { nodeId } from '../site.ts'
import { sequence } from '../table.ts'
import type { Organisation } from '../world.ts'
import { connection, type Args } from './connection.ts'
import type { Gql, Node } from './gql.ts'

const upper = (type: string): string => type.toUpperCase()

function field(of: ProjectField, project: Project): Node {
  return {
    __typename:
      of.type === 'single_select' ? 'ProjectV2SingleSelectField' : of.type === 'iteration' ? 'ProjectV2IterationField' : 'ProjectV2Field',
    id: nodeId('PVTF', 0, of.id),
    databaseId: of.id,
    name: of.name,
    dataType: upper(of.type),
    createdAt: project.createdAt,
    updatedAt: project.createdAt,
    options: (of.options ?? []).map(({ id, name, color }) => ({ id, name, color, nameHTML: name, description: '', descriptionHTML: '' })),
    configuration: { duration: 14, startDay: 1, iterations: [], completedIterations: [] },
  }
}
const VALUE = {
  text: 'Text',
  title: 'Text',
  number: 'Number',
  date: 'Date',
  single_select: 'SingleSelect',
  iteration: 'Iteration',
} as const

function value(of: ProjectField, held: string | number, project: Project, item: ProjectItem): Node {
  const option = of.options?.find(({ id }) => id === held)
  const kind = of.type === 'assignees' || of.type === 'labels' ? 'Text' : VALUE[of.type]
  return {
    __typename: `ProjectV2ItemField${kind}Value`,
    id: nodeId('PVTFV', 0, item.id * 100 + project.fields.indexOf(of)),
    field: field(of, project),
    createdAt: item.createdAt,
    updatedAt: item.createdAt,
    text: String(held),
    number: Number(held),
    date: String(held),
    name: option?.name ?? null,
    optionId: option?.id ?? null,
    color: option?.color ?? 'GRAY',
    title: String(held),
    iterationId: String(held),
    startDate: String(held),
    duration: 14,
  }
}

export function project(gql: Gql, owner: Organisation, of: Project): Node {
  const path = `/orgs/${owner.login}/projects/${of.number}`
  const self: Node = {
    __typename: 'ProjectV2',
    id: nodeId('PVT', 0, of.id),
    databaseId: of.id,
    fullDatabaseId: String(of.id),
    number: of.number,
    title: of.title,
    shortDescription: of.description,
    readme: null,
    public: false,
    closed: of.closedAt !== null,
    closedAt: of.closedAt,
    template: false,
    createdAt: of.createdAt,
    updatedAt: of.updatedAt,
    creator: () => gql.actor(of.creator),
    owner: () => gql.owner(owner),
    url: `${gql.site.host}${path}`,
    resourcePath: path,
    fields: (args: Args) => connection(sequence(of.fields), args, (one) => field(one, of)),
    views: (args: Args) =>
      connection(sequence(of.views.map((one) => ({ id: one.number, ...one }))), args, (one) => ({
        __typename: 'ProjectV2View',
        id: nodeId('PVTV', 0, of.id * 100 + one.number),
        databaseId: of.id * 100 + one.number,
        number: one.number,
        name: one.name,
        layout: `${upper(one.layout)}_LAYOUT`,
        filter: '',
        createdAt: of.createdAt,
        updatedAt: of.createdAt,
      })),
    workflows: (args: Args) => connection(sequence<{ id: number }>([]), args, () => ({})),
    items: (args: Args) =>
      connection(sequence(of.items), args, (one) => {
        const { content } = one
        const item = 'title' in content ? undefined : content.repository.item(content.number)
        return {
          __typename: 'ProjectV2Item',
          id: nodeId('PVTI', 0, one.id),
          databaseId: one.id,
          fullDatabaseId: String(one.id),
          type: 'title' in content ? 'DRAFT_ISSUE' : item?.pull === undefined ? 'ISSUE' : 'PULL_REQUEST',
          isArchived: false,
          createdAt: one.createdAt,
          updatedAt: one.createdAt,
          creator: () => gql.actor(one.creator),
          project: () => self,
          content: () =>
            'title' in content
              ? {
                  __typename: 'DraftIssue',
                  id: nodeId('DI', 0, one.id),
                  title: content.title,
                  body: content.body,
                  createdAt: one.createdAt,
                  updatedAt: one.createdAt,
                  creator: () => gql.actor(one.creator),
                  assignees: (inner: Args) => connection(sequence<{ id: number }>([]), inner, () => ({})),
                }
              : item === undefined
                ? null
                : gql.item(content.repository, item),
          fieldValues: (inner: Args) =>
            connection(sequence([...one.values].map(([key, held]) => ({ id: key.id, key, held }))), inner, ({ key, held }) =>
              value(key, held, of, one),
            ),
        }
      }),
  }
  return self
}
