import { hash } from 'node:crypto'
import type { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { Fault } from '../../../src/fault.ts'
import type { CallOptions } from '../google.ts'
import { degraded } from '../map/item.ts'
import { mailSettings, settingsId } from '../map/mail-settings.ts'
import { ask, type Reading } from './reading.ts'
import { AutoForwarding, Delegates, Filters, Forwardings, Language, SendAs, type Settings, Vacation } from './settings-wire.ts'

/**
 * Filters, signatures, vacation, forwarding, delegates and language: seven requests. A part that may not be read is a loss.
 * Delegates are shown to service accounts only.
 * Read 2026-11-25: https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.settings
 */
export async function* settingsChanges(reading: Reading): AsyncGenerator<Change> {
  const { google, person, collection, state } = reading
  const { settings } = reading.gmail.users
  const userId = person.address
  const losses: Loss[] = []
  const part = async <T>(
    field: string,
    schema: z.ZodType<T>,
    send: (options: CallOptions) => Promise<{ readonly data: unknown }>,
  ): Promise<T | undefined> => {
    try {
      return await ask(reading, `settings (${field})`, schema, send)
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'permission') throw error
      losses.push(degraded(settingsId(person.id), field, 'withheld-by-source', error.message))
      return undefined
    }
  }
  const read: Settings = {
    filters: await part('filters', Filters, (options) => settings.filters.list({ userId }, options)),
    sendAs: await part('senders', SendAs, (options) => settings.sendAs.list({ userId }, options)),
    vacation: await part('vacation', Vacation, (options) => settings.getVacation({ userId }, options)),
    forwardings: await part('forwarding', Forwardings, (options) => settings.forwardingAddresses.list({ userId }, options)),
    autoForwarding: await part('forwarding', AutoForwarding, (options) => settings.getAutoForwarding({ userId }, options)),
    delegates: await part('delegates', Delegates, (options) => settings.delegates.list({ userId }, options)),
    language: await part('locale', Language, (options) => settings.getLanguage({ userId }, options)),
  }
  const item = mailSettings(read, person, collection, google.provenance(person.id, 'gmail.settings'))
  const about = `${item.revision.slice(0, 16)} ${hash('sha256', JSON.stringify(losses)).slice(0, 16)}`
  if (about === state.settings) return
  yield { type: 'upsert', item }
  for (const loss of losses) yield { type: 'loss', loss }
  state.settings = about
}
