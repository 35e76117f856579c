import { Fault } from '../../src/fault.ts'
import type { Google } from './google.ts'
import { GoogleFault } from './google-fault.ts'
import { readers } from './readers.ts'
import { type Area, scopes } from './scopes.ts'

/** What is read of people, as far as this connector can. */
export const areasOf = ({ config }: Google): readonly Area[] => config.services.filter((service) => readers[service] !== undefined)

/** Scopes of an area that the Admin console does not allow: asked one by one, in the administrator's name. */
export async function missingScopes(google: Google, area: Area, signal: AbortSignal): Promise<readonly string[]> {
  const { auth } = google.config
  if (auth.type !== 'service-account') return []
  const missing: string[] = []
  for (const scope of scopes[area]) {
    const ask = async (): Promise<{ data: boolean }> => ({ data: await google.tokens.allows(auth.adminSubject, scope, signal) })
    if (!(await google.call(`Google refused a token for ${area}`, ask, signal, 'source'))) missing.push(scope)
  }
  return missing
}

/**
 * A scope that is not allowed is missing for everybody: said once and aloud, and not three hundred times as somebody's loss.
 * @throws Fault `permission`
 */
export async function requireScopes(google: Google, signal: AbortSignal): Promise<void> {
  const { auth } = google.config
  if (auth.type !== 'service-account') return
  for (const area of areasOf(google)) {
    const ask = async (): Promise<{ data: string }> => ({ data: await google.tokens.of(auth.adminSubject, area, signal) })
    try {
      await google.call(`Google refused a token for ${area}`, ask, signal, 'source')
    } catch (error) {
      if (!(error instanceof GoogleFault) || error.reason !== 'unauthorized_client') throw error
      const missing = await missingScopes(google, area, signal)
      throw new Fault({
        code: 'permission',
        what: `The service account may not read ${area}`,
        why: `not allowed in the Admin console: ${missing.join(', ')}`,
        remedy: `Allow it under Security > API controls > Domain-wide delegation, or take ${area} out of services`,
        cause: error,
      })
    }
  }
}
