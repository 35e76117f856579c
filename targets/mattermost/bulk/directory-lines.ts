import type { BlobRef } from '../../../src/contract/item.ts'
import type { CheckedLines } from './checked-lines.ts'
import type { ComposeOptions, DirectoryOperations } from './compose-options.ts'
import { ARCHIVED_AT, type ImportLine, avatarPath, channelLine, userLine } from './lines.ts'

/** What people and places bring beside their lines. */
interface Beside {
  /** Told each file that a line names. */
  file(path: string, blob: BlobRef): void
  /** Lines of conversations, which come after all posts of channels. */
  later(line: string): void
  /** Lines for this channel are coming. */
  reopen(channel: string): Promise<void>
}

/** Everything that must stand before the first post: version, emoji, team, channels, users. Their names are known to `checked` afterwards. */
export async function directoryLines(
  { users, channels, emoji }: DirectoryOperations,
  options: ComposeOptions,
  checked: CheckedLines,
  beside: Beside,
): Promise<readonly string[]> {
  const lines: string[] = []
  const emit = (line: ImportLine) => void lines.push(checked.text(line))
  const { team, teamTitle, teamOpen, standing, features } = options
  emit({ type: 'version', version: 1 })
  for (const { op } of emoji) {
    if (standing.emoji.has(op.name)) continue
    const image = `emoji/${op.image.sha256}`
    beside.file(image, op.image)
    emit({ type: 'emoji', emoji: { name: op.name, image } })
  }
  if (!standing.team)
    emit({ type: 'team', team: { name: team, display_name: teamTitle, type: teamOpen ? 'O' : 'I', allow_open_invite: teamOpen } })
  const memberships = new Map<string, string[]>()
  for (const { op, state } of channels) {
    if (op.place.type === 'direct') continue
    const { name } = op.place
    checked.channels.add(name)
    for (const member of op.members) {
      const rooms = memberships.get(member)
      if (rooms === undefined) memberships.set(member, [name])
      else rooms.push(name)
    }
    // A line for a channel that is there sets its title, header, purpose and type without a message in the channel, which the API would leave.
    if (standing.channels.has(name) && state !== 'changed') continue
    await beside.reopen(name)
    emit(channelLine(op, team, features))
  }
  for (const { op } of users) {
    checked.users.add(op.username)
    // Never for somebody who is there: it would set a new password, cut the link to single sign-on and reset what was read.
    if (standing.users.has(op.username)) continue
    if (op.avatar !== null) beside.file(avatarPath(op), op.avatar)
    emit(userLine(op, team, memberships.get(op.username) ?? [], ARCHIVED_AT))
  }
  for (const { op, state } of channels)
    if (op.place.type === 'direct' && state !== 'same') beside.later(checked.text(channelLine(op, team, features)))
  return lines
}
