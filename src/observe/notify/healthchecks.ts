import type { Secret } from '../../config/secret.ts'
import type { Notifier } from './notifier.ts'

/**
 * Pings in the protocol of healthchecks.io: `/start` before, `/EXIT-CODE` after, the summary as body (it keeps 100 kB).
 * Read 2026-11-23: https://healthchecks.io/docs/http_api/
 */
export function healthchecks(url: Secret, fetch: typeof globalThis.fetch): Notifier {
  const ping = async (path: string, body: string, signal: AbortSignal): Promise<void> => {
    const base = (await url.expose(signal)).replace(/\/$/, '')
    const response = await fetch(`${base}${path}`, { method: 'POST', body, signal })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`healthchecks answered ${response.status}`)
  }
  return {
    name: 'healthchecks',
    started: (command, subject, signal) => ping('/start', `${command} ${subject}\n`, signal),
    finished: ({ exitCode, summary }, signal) => ping(`/${exitCode}`, JSON.stringify(summary).slice(0, 100_000), signal),
  }
}
