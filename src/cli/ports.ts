import { join } from 'node:path'
import { mkdir } from 'node:fs/promises'
import { createFetch } from '../http/fetch.ts'
import { systemClock } from '../http/system-clock.ts'
import { createLog } from '../observe/log.ts'
import { openSqliteBucketStore } from '../queue/bucket-store.ts'
import { withOverrides } from '../queue/budgets.ts'
import { createLimiter } from '../queue/limiter.ts'
import type { Session } from './session.ts'
import type { OpenPorts } from './workspace.ts'

/** One fetch for each backend, all of them drawing on the budgets that this machine remembers in its state directory. */
export async function openBackendPorts(session: Session): Promise<OpenPorts> {
  const { config } = await session.config()
  await mkdir(config.stateDir, { recursive: true, mode: 0o700 })
  const store = openSqliteBucketStore(join(config.stateDir, 'budgets.db'))
  const { verbose, quiet } = session.globals
  const level = quiet === true ? 'warn' : (['warn', 'info', 'debug'] as const)[Math.min(verbose, 2)]
  // journald keeps fields; a person at a terminal reads lines.
  const format = config.log.format ?? (session.env['JOURNAL_STREAM'] === undefined ? 'text' : 'json')
  const write = (line: string): void => (format === 'json' ? session.streams.err(line) : session.output.note(line.trimEnd()))
  const root = createLog({ format, level: level ?? 'warn', write, fields: { run: session.run } })
  return {
    clock: systemClock,
    log: root,
    portsFor: (backend) => {
      const { name, limits, reads } = backend
      const log = root.with({ backend: name })
      const budgets = withOverrides(limits, config.limits[name] ?? {})
      const limiter = createLimiter({ clock: systemClock, store, scope: name, budgets })
      return {
        clock: systemClock,
        log,
        fetch: createFetch({ clock: systemClock, log, limiter, quotaOf: (request) => backend.quotaOf(request), retryable: () => reads }),
      }
    },
    [Symbol.asyncDispose]: () => {
      store[Symbol.dispose]()
      return Promise.resolve()
    },
  }
}
