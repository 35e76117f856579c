import type { Check, Ports } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import { namespaceOf } from './client/folders.ts'
import { connect, logIn } from './client/login.ts'
import { quotaOf } from './client/quota.ts'
import { type Settings, portOf } from './settings.ts'
import type { Connection } from './wire/connection.ts'

/** What `doctor` shows: can the server be reached and trusted, does it let us in, and what can it do. Reads only. */
export async function* checks(settings: Settings, ports: Ports, signal: AbortSignal): AsyncGenerator<Check> {
  const from = ports.clock.monotonicMs()
  let connection: Connection
  try {
    connection = await connect(settings, signal)
  } catch (error) {
    yield failed('reach', error, signal)
    return
  }
  try {
    yield { name: 'reach', status: 'pass', detail: `${settings.host}:${portOf(settings)} answers` }
    yield { name: 'answer time', status: 'pass', detail: `${Math.round(ports.clock.monotonicMs() - from)} ms to connect and greet` }
    yield settings.security === 'plain'
      ? { name: 'encryption', status: 'warn', detail: 'none: passwords and mails are readable on the way', remedy: 'Set `security: tls`' }
      : { name: 'encryption', status: 'pass', detail: settings.security === 'tls' ? 'TLS from the first byte' : 'TLS after STARTTLS' }
    if (settings.access.via === 'proxy' && !connection.has('AUTH=PLAIN'))
      yield {
        name: 'login',
        status: 'fail',
        detail: 'the server does not offer AUTH=PLAIN, which acting for others needs',
        remedy: 'Allow it, or use another way under `access`',
      }
  } finally {
    await connection[Symbol.asyncDispose]()
  }
  const login = loginToTry(settings)
  if (login === undefined) {
    yield {
      name: 'login',
      status: 'skip',
      detail: 'the configuration names no mailbox to try',
      remedy: 'Name one under `access.test`; `fallreep plan` tries everybody’s',
    }
    return
  }
  try {
    await using own = await logIn(settings, login, signal)
    yield { name: 'login', status: 'pass', detail: `into the mailbox of ${login}` }
    yield* abilities(own, settings)
  } catch (error) {
    yield failed('login', error, signal)
  }
}

function loginToTry({ access }: Settings): string | undefined {
  switch (access.via) {
    case 'account':
      return access.user
    case 'people':
      return Object.keys(access.passwords)[0]
    case 'master':
    case 'proxy':
      return access.test
  }
}

async function* abilities(connection: Connection, settings: Settings): AsyncGenerator<Check> {
  const wanted = ['MULTIAPPEND', 'LITERAL+', 'UIDPLUS', 'MOVE']
  const missing = wanted.filter((one) => !connection.has(one))
  yield missing.length === 0
    ? { name: 'capabilities', status: 'pass', detail: wanted.join(', ') }
    : { name: 'capabilities', status: 'warn', detail: `without ${missing.join(', ')}: it works, but takes longer` }
  const { prefix, delimiter } = await namespaceOf(connection)
  const shown = settings.namespace ?? prefix
  yield { name: 'folders', status: 'pass', detail: `${shown === '' ? 'no prefix' : `prefix "${shown}"`}, separator ${delimiter ?? 'none'}` }
  const limit = settings.maxMessageBytes ?? connection.valueOf('APPENDLIMIT')
  yield limit === undefined
    ? {
        name: 'mail size',
        status: 'skip',
        detail: 'the server does not say how large a mail may be',
        remedy: 'If you know, set `maxMessageBytes`: what is larger is then told before the import',
      }
    : { name: 'mail size', status: 'pass', detail: `up to ${limit} bytes` }
  const quota = await quotaOf(connection)
  yield quota === null
    ? { name: 'quota', status: 'pass', detail: 'none is told' }
    : {
        name: 'quota',
        status: quota.usedKiB < quota.limitKiB ? 'pass' : 'warn',
        detail: `${quota.usedKiB} of ${quota.limitKiB} KiB are used`,
      }
}

function failed(name: string, error: unknown, signal: AbortSignal): Check {
  signal.throwIfAborted()
  if (!(error instanceof Fault)) throw error
  return { name, status: 'fail', detail: error.message, ...(error.remedy === undefined ? {} : { remedy: error.remedy }) }
}
