import type { DemoFiles } from './files.ts'
import type { WorldChannel } from './model.ts'
import type { People } from './people.ts'
import type { World } from './world.ts'

export interface Rooms {
  readonly general: WorldChannel
  readonly random: WorldChannel
  readonly koeln: WorldChannel
  readonly short: WorldChannel
  readonly townSquare: WorldChannel
  readonly archived: WorldChannel
  readonly plans: WorldChannel
  /** A private channel and a direct message that Ada, whose token is used, is not in. Absent in a world without secrets. */
  readonly board: WorldChannel | undefined
  readonly whisper: WorldChannel | undefined
  readonly shared: WorldChannel
  readonly dm: WorldChannel
  readonly self: WorldChannel
  readonly withBot: WorldChannel
  readonly three: WorldChannel
  readonly eight: WorldChannel
  readonly nine: WorldChannel
}

export interface RoomOptions {
  /** Whether there are conversations that the token's owner is not in. */
  readonly secrets: boolean
}

/** Every type of conversation, in every state. */
export function openRooms(world: World, people: People, files: DemoFiles, { secrets }: RoomOptions): Rooms {
  const { ada, erika, ken, olena, yusuf, sam, samToo, guest, oneChannelGuest, gone, noMail, external, app, slackbot } = people
  const staff = [ada, erika, ken, olena, yusuf, sam, samToo, noMail]
  const at = world.nowSeconds
  const heading = (value: string, creator: string) => ({ value, creator, lastSet: at })
  const open = (made: Parameters<World['addChannel']>[0]) => {
    world.advance(61)
    return world.addChannel(made)
  }
  const names = (ids: readonly string[]) => ids.map((id) => world.user(id).wire.name).join('--')
  const group = (...members: string[]) =>
    open({ kind: 'mpim', name: `mpdm-${names(members)}-1`, creator: members[0] ?? ada, members, purpose: heading('Group messaging', ada) })
  const direct = (one: string, other: string) => open({ kind: 'im', name: '', creator: one, members: one === other ? [one] : [one, other] })
  return {
    general: open({
      kind: 'public',
      name: 'general',
      general: true,
      creator: ada,
      members: [...staff, guest, app],
      canvas: files.channelCanvas.id,
      topic: heading(`Ask <@${erika}> &amp; read <https://example.org/a?b=1&amp;c=2|the handbook> :fallreep:`, ada),
      purpose: heading('Everything that concerns *everybody*', ada),
      bookmarks: [
        bookmark(world, 'Handbook', 'https://example.org/handbook?a=1&b=2', ':book:'),
        bookmark(world, 'Kalender – Büro', 'https://example.org/kalender', ''),
      ],
    }),
    random: open({ kind: 'public', name: 'random', creator: ada, members: staff, previousNames: ['smalltalk'] }),
    koeln: open({ kind: 'public', name: 'büro-köln_東京', creator: ken, members: [ken, olena, ada], topic: heading('Köln ⇄ 東京', ken) }),
    short: open({ kind: 'public', name: 'x', creator: sam, members: [sam, samToo] }),
    townSquare: open({ kind: 'public', name: 'town-square', creator: yusuf, members: [yusuf, erika, oneChannelGuest] }),
    archived: open({
      kind: 'public',
      name: 'old-project',
      creator: gone,
      members: [],
      archived: true,
      purpose: heading('It was fun', gone),
    }),
    plans: open({
      kind: 'private',
      name: 'secret-plans',
      creator: ada,
      members: [ada, erika, yusuf],
      topic: heading('not for everybody', ada),
    }),
    board: secrets ? open({ kind: 'private', name: 'board', creator: erika, members: [erika, ken] }) : undefined,
    whisper: secrets ? direct(ken, olena) : undefined,
    shared: open({
      kind: 'public',
      name: 'ext-other-ltd',
      creator: ada,
      members: [ada, sam, external],
      sharedWith: [world.user(external).wire.team_id ?? ''],
    }),
    dm: direct(ada, erika),
    self: direct(ada, ada),
    withBot: direct(ada, slackbot),
    three: group(ada, erika, ken),
    eight: group(...staff),
    nine: group(...staff, guest),
  }
}

function bookmark(world: World, title: string, link: string, emoji: string): WorldChannel['bookmarks'][number] {
  return {
    id: world.nextId('Bk'),
    title,
    link,
    emoji,
    type: 'link',
    icon_url: '',
    rank: 'a',
    date_created: world.nowSeconds,
    date_updated: 0,
    app_id: '',
    shortcut_id: '',
  }
}
