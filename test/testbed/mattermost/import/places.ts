import { saveChannel, saveTeam } from '../places.ts'
import { refuseNulIn } from '../refusal.ts'
import type { ChannelRow } from '../rows.ts'
import { isSystemEmoji } from '../system-emoji.ts'
import { readMember, type Run } from './run-context.ts'
import type { ChannelLine, EmojiLine, TeamLine } from './shapes.ts'
import { abort, validateChannel, validateEmoji, validateTeam } from './validate.ts'

/** Creates the team or overwrites its name, type and, where given, description and openness. */
export function importTeam({ store }: Run, line: TeamLine): void {
  validateTeam(line, store.can)
  const name = (line.name ?? '').toLowerCase()
  refuseNulIn('app.team.save.app_error', 'Team', line.display_name, line.description)
  const known = store.teamNamed(name)
  const type = line.type === 'I' ? 'I' : 'O'
  const team = known ?? saveTeam(store, { name, display_name: line.display_name ?? '', type })
  team.display_name = line.display_name ?? ''
  team.type = type
  team.description = line.description ?? team.description
  team.allow_open_invite = line.allow_open_invite ?? team.allow_open_invite
  team.update_at = store.now()
}

export function importChannel({ store }: Run, line: ChannelLine): void {
  validateChannel(line, store.can)
  const team = store.teamNamed(line.team ?? '')
  if (team === undefined)
    return abort(
      'app.import.import_channel.team_not_found.error',
      '',
      `Error importing channel. Team with name "${line.team}" could not be found.`,
    )
  const name = (line.name ?? '').toLowerCase()
  refuseNulIn('app.channel.create_channel.internal_error', 'Channel', line.display_name, line.header, line.purpose)
  const fields = {
    display_name: line.display_name || name,
    type: line.type === 'P' ? ('P' as const) : ('O' as const),
    ...(line.header === undefined ? {} : { header: line.header }),
    ...(line.purpose === undefined ? {} : { purpose: line.purpose }),
  }
  const known = store.channelNamed(team.id, name)
  // An archived channel takes no update, so a line sent again for one stops the run.
  if (known !== undefined && known.delete_at !== 0) abort('app.channel.update.bad_id.app_error')
  const channel: ChannelRow = known ?? saveChannel(store, { team_id: team.id, name, ...fields })
  Object.assign(channel, fields)
  channel.update_at = store.now()
  if (store.can.channelDeletedAt && (line.deleted_at ?? 0) > 0) channel.delete_at = line.deleted_at ?? 0
}

/** Creates the emoji or gives the known one another picture. */
export async function importEmoji(run: Run, line: EmojiLine): Promise<void> {
  const { store } = run
  validateEmoji(line, store.can)
  const name = line.name ?? ''
  if (isSystemEmoji(name)) {
    if (!store.can.systemEmojiSkipped) abort('model.emoji.name.app_error')
    run.warnings.push(`emoji ${name} is a system emoji`)
    return
  }
  const image = await readMember(run, line.image ?? '')
  if (image === undefined)
    return abort('app.import.emoji.bad_file.error', '', `Error reading import emoji image file. Emoji with name: "${name}"`)
  if (image.byteLength > store.can.importedEmojiBytes) abort('app.import.emoji.bad_file.error')
  const known = [...store.emojis.values()].find((emoji) => emoji.name === name && emoji.delete_at === 0)
  if (known !== undefined) {
    known.image = image
    return
  }
  const now = store.now()
  const id = store.id()
  store.emojis.set(id, { id, create_at: now, update_at: now, delete_at: 0, creator_id: '', name, image })
}
