import type { Comment, Edit, Item, Person, Reaction } from '../model.ts'
import type { Repository } from '../repository.ts'
import { childrenOf } from '../rest/render-issues.ts'
import { association } from '../rest/render-people.ts'
import { nodeId } from '../site.ts'
import { byChange, sequence } from '../table.ts'
import { connection, ordered, type Args } from './connection.ts'
import type { Gql, Node } from './gql.ts'
import { pullFields } from './pulls.ts'
import { labels, milestone, stateOf } from './repository.ts'
import { timelineItems } from './timeline.ts'

const CONTENT = {
  '+1': 'THUMBS_UP',
  '-1': 'THUMBS_DOWN',
  laugh: 'LAUGH',
  hooray: 'HOORAY',
  confused: 'CONFUSED',
  heart: 'HEART',
  rocket: 'ROCKET',
  eyes: 'EYES',
} as const

interface Written {
  readonly id: number
  readonly author: Person
  readonly body: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly reactions: readonly Reaction[]
  readonly edits?: readonly Edit[]
}
/** What everything has that somebody wrote: text, reactions with names, edits. */
export function written(gql: Gql, repository: Repository, of: Written, id: string): Node {
  const body = gql.site.text(of.body ?? '')
  const edits = of.edits ?? []
  return {
    id,
    databaseId: of.id,
    fullDatabaseId: String(of.id),
    body,
    bodyText: body,
    bodyHTML: () => gql.site.html?.(body) ?? body,
    author: () => gql.actor(of.author),
    authorAssociation: association(repository, of.author),
    createdAt: of.createdAt,
    publishedAt: of.createdAt,
    updatedAt: of.updatedAt,
    lastEditedAt: edits[0]?.editedAt ?? null,
    editor: () => gql.actor(edits[0]?.editor ?? null),
    includesCreatedEdit: edits.length > 0,
    createdViaEmail: false,
    repository: () => gql.repository(repository),
    reactions: (args: Args) => ({
      ...connection(
        sequence(of.reactions.filter(({ content }) => args['content'] === undefined || CONTENT[content] === args['content'])),
        args,
        (one) => ({
          __typename: 'Reaction',
          id: nodeId('REA', repository.id, one.id),
          databaseId: one.id,
          content: CONTENT[one.content],
          createdAt: one.createdAt,
          user: () => gql.user(one.user),
        }),
      ),
      viewerHasReacted: false,
    }),
    reactionGroups: () =>
      Object.entries(CONTENT).map(([content, name]) => {
        const inside = of.reactions.filter((one) => one.content === content)
        return {
          content: name,
          createdAt: inside[0]?.createdAt ?? null,
          viewerHasReacted: false,
          users: (args: Args) => connection(sequence(inside), args, (one) => gql.user(one.user) ?? {}),
          reactors: (args: Args) => connection(sequence(inside), args, (one) => gql.actor(one.user) ?? {}),
        }
      }),
    userContentEdits: (args: Args) =>
      connection(sequence(edits), args, (one) => ({
        __typename: 'UserContentEdit',
        id: nodeId('UCE', repository.id, one.id),
        createdAt: one.editedAt,
        updatedAt: one.editedAt,
        editedAt: one.editedAt,
        editor: () => gql.actor(one.editor),
        diff: gql.site.text(one.diff),
        deletedAt: null,
        deletedBy: null,
      })),
  }
}

export function item(gql: Gql, repository: Repository, of: Item): Node {
  const isPull = of.pull !== undefined
  const path = `/${repository.fullName}/${isPull ? 'pull' : 'issues'}/${of.number}`
  const { tables } = repository
  return {
    __typename: isPull ? 'PullRequest' : 'Issue',
    ...written(gql, repository, of, nodeId(isPull ? 'PR' : 'I', repository.id, of.id)),
    number: of.number,
    title: of.title,
    titleHTML: of.title,
    url: `${gql.site.host}${path}`,
    resourcePath: path,
    state: stateOf(of),
    stateReason: of.stateReason?.toUpperCase() ?? null,
    closed: of.state === 'closed',
    closedAt: of.closedAt,
    locked: of.locked !== null,
    activeLockReason: of.locked === null || of.locked === 'unspecified' ? null : of.locked.toUpperCase().replace(/[ -]/g, '_'),
    isPinned: false,
    milestone: () => (of.milestone === null ? null : milestone(gql, repository, of.milestone)),
    labels: (args: Args) => labels(repository, of.labels, args),
    assignees: (args: Args) =>
      connection(sequence(of.assignees.filter(({ deleted }) => deleted !== true)), args, (one) => gql.user(one) ?? {}),
    comments: (args: Args) => {
      const inside = tables.comments.of(of.number).filter(({ author }) => author.suspended !== true)
      const { list, key } = ordered((order) => sequence(order === 'created' ? inside : inside.toSorted(byChange)), args)
      return connection(list, args, (one) => gql.comment(repository, one), key)
    },
    ...(of.pull === undefined ? issueFields(gql, repository, of) : {}),
    parent: () => {
      const above = of.parent === null ? undefined : repository.item(of.parent)
      return above === undefined ? null : gql.item(repository, above)
    },
    timelineItems: (args: Args) => timelineItems(gql, repository, of, args),
    ...(of.pull === undefined ? {} : pullFields(gql, repository, of, of.pull)),
  }
}

function issueFields(gql: Gql, repository: Repository, of: Item): Node {
  const children = (): readonly Item[] => childrenOf(repository, of.number)
  return {
    issueType: () =>
      of.type === null
        ? null
        : { __typename: 'IssueType', id: 'IT_kwDOtype', name: of.type, description: null, color: 'RED', isEnabled: true },
    subIssues: (args: Args) => connection(sequence(children()), args, (one) => gql.item(repository, one)),
    subIssuesSummary: () => ({
      total: children().length,
      completed: children().filter(({ state }) => state === 'closed').length,
      percentCompleted: 0,
    }),
  }
}

export function comment(gql: Gql, repository: Repository, of: Comment): Node {
  const about = repository.item(of.item)
  const path = `/${repository.fullName}/${about?.pull === undefined ? 'issues' : 'pull'}/${of.item}#issuecomment-${of.id}`
  return {
    __typename: 'IssueComment',
    ...written(gql, repository, of, nodeId('IC', repository.id, of.id)),
    url: `${gql.site.host}${path}`,
    resourcePath: path,
    isMinimized: of.minimized !== null,
    minimizedReason: of.minimized,
    issue: () => (about === undefined ? null : gql.item(repository, about)),
    pullRequest: () => (about?.pull === undefined ? null : gql.item(repository, about)),
  }
}
