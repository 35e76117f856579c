import type { Discussion, DiscussionComment } from '../model.ts'
import type { Repository } from '../repository.ts'
import { nodeId } from '../site.ts'
import { sequence } from '../table.ts'
import { connection, type Args } from './connection.ts'
import type { Gql, Node } from './gql.ts'
import { labels } from './repository.ts'

export function discussion(gql: Gql, repository: Repository, of: Discussion, common: Node): Node {
  const path = `/${repository.fullName}/discussions/${of.number}`
  const comments = repository.discussionComments
  return {
    __typename: 'Discussion',
    ...common,
    number: of.number,
    title: of.title,
    url: `${gql.site.host}${path}`,
    resourcePath: path,
    locked: of.locked,
    activeLockReason: null,
    closed: of.closedAt !== null,
    closedAt: of.closedAt,
    stateReason: of.closedAt === null ? null : 'RESOLVED',
    isAnswered: of.category.isAnswerable ? of.answer !== null : null,
    answer: () => {
      const found = of.answer === null ? undefined : comments.get(of.answer)
      return found === undefined ? null : gql.discussionComment(repository, found)
    },
    answerChosenAt: of.answer === null ? null : of.updatedAt,
    answerChosenBy: () => gql.actor(of.answeredBy),
    upvoteCount: 1,
    poll: null,
    category: {
      __typename: 'DiscussionCategory',
      id: nodeId('DIC', repository.id, of.category.id),
      name: of.category.name,
      slug: of.category.slug,
      emoji: of.category.emoji,
      emojiHTML: of.category.emoji,
      isAnswerable: of.category.isAnswerable,
      description: null,
      createdAt: repository.createdAt,
      updatedAt: repository.createdAt,
    },
    labels: (args: Args) => labels(repository, of.labels, args),
    // Answers to a comment are found below it only.
    comments: (args: Args) =>
      connection(sequence(comments.of(of.number).filter(({ replyTo }) => replyTo === null)), args, (one) =>
        gql.discussionComment(repository, one),
      ),
  }
}

export function discussionComment(gql: Gql, repository: Repository, of: DiscussionComment, common: Node): Node {
  const comments = repository.discussionComments
  const about = (): Discussion | undefined => {
    const all = repository.discussions.by('created')
    for (let at = 0; at < all.length; at += 1) if (all.at(at).number === of.item) return all.at(at)
    return undefined
  }
  const path = `/${repository.fullName}/discussions/${of.item}#discussioncomment-${of.id}`
  return {
    __typename: 'DiscussionComment',
    ...common,
    ...(of.deleted === true ? { body: '', bodyText: '', author: null } : {}),
    deletedAt: of.deleted === true ? of.updatedAt : null,
    isAnswer: about()?.answer === of.id,
    isMinimized: false,
    minimizedReason: null,
    upvoteCount: 1,
    url: `${gql.site.host}${path}`,
    resourcePath: path,
    discussion: () => {
      const found = about()
      return found === undefined ? null : gql.discussion(repository, found)
    },
    replyTo: () => {
      const found = of.replyTo === null ? undefined : comments.get(of.replyTo)
      return found === undefined ? null : gql.discussionComment(repository, found)
    },
    replies: (args: Args) =>
      connection(sequence(comments.of(of.item).filter(({ replyTo }) => replyTo === of.id)), args, (one) =>
        gql.discussionComment(repository, one),
      ),
  }
}
