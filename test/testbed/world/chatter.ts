import type { WorldChannel } from './model.ts'
import type { Random } from './random.ts'
import { rich, text } from './rich.ts'
import type { World } from './world.ts'

const WORDS =
  'the new release is out now please test it on staging before lunch I think we should ask Kiel first thanks great work invoice printer coffee Überraschung façade naïve 会議 は 三時 です Привет команда شكرا build failed again fixed deploy window tonight budget contract offer draft review merge ticket customer happy 🎉 👍🏽'.split(
    ' ',
  )
const EMOJI = [
  'thumbsup',
  'thumbsup::skin-tone-4',
  'heart',
  'tada',
  'fallreep',
  'party',
  'eyes',
  'white_check_mark',
  'wave::skin-tone-6',
] as const

/** Ordinary talk: what most of any workspace is. Threads, reactions and mentions in the proportions of an office. */
export function chatter(world: World, random: Random, channel: WorldChannel, count: number): void {
  const speakers = channel.members.length > 0 ? channel.members : [channel.creator]
  const roots: string[] = []
  for (let i = 0; i < count; i++) {
    world.advance(random.below(5400))
    const words = Array.from({ length: 3 + random.below(18) }, () => random.pick(WORDS)).join(' ')
    const user = random.pick(speakers)
    const mention = random.chance(0.15) ? random.pick(speakers) : undefined
    const inThread = roots.length > 0 && random.chance(0.3)
    const said = world.postMessage(channel.id, {
      user,
      team: world.team.id,
      client_msg_id: `${channel.id}-${i}`,
      text: mention === undefined ? words : `<@${mention}> ${words}`,
      blocks: mention === undefined ? rich(text(words)) : rich({ type: 'user', user_id: mention }, text(` ${words}`)),
      ...(inThread ? { thread_ts: random.pick(roots) } : {}),
    })
    if (!inThread && random.chance(0.2)) roots.push(said.ts)
    while (random.chance(0.25)) world.react(channel.id, said.ts, random.pick(EMOJI), random.pick(speakers))
    if (random.chance(0.04)) world.editMessage(channel.id, said.ts, `${words} (edited)`)
  }
}
