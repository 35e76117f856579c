import { rich, text } from '../rich.ts'
import type { Stage } from '../stories.ts'

/** Threads: long, shown in the channel as well, begun by nobody any more, answered late. */
export function tellThreads({ world, people: { ada, erika, ken, gone, noMail }, rooms: { general, random, dm, plans } }: Stage): void {
  const reply = (channel: string, root: string, user: string, words: string, more: object = {}) =>
    world.postMessage(channel, { user, text: words, blocks: rich(text(words)), thread_ts: root, ...more })

  const lively = world.postMessage(general.id, { user: ada, text: 'Who brings cake?' })
  for (let i = 0; i < 45; i++) reply(general.id, lively.ts, [ada, erika, ken, noMail][i % 4] ?? ada, `me, on day ${i + 1}`)
  const aloud = reply(general.id, lively.ts, erika, 'Decided: cheese cake', { subtype: 'thread_broadcast' })
  world.react(general.id, aloud.ts, 'tada', ken)

  const removed = world.postMessage(random.id, { user: gone, text: 'I should not have said that' })
  reply(random.id, removed.ts, ada, 'said what?')
  reply(random.id, removed.ts, ken, 'never mind')
  world.deleteMessage(random.id, removed.ts)

  const empty = world.postMessage(random.id, { user: ada, text: 'Anybody?' })
  const only = reply(random.id, empty.ts, ken, 'no')
  world.deleteMessage(random.id, only.ts)

  const fromGone = world.postMessage(plans.id, { user: gone, text: 'The plan', reactions: [{ name: 'eyes', users: [erika], count: 1 }] })
  reply(plans.id, fromGone.ts, 'U9UNKNOWN', 'from somebody no list has')
  const private_ = world.postMessage(dm.id, { user: erika, text: 'Do you have the numbers?' })
  reply(dm.id, private_.ts, ada, 'Tomorrow')
}
