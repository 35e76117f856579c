import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'

/** Names one user of a shared store for ever: machine, process, when the process began, and a nonce. */
export type Owner = string & { readonly __brand: 'Owner' }

const STARTED = Math.round(performance.timeOrigin)

export const newOwner = (): Owner => `${encodeURIComponent(hostname())}/${process.pid}/${STARTED}/${randomUUID().slice(0, 8)}` as Owner

/** True only when it is certain: the owner ran on this machine and its process is gone. Anything else is left to its lease. */
export function isDead(owner: string): boolean {
  const [host, pidText, started] = owner.split('/')
  const pid = Number(pidText)
  if (host !== encodeURIComponent(hostname()) || !Number.isSafeInteger(pid) || pid <= 0) return false
  if (pid === process.pid) return started !== String(STARTED)
  try {
    process.kill(pid, 0)
    return false
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'ESRCH'
  }
}
