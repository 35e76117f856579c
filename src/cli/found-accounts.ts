import { z } from 'zod'
import type { FoundAccount } from '../config/propose.ts'
import type { PortsFor, SourceHandle, TargetHandle } from '../engine/api.ts'
import { openSource, openTarget } from '../engine/open.ts'
import { emptyDirectory } from '../model/empty-directory.ts'

/** People of a source, straight from its directory; bots and unknowns are nobody's accounts. */
export async function sourceAccounts(source: SourceHandle, portsFor: PortsFor, signal: AbortSignal): Promise<readonly FoundAccount[]> {
  const { name } = source
  await using connector = await openSource(source, portsFor, signal)
  const found: FoundAccount[] = []
  for await (const collection of connector.collections(signal)) {
    if (!collection.kinds.includes('account')) continue
    for await (const change of connector.changes(collection, undefined, signal)) {
      if (change.type !== 'upsert' || change.item.kind !== 'account') continue
      const { handle, realName, displayName, email, role } = change.item.body
      if (role !== 'bot' && role !== 'unknown') found.push({ service: name, account: handle, name: realName ?? displayName, email })
    }
  }
  return found
}

/** What a survey says of the people who are on the target already; targets that say nothing of them have none to join. */
const Surveyed = z.object({ users: z.array(z.object({ username: z.string(), email: z.string() })) })

/** Accounts that a target has already, for joining; reads only. */
export async function targetAccounts(handle: TargetHandle, portsFor: PortsFor, signal: AbortSignal): Promise<readonly FoundAccount[]> {
  const { name } = handle
  await using target = await openTarget(handle, portsFor, signal)
  const survey = Surveyed.safeParse(await target.survey(emptyDirectory('', name), signal))
  return survey.success ? survey.data.users.map(({ username, email }) => ({ service: name, account: username, name: '', email })) : []
}
