import { Random, slackId } from '../../world/random.ts'
import { pacificDay } from './day.ts'
import { RawZip } from './raw-zip.ts'

export interface LargeExport {
  readonly messages?: number
  readonly users?: number
  readonly channels?: number
  readonly seed?: number
}
export interface LargeExportFacts {
  readonly messages: number
  readonly replies: number
  readonly dayFiles: number
  /** JSON before compression. */
  readonly rawBytes: number
}

const WORDS =
  'release staging lunch invoice printer coffee build deploy window tonight budget contract offer draft review merge ticket customer happy green failed again fixed please could somebody look meeting moved thanks'.split(
    ' ',
  )
const EMOJI = ['thumbsup', 'heart', 'tada', 'eyes', 'fallreep', '+1::skin-tone-3'] as const
/** Monday 2025-01-06, 17:00 UTC: nine in the morning where days are counted. */
const START_S = 1_736_182_800
const DAY_S = 86_400

/**
 * An export of any size, written as it is made up: one day file in memory at a time.
 * Channels differ in size as they do in life: a few are busy, most are quiet.
 */
export async function writeLargeExport(
  path: string,
  { messages = 1_000_000, users = 2000, channels = 3000, seed = 1 }: LargeExport = {},
): Promise<LargeExportFacts> {
  const random = new Random(seed)
  const people = Array.from({ length: users }, (_, i) => ({ id: slackId('U', i, seed), name: `person${i}` }))
  const rooms = Array.from({ length: channels }, (_, i) => ({
    id: slackId('C', i, seed),
    name: i === 0 ? 'general' : `channel-${i}`,
    members: membersOf(i, people, random),
  }))
  const names = new Map(people.map(({ id, name }) => [id, name]))
  await using zip = await RawZip.create(path)
  const add = (name: string, text: string) => zip.add({ name, content: Buffer.from(text, 'utf8'), level: 1 })

  await add('users.json', `[${people.map(({ id, name }, i) => userJson(id, name, i % 50 === 49)).join(',\n')}]`)
  await add(
    'channels.json',
    `[${rooms.map(({ id, name, members }, i) => JSON.stringify({ id, name, created: START_S, creator: people[0]?.id, is_archived: i % 40 === 39, is_general: i === 0, members, topic: { value: '', creator: '', last_set: 0 }, purpose: { value: `Purpose of ${name}`, creator: '', last_set: 0 } })).join(',\n')}]`,
  )
  await add('integration_logs.json', '[]')

  let left = messages
  let replies = 0
  let dayFiles = 0
  let weights = 0
  for (let i = 0; i < channels; i++) weights += 1 / (i + 10)
  let toGo = weights
  for (const [index, room] of rooms.entries()) {
    const weight = 1 / (index + 10)
    const count = index === rooms.length - 1 ? left : Math.min(left, Math.round((left * weight) / toGo))
    toGo -= weight
    left -= count
    const writer = new ChannelWriter(room, names, random)
    const perDay = Math.max(20, Math.ceil(count / 250))
    for (let done = 0; done < count; done += perDay) {
      const day = writer.day(Math.min(perDay, count - done))
      await add(`${room.name}/${day.name}.json`, day.text)
      dayFiles++
    }
    replies += writer.replies
  }
  await zip.finish()
  return { messages, replies, dayFiles, rawBytes: zip.rawBytes }
}

interface Named {
  readonly id: string
  readonly name: string
}

function membersOf(index: number, people: readonly Named[], random: Random): readonly string[] {
  if (index === 0) return people.map(({ id }) => id)
  const wanted = Math.min(people.length, 5 + random.below(40))
  return [...new Set(Array.from({ length: wanted }, () => random.pick(people).id))]
}

const userJson = (id: string, name: string, deleted: boolean): string =>
  JSON.stringify({
    id,
    team_id: 'T0LARGE',
    name,
    deleted,
    color: '9f69e7',
    real_name: `Person ${name}`,
    tz: 'Europe/Berlin',
    is_admin: false,
    is_bot: false,
    updated: START_S,
    profile: {
      real_name: `Person ${name}`,
      display_name: name,
      email: `${name}@example.org`,
      title: '',
      avatar_hash: 'g0',
      team: 'T0LARGE',
    },
  })

