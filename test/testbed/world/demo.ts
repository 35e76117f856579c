import { openRooms, type Rooms } from './channels.ts'
import { chatter } from './chatter.ts'
import { addCustomEmoji } from './emoji.ts'
import { demoFiles, type DemoFiles } from './files.ts'
import { addCrowd, populate, type People } from './people.ts'
import { Random } from './random.ts'
import { addGroups } from './groups.ts'
import { addLists } from './lists.ts'
import { tellStories } from './stories.ts'
import { World } from './world.ts'

export interface WorldOptions {
  /** Same seed, same world, byte for byte. */
  readonly seed?: number
  /** People beside the fifteen of the story. */
  readonly users?: number
  /** Public channels beside those of the story. */
  readonly channels?: number
  /** Ordinary messages in each channel, beside the stories. */
  readonly messagesPerChannel?: number
  /** Whether there are conversations the token's owner is not in. Default true. */
  readonly secrets?: boolean
  /** Whether the special cases are there. Without them the world has channels and chatter only. Default true. */
  readonly stories?: boolean
  readonly plan?: 'free' | 'paid'
}

/** The demo company and the names its generator has for things. */
export interface DemoWorld extends World {
  readonly people: People
  readonly rooms: Rooms
  readonly demo: DemoFiles
}

/** Monday 2026-03-02, 07:00 UTC: still Sunday in Los Angeles, where export files get their dates. */
const START = Date.UTC(2026, 2, 2, 7)

export function demoWorld({
  seed = 1,
  users = 0,
  channels = 0,
  messagesPerChannel = 24,
  secrets = true,
  stories = true,
  plan = 'paid',
}: WorldOptions = {}): DemoWorld {
  const random = new Random(seed)
  const world = new World({ id: 'T0FALLREEP', name: 'Fallreep Demo GmbH', domain: 'fallreep-demo', plan }, seed, START)
  const people = populate(world, random)
  const crowd = addCrowd(world, random, users)
  addCustomEmoji(world)
  const demo = demoFiles(world, people.erika)
  const rooms = openRooms(world, people, demo, { secrets })
  rooms.general.members.push(...crowd)
  addGroups(world, people, rooms)
  for (let i = 0; i < channels; i++) {
    const members = [people.ada, ...crowd.filter(() => random.chance(0.2))]
    world.addChannel({ kind: 'public', name: `channel-${i + 1}`, creator: people.ada, members })
  }
  if (stories) {
    addLists(world, people, rooms)
    tellStories({ world, people, rooms, files: demo })
  }
  for (const channel of world.channels.values()) chatter(world, random, channel, channel.archived ? 5 : messagesPerChannel)
  return Object.assign(world, { people, rooms, demo })
}
