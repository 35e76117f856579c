import type { Actor } from '../../../src/model/actor.ts'
import { type People, whoOf } from '../people.ts'
import type { Who } from '../operations.ts'
import type { Told } from './told.ts'

/** The author there. Where the importing user stands in, `lead` must stand before the text and names the author. */
export function authorOf(actor: Actor | null, at: string, people: People, told: Told): { readonly who: Who; readonly lead: string } {
  const who = whoOf(people.who(actor))
  if (actor === null) told.substituted('author-replaced', 'author', 'the account was deleted at the source')
  if (who.username !== null) return { who, lead: '' }
  if (actor !== null) told.substituted('author-replaced', 'author', `${actor.login} has no user there; the text names the author`)
  return { who, lead: `*By \`${actor?.login ?? 'a deleted account'}\` on ${at.slice(0, 10)}*\n\n` }
}

/** The first of several people, with a loss for the others and for those who have no user. */
export function oneOf(actors: readonly Actor[], field: string, people: People, told: Told): readonly Who[] {
  const known = actors.map((actor) => whoOf(people.who(actor)))
  const there = known.filter(({ username }) => username !== null)
  const missing = known.length - there.length
  if (missing > 0) told.degraded('author-replaced', field, `${missing} people have no user there`)
  const others = there.slice(1)
  if (others.length > 0)
    told.degraded(
      'no-such-concept',
      field,
      `one is possible without a paid edition; left out: ${others.map(({ login }) => login).join(', ')}`,
    )
  return there.slice(0, 1)
}
