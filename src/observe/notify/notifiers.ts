import type { Config } from '../../config/schema.ts'
import { email } from './email.ts'
import { healthchecks } from './healthchecks.ts'
import type { Notifier, Outcome } from './notifier.ts'
import { webhook } from './webhook.ts'

/** The notifiers a configuration asks for. */
export function notifiersOf(
  { notify, stateDir }: Pick<Config, 'notify'> & { readonly stateDir: string },
  fetch: typeof globalThis.fetch,
): readonly Notifier[] {
  return [
    ...(notify.healthchecks === undefined ? [] : [healthchecks(notify.healthchecks.url, fetch)]),
    ...(notify.webhook === undefined ? [] : [webhook(notify.webhook.url, notify.webhook.secret, fetch)]),
    ...(notify.email === undefined ? [] : [email(notify.email, stateDir)]),
  ]
}

const PATIENCE_MS = 15_000

export const tellStarted = (
  notifiers: readonly Notifier[],
  command: string,
  subject: string,
  warn: (text: string) => void,
): Promise<void> => tellAll(notifiers, warn, (notifier, signal) => notifier.started(command, subject, signal))
export const tellFinished = (notifiers: readonly Notifier[], outcome: Outcome, warn: (text: string) => void): Promise<void> =>
  tellAll(notifiers, warn, (notifier, signal) => notifier.finished(outcome, signal))

/** Each notifier gets a quarter of a minute, also when the run was interrupted; what it throws is told and forgotten. */
async function tellAll(
  notifiers: readonly Notifier[],
  warn: (text: string) => void,
  tell: (notifier: Notifier, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  await Promise.all(
    notifiers.map(async (notifier) => {
      try {
        await tell(notifier, AbortSignal.timeout(PATIENCE_MS))
      } catch (error) {
        // Only the kind of error: addresses in messages can be secrets.
        warn(`could not notify ${notifier.name}: ${error instanceof Error ? error.name : 'unknown error'}`)
      }
    }),
  )
}
