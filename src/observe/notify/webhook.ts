import { createHmac } from 'node:crypto'
import type { Secret } from '../../config/secret.ts'
import type { Notifier } from './notifier.ts'

/** Posts the summary as JSON; with a secret, `X-Fallreep-Signature: sha256=` holds the HMAC-SHA256 of the body in hex. */
export function webhook(url: string, secret: Secret | undefined, fetch: typeof globalThis.fetch): Notifier {
  return {
    name: 'webhook',
    started: () => Promise.resolve(),
    async finished({ command, subject, exitCode, summary }, signal) {
      const body = JSON.stringify({ type: 'summary', command, subject, exitCode, ...summary })
      const signature =
        secret === undefined
          ? {}
          : {
              'x-fallreep-signature': `sha256=${createHmac('sha256', await secret.expose(signal))
                .update(body)
                .digest('hex')}`,
            }
      const response = await fetch(url, { method: 'POST', body, signal, headers: { 'content-type': 'application/json', ...signature } })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`the webhook answered ${response.status}`)
    },
  }
}
