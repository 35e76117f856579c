import type { Heading, Team, WorldChannel, WorldEmoji, WorldFile, WorldList, WorldState, WorldUser } from './model.ts'
import { slackId } from './random.ts'
import { microseconds, timestamp } from './ts.ts'
import type { Message, ProfileField, User, UserGroup } from './wire.ts'

export interface Draft extends Partial<Message> {
  /** Where in time; now, when absent. Slack's own form `seconds.microseconds`. */
  ts?: string
}

/**
 * A company's Slack, as its own servers would hold it: nobody's view, no addresses, no pages.
 * Time stands still between calls of the mutators; each of them moves `now` on by some seconds.
 */
export class World implements WorldState {
  readonly team: Team
  readonly seed: number
  readonly users = new Map<string, WorldUser>()
  readonly channels = new Map<string, WorldChannel>()
  readonly files = new Map<string, WorldFile>()
  readonly groups = new Map<string, UserGroup>()
  readonly emoji = new Map<string, WorldEmoji>()
  readonly lists = new Map<string, WorldList>()
  readonly profileFields: ProfileField[] = []
  #now: number
  #serial = 0

  /** @param startsAt Milliseconds since 1970. */
  constructor(team: Team, seed: number, startsAt: number) {
    this.team = team
    this.seed = seed
    this.#now = startsAt * 1000
  }
  /** Microseconds would not fit a Date: milliseconds, rounded up. */
  get now(): Date {
    return new Date(Math.ceil(this.#now / 1000))
  }
  get nowSeconds(): number {
    return Math.floor(this.#now / 1e6)
  }
  /** Moves the clock on. */
  advance(seconds: number): void {
    this.#now += Math.round(seconds * 1e6)
  }
  nextId(letter: string): string {
    return slackId(letter, this.#serial++, this.seed)
  }
  channel(idOrName: string): WorldChannel {
    const found = this.channels.get(idOrName) ?? [...this.channels.values()].find(({ name }) => name === idOrName)
    if (found === undefined) throw new Error(`no channel ${idOrName} in this world`)
    return found
  }
  user(idOrName: string): WorldUser {
    const found = this.users.get(idOrName) ?? [...this.users.values()].find(({ wire }) => wire.name === idOrName)
    if (found === undefined) throw new Error(`no user ${idOrName} in this world`)
    return found
  }
  message(channel: string, ts: string): Message {
    const found = this.channel(channel).messages.find((message) => message.ts === ts)
    if (found === undefined) throw new Error(`no message ${ts} in ${channel}`)
    return found
  }
  /** `channel:ts` of every message, tombstones included, in the order of channels and time. */
  get messageKeys(): readonly string[] {
    return [...this.channels.values()].flatMap(({ id, messages }) => messages.map(({ ts }) => `${id}:${ts}`))
  }

  addUser(wire: Partial<User> & { name: string }, extra: Partial<Omit<WorldUser, 'wire'>> = {}): WorldUser {
    const id = wire.id ?? this.nextId('U')
    const user: WorldUser = {
      wire: { team_id: this.team.id, deleted: false, updated: this.nowSeconds, is_bot: false, ...wire, id },
      fields: {},
      ...extra,
    }
    this.users.set(id, user)
    return user
  }
  deactivateUser(idOrName: string): void {
    const { wire } = this.user(idOrName)
    this.advance(1)
    wire.deleted = true
    wire.updated = this.nowSeconds
  }
  addChannel(made: Pick<WorldChannel, 'kind' | 'name' | 'creator' | 'members'> & Partial<WorldChannel>): WorldChannel {
    const letter = { public: 'C', private: 'C', mpim: 'C', im: 'D' }[made.kind]
    const channel: WorldChannel = {
      id: this.nextId(letter),
      created: this.nowSeconds,
      archived: false,
      general: false,
      topic: NO_HEADING,
      purpose: NO_HEADING,
      previousNames: [],
      sharedWith: [],
      pins: [],
      revision: 0,
      bookmarks: [],
      messages: [],
      ...made,
    }
    this.channels.set(channel.id, channel)
    return channel
  }
  archiveChannel(idOrName: string): void {
    this.advance(1)
    this.channel(idOrName).archived = true
  }
  deleteChannel(idOrName: string): void {
    this.channels.delete(this.channel(idOrName).id)
  }
  joinChannel(idOrName: string, user: string): void {
    const channel = this.channel(idOrName)
    const { id } = this.user(user).wire
    if (channel.members.includes(id)) return
    channel.members.push(id)
    this.#post(channel, { subtype: 'channel_join', user: id, text: `<@${id}> has joined the channel` })
  }
  leaveChannel(idOrName: string, user: string): void {
    const channel = this.channel(idOrName)
    const { id } = this.user(user).wire
    const at = channel.members.indexOf(id)
    if (at === -1) return
    channel.members.splice(at, 1)
    this.#post(channel, { subtype: 'channel_leave', user: id, text: `<@${id}> has left the channel` })
  }

  postMessage(channel: string, draft: Draft): Message {
    return this.#post(this.channel(channel), draft)
  }
  /** A reply to a thread, however old. The parent's counts follow from it. */
  replyLate(channel: string, root: string, draft: Draft): Message {
    return this.#post(this.channel(channel), { ...draft, thread_ts: root })
  }
  editMessage(channel: string, ts: string, text: string, by?: string): Message {
    const message = this.message(channel, ts)
    this.advance(1)
    message.text = text
    delete message.blocks
    const user = by ?? message.user
    message.edited = { ts: `${this.nowSeconds}.000000`, ...(user === undefined ? {} : { user }) }
    return message
  }
  /** A root with replies leaves a tombstone, as in Slack; everything else disappears without a trace. */
  deleteMessage(channel: string, ts: string): void {
    const { messages } = this.channel(channel)
    this.channel(channel).revision++
    const at = messages.findIndex((message) => message.ts === ts)
    const message = messages[at]
    if (message === undefined) throw new Error(`no message ${ts} in ${channel}`)
    this.advance(1)
    if (messages.some(({ thread_ts }) => thread_ts === ts)) messages[at] = tombstone(ts)
    else messages.splice(at, 1)
  }
  react(channel: string, ts: string, name: string, user: string): void {
    const message = this.message(channel, ts)
    const reactions = (message.reactions ??= [])
    const known = reactions.find((reaction) => reaction.name === name)
    if (known === undefined) reactions.push({ name, users: [user], count: 1 })
    else if (!known.users?.includes(user)) {
      known.users?.push(user)
      known.count = (known.count ?? 0) + 1
    }
  }
  unreact(channel: string, ts: string, name: string, user: string): void {
    const message = this.message(channel, ts)
    for (const reaction of message.reactions ?? []) {
      if (reaction.name !== name || !reaction.users?.includes(user)) continue
      reaction.users = reaction.users.filter((id) => id !== user)
      reaction.count = (reaction.count ?? 1) - 1
    }
    const left = (message.reactions ?? []).filter(({ count }) => (count ?? 0) > 0)
    if (left.length > 0) message.reactions = left
    else delete message.reactions
  }
  pin(channel: string, ts: string, by: string): void {
    const { id, pins } = this.channel(channel)
    this.advance(1)
    pins.push({ ts, by, created: this.nowSeconds })
    const message = this.message(channel, ts)
    message.pinned_to = [id]
    message.pinned_info = { channel: id, pinned_by: by, pinned_ts: this.nowSeconds }
  }
  unpin(channel: string, ts: string): void {
    const { pins } = this.channel(channel)
    pins.splice(0, pins.length, ...pins.filter((pin) => pin.ts !== ts))
    const message = this.message(channel, ts)
    delete message.pinned_to
    delete message.pinned_info
  }
  /** Deletes the file itself: messages keep a tombstone of it. */
  deleteFile(id: string): void {
    const file = this.files.get(id)
    if (file === undefined) throw new Error(`no file ${id} in this world`)
    file.deleted = true
  }

  #post(channel: WorldChannel, draft: Draft): Message {
    if (draft.ts === undefined) this.advance(7.000_219)
    const { messages } = channel
    let moment = draft.ts === undefined ? this.#now : microseconds(draft.ts)
    let at = messages.length
    while (at > 0 && (messages[at - 1]?.ts ?? '') > timestamp(moment)) at--
    // Unique in its channel, as Slack promises: a taken moment moves on by a microsecond.
    if (messages[at - 1]?.ts === timestamp(moment)) for (moment++; messages[at]?.ts === timestamp(moment); at++) moment++
    if (moment > this.#now) this.#now = moment
    const ts = timestamp(moment)
    const message: Message = { type: 'message', text: '', ...draft, ts }
    messages.splice(at, 0, message)
    channel.revision++
    for (const { id } of message.files ?? []) this.files.get(id ?? '')?.shares.push({ channel: channel.id, ts })
    return message
  }
}

const NO_HEADING: Heading = { value: '', creator: '', lastSet: 0 }

function tombstone(ts: string): Message {
  return { type: 'message', subtype: 'tombstone', user: 'USLACKBOT', text: 'This message was deleted.', hidden: true, ts, thread_ts: ts }
}
