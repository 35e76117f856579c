import type { CodeReaction } from '../../../src/model/actor.ts'
import type { Award } from '../operations.ts'
import { type People, whoOf } from '../people.ts'
import { fullTime } from './times.ts'
import type { Told } from './told.ts'

/**
 * GitHub's eight reactions under their several names, as GitLab's emoji index has them.
 * https://docs.github.com/en/rest/reactions/reactions, https://docs.gitlab.com/user/emoji_reactions/
 */
const names = new Map([
  ['+1', 'thumbsup'],
  ['thumbs_up', 'thumbsup'],
  ['thumbsup', 'thumbsup'],
  ['-1', 'thumbsdown'],
  ['thumbs_down', 'thumbsdown'],
  ['thumbsdown', 'thumbsdown'],
  ['laugh', 'laughing'],
  ['laughing', 'laughing'],
  ['smile', 'laughing'],
  ['hooray', 'tada'],
  ['tada', 'tada'],
  ['confused', 'confused'],
  ['heart', 'heart'],
  ['rocket', 'rocket'],
  ['eyes', 'eyes'],
])

/** Reactions as awards, each of one person once. Those whose giver the source does not name are counted in a loss. */
export function awardsOf(reactions: readonly CodeReaction[], createdAt: string, people: People, told: Told): readonly Award[] {
  const awards = new Map<string, Award>()
  let nameless = 0
  let strange = 0
  let undated = 0
  let standIns = 0
  for (const { content, by, at } of reactions) {
    const name = names.get(content)
    if (name === undefined) strange++
    else if (by === null) nameless++
    else {
      const who = whoOf(people.who(by))
      if (who.username === null) standIns++
      else {
        if (at === null) undated++
        awards.set(`${name} ${who.username}`, { name, who, at: fullTime(at ?? createdAt) })
      }
    }
  }
  if (nameless > 0) told.degraded('withheld-by-source', 'reactions', `${nameless} reactions of people the source does not name`)
  if (strange > 0) told.degraded('no-such-concept', 'reactions', `${strange} reactions that GitLab has no emoji for`)
  if (standIns > 0) told.degraded('author-replaced', 'reactions', `${standIns} reactions of people who have no user there`)
  if (undated > 0) told.degraded('time-replaced', 'reactions', `when ${undated} reactions were given is not known`)
  return [...awards.values()]
}
