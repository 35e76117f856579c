import { png } from './images.ts'
import type { World } from './world.ts'

/** Pictures, an alias of a picture, an alias of a standard emoji, an alias of nothing, and a name Slack itself knows. */
export function addCustomEmoji(world: World): void {
  world.emoji.set('fallreep', { name: 'fallreep', image: png(32, 32, [20, 90, 160]) })
  world.emoji.set('party', { name: 'party', image: png(32, 32, [220, 40, 120]) })
  world.emoji.set('büro', { name: 'büro', image: png(16, 16, [90, 90, 90]) })
  world.emoji.set('ladder', { name: 'ladder', alias: 'fallreep' })
  world.emoji.set('shipit', { name: 'shipit', alias: 'squirrel' })
  world.emoji.set('lost', { name: 'lost', alias: 'was-deleted-long-ago' })
  world.emoji.set('thumbsup_all', { name: 'thumbsup_all', image: png(64, 64, [250, 200, 40]) })
}
