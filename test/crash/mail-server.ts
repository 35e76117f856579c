import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { OfficeOptions } from '../testbed/office.ts'
import { startDovecot } from '../testbed/imap/dovecot.ts'
import { lineProxy } from '../testbed/imap/proxy.ts'
import type { Meter } from './meter.ts'

type MailServer = NonNullable<OfficeOptions['mailServer']>
export interface RealMailServer extends AsyncDisposable {
  readonly settings: MailServer
  /** Where it can be looked at without being counted. */
  readonly port: number
}

/** `Dovecot 2.3.19.1`, or undefined where Debian's dovecot-imapd is not installed. */
export async function dovecotHere(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('dovecot', ['--version'])
    return `Dovecot ${stdout.split(' ')[0]?.trim()}`
  } catch {
    return undefined
  }
}

/** A Dovecot for these people, behind a line on which every piece that is sent counts and can be lost. */
export async function mailServer(people: readonly string[], meter: Meter): Promise<RealMailServer> {
  await using opening = new AsyncDisposableStack()
  const dovecot = opening.use(await startDovecot({ people, maxConnections: 50 }))
  const line = opening.use(await lineProxy(dovecot, 0, () => meter.tick()))
  const owned = opening.move()
  return {
    settings: { host: line.host, port: line.port, user: 'master', password: 'master-secret', separator: '*' },
    port: dovecot.port,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
