import { z } from 'zod'
import { Fault } from '../../src/fault.ts'
import { type Adjustment, type Adjustments, fixed } from './adjust.ts'
import type { Work } from './apply.ts'
import type { DirectoryOperations } from './bulk/compose-options.ts'
import type { ServerPlaces } from './places.ts'
import { ServerConfig } from './wire.ts'

const MAIL = { section: 'EmailSettings', name: 'SendEmailNotifications' } as const
const SWITCH_OFF: Adjustment = { ...MAIL, was: true, wanted: false }

/**
 * Adding somebody through the API counts as mentioning them: the server mails them unless they are online (5.36.1 and 10.x `app/notification.go`).
 * System messages are never pushed to phones. So the one setting to look at is whether mails about messages are sent at all.
 * @throws Fault `config` before the first byte, when people would be mailed and nobody said that they may be
 */
export async function assertSilence(
  { client, settings }: Work,
  world: ServerPlaces,
  { channels }: DirectoryOperations,
  signal: AbortSignal,
): Promise<void> {
  if ((settings.notifyMembers ?? 'never') !== 'never') return
  const users = await world.users(signal)
  const toAdd = new Set<string>()
  for (const { op, state } of channels) {
    if (state === 'same' || op.place.type === 'direct') continue
    for (const name of op.members) if (users.get(name)?.delete_at === 0) toAdd.add(name)
  }
  if (toAdd.size === 0) return
  const { EmailSettings } = await client.get(ServerConfig, '/config', {}, signal)
  if (!EmailSettings.SendEmailNotifications) return
  if (!settings.adjustLimits)
    throw new Fault({
      code: 'config',
      what: 'The Mattermost server would mail people who are added to channels',
      why: `${toAdd.size} people had an account before the import, and EmailSettings.SendEmailNotifications is on`,
      remedy:
        'Set `adjustLimits: true` to have it switched off for the seconds it takes and put back, or say `notifyMembers: allow` or `notifyMembers: leave-out`',
    })
  const environment = await client.get(z.record(z.string(), z.record(z.string(), z.unknown())), '/config/environment', {}, signal)
  if (environment[MAIL.section]?.[MAIL.name] === true) throw fixed([SWITCH_OFF])
}

/** Does something with mails about messages switched off, and waits until the server has worked through what it would have mailed about. */
export async function silently<T>(
  { client, settings, ports }: Work,
  adjustments: Adjustments,
  work: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  if ((settings.notifyMembers ?? 'never') !== 'never') return work()
  const { EmailSettings } = await client.get(ServerConfig, '/config', {}, signal)
  if (!EmailSettings.SendEmailNotifications) return work()
  await adjustments.change([SWITCH_OFF], signal)
  const done = await work()
  // It decides about mails a moment after the message it would mail about can be seen.
  await ports.clock.sleep(2000, signal)
  await adjustments.restore([SWITCH_OFF])
  return done
}
