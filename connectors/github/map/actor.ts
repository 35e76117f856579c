import { itemId } from '../../../src/contract/ids.ts'
import type { Actor, CodeReaction } from '../../../src/model/actor.ts'
import type { Reaction } from '../wire/graph.ts'

/** GitHub shows what deleted accounts wrote under this one. */
const ghost = { id: 10_137, login: 'ghost' }

/** Who it was; null: the account is deleted. An account without a number (of an enterprise) is known by its name. */
export function actorOf(given: { readonly id: number | null; readonly login: string } | null | undefined): Actor | null {
  if (given === null || given === undefined || given.id === ghost.id || (given.login === ghost.login && given.id === null)) return null
  return { account: itemId('account', given.id === null ? `login:${given.login}` : String(given.id)), login: given.login }
}
export const actorsOf = (given: readonly { readonly id: number; readonly login: string }[]): Actor[] =>
  given
    .map(actorOf)
    .filter((actor) => actor !== null)
    .toSorted((a, b) => (a.login < b.login ? -1 : 1))

/** GitHub's eight signs by their short names. Read 2026-11-25: https://docs.github.com/en/graphql/reference/enums#reactioncontent */
const signs: Readonly<Record<string, string>> = {
  THUMBS_UP: 'thumbsup',
  THUMBS_DOWN: 'thumbsdown',
  LAUGH: 'smile',
  HOORAY: 'tada',
  CONFUSED: 'confused',
  HEART: 'heart',
  ROCKET: 'rocket',
  EYES: 'eyes',
}

/** In an order that does not depend on that of the answer. */
export const reactionsOf = (given: readonly Reaction[] | undefined): CodeReaction[] =>
  (given ?? [])
    .map(({ content, createdAt, user }): CodeReaction => ({
      content: signs[content] ?? content.toLowerCase(),
      by: user === null ? null : actorOf({ id: user.databaseId, login: user.login }),
      at: createdAt,
    }))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
const keyOf = ({ at, content, by }: CodeReaction): string => `${at ?? ''} ${content} ${by?.login ?? ''}`
