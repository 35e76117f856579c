import { z } from 'zod'
import { Fault } from '../../src/fault.ts'
import type { Work } from './apply.ts'
import type { DirectoryOperations } from './bulk/compose-options.ts'
import type { ServerPlaces } from './places.ts'
import { Member } from './wire.ts'

/**
 * A private channel must not land in a channel that was there before under the same name and that more people can read.
 * What an earlier run made (also one whose ledger is lost) has the same members or fewer and passes.
 * @throws Fault `config` before the first byte, naming the channels
 */
export async function assertNobodyElse(
  { client }: Work,
  world: ServerPlaces,
  { channels }: DirectoryOperations,
  signal: AbortSignal,
): Promise<void> {
  const closed = new Map<string, ReadonlySet<string>>()
  for (const { op, state } of channels)
    if (state === 'new' && op.place.type === 'channel' && !op.open) closed.set(op.place.name, new Set(op.members))
  if (closed.size === 0) return
  const wider: string[] = []
  for await (const channel of world.channels(signal)) {
    const members = closed.get(channel.name)
    if (members === undefined) continue
    let others = channel.type === 'O' ? 1 : 0
    if (others === 0)
      for await (const { user_id } of client.pages(z.array(Member), `/channels/${channel.id}/members`, {}, signal))
        if (!members.has(await world.username(user_id, signal))) others++
    if (others > 0) wider.push(channel.name)
  }
  if (wider.length > 0)
    throw new Fault({
      code: 'config',
      what: 'Private channels of the source would become readable for more people',
      why: `channels of the same name are on the server, public or with other members: ${wider.slice(0, 10).join(', ')}${wider.length > 10 ? ` and ${wider.length - 10} more` : ''}`,
      remedy: 'Import into another team, or rename these channels on the server',
    })
}