interface Thread {
  /** Index of the root in the day's lines. */
  readonly at: number
  readonly user: string
  readonly ts: string
  readonly replies: { user: string; ts: string }[]
}

/** Builds JSON as text: at a million messages JSON.stringify is what takes the time. No word in it needs escaping. */
class ChannelWriter {
  readonly #room: Named & { readonly members: readonly string[] }
  readonly #names: ReadonlyMap<string, string>
  readonly #random: Random
  #dayIndex = 0
  replies = 0
  constructor(room: Named & { readonly members: readonly string[] }, names: ReadonlyMap<string, string>, random: Random) {
    this.#room = room
    this.#names = names
    this.#random = random
  }
  /** One file of so many messages, on the next day. */
  day(count: number): { readonly name: string; readonly text: string } {
    const start = START_S + this.#dayIndex++ * DAY_S
    const step = Math.max(1, Math.floor(28_800 / count))
    const lines: string[] = []
    let thread: Thread | undefined
    const closeThread = () => {
      if (thread !== undefined) lines[thread.at] = lines[thread.at]?.replace(/\}$/, threadTail(thread.ts, thread.replies)) ?? ''
      thread = undefined
    }
    for (let i = 0; i < count; i++) {
      const ts = `${start + i * step}.${String(100 + i).padStart(6, '0')}`
      const user = this.#random.pick(this.#room.members)
      if (thread !== undefined && thread.replies.length < 6 && this.#random.chance(0.7)) {
        thread.replies.push({ user, ts })
        lines.push(this.#message(ts, user, `,"thread_ts":"${thread.ts}","parent_user_id":"${thread.user}"`))
        this.replies++
        continue
      }
      closeThread()
      lines.push(this.#message(ts, user, ''))
      if (this.#random.chance(0.08)) thread = { at: lines.length - 1, user, ts, replies: [] }
    }
    closeThread()
    return { name: pacificDay(start * 1000), text: `[${lines.join(',\n')}]` }
  }
  #message(ts: string, user: string, more: string): string {
    const random = this.#random
    const words: string[] = []
    for (let i = 4 + random.below(14); i > 0; i--) words.push(random.pick(WORDS))
    const said = words.join(' ')
    const name = this.#names.get(user) ?? ''
    const mention = random.chance(0.12) ? random.pick(this.#room.members) : undefined
    const text = mention === undefined ? said : `<@${mention}> ${said}`
    const elements =
      mention === undefined
        ? `{"type":"text","text":"${said}"}`
        : `{"type":"user","user_id":"${mention}"},{"type":"text","text":" ${said}"}`
    const reaction = random.chance(0.1) ? `,"reactions":[{"name":"${random.pick(EMOJI)}","users":["${user}"],"count":1}]` : ''
    return `{"type":"message","user":"${user}","ts":"${ts}","client_msg_id":"${ts}-${user}","text":"${text}","team":"T0LARGE","user_team":"T0LARGE","source_team":"T0LARGE","user_profile":{"avatar_hash":"g00000000000","image_72":"https://images.slack.example/avatars/${user}_72.png","first_name":"Person","real_name":"Person ${name}","display_name":"${name}","team":"T0LARGE","name":"${name}","is_restricted":false,"is_ultra_restricted":false},"blocks":[{"type":"rich_text","block_id":"b${ts}","elements":[{"type":"rich_text_section","elements":[${elements}]}]}]${reaction}${more}}`
  }
}

function threadTail(ts: string, replies: readonly { user: string; ts: string }[]): string {
  if (replies.length === 0) return '}'
  const users = [...new Set(replies.map(({ user }) => user))]
  return `,"thread_ts":"${ts}","reply_count":${replies.length},"reply_users_count":${users.length},"latest_reply":"${replies.at(-1)?.ts ?? ''}","reply_users":${JSON.stringify(users.slice(0, 5))},"replies":${JSON.stringify(replies)},"is_locked":false,"subscribed":false}`
}
