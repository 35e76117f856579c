import { Fault } from '../../src/fault.ts'
import { GoogleFault } from './google-fault.ts'

/**
 * Whether Google no longer knows a sync or page token that it gave. Calendar answers 410, People 400 with EXPIRED_SYNC_TOKEN, and
 * both have 400 for one that is none. Only to be asked of requests that carried a token.
 * Read 2026-11-25: https://developers.google.com/workspace/calendar/api/guides/sync, https://developers.google.com/people/api/rest/v1/people.connections/list
 */
export const tokenLost = (error: unknown): boolean =>
  error instanceof GoogleFault &&
  (error.status === 410 ||
    error.reason === 'EXPIRED_SYNC_TOKEN' ||
    (error.status === 400 && /(?:sync|page) ?token/i.test(`${error.reason} ${error.why ?? ''}`)))

/** Whether one thing of several may not be read, which must not stop the others. */
export const refused = (error: unknown): error is Fault => error instanceof Fault && (error.code === 'permission' || error.code === 'gone')
