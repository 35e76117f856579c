import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RealServer extends AsyncDisposable {
  readonly url: string
  readonly dir: string
}

/**
 * Debian's radicale with a password for each login, in a temporary directory on a free loopback port. `root` may do everything.
 * `under`: where that directory is made.
 */
export async function radicale(people: Readonly<Record<string, string>>, under = tmpdir()): Promise<RealServer> {
  const dir = await mkdtemp(join(under, 'fallreep-radicale-'))
  const port = await freePort()
  await writeFile(
    join(dir, 'users'),
    Object.entries(people)
      .map(([login, password]) => `${login}:${password}\n`)
      .join(''),
    { mode: 0o600 },
  )
  const rights = [
    '[root]',
    'user: root',
    'collection: .*',
    'permissions: RrWw',
    '[own]',
    'user: .+',
    'collection: {user}(/.*)?',
    'permissions: RrWw',
    '[top]',
    'user: .+',
    'collection:',
    'permissions: R',
  ]
  await writeFile(join(dir, 'rights'), `${rights.join('\n')}\n`)
  const config = [
    '[server]',
    `hosts = 127.0.0.1:${port}`,
    '[auth]',
    'type = htpasswd',
    `htpasswd_filename = ${join(dir, 'users')}`,
    'htpasswd_encryption = plain',
    'delay = 0',
    '[rights]',
    'type = from_file',
    `file = ${join(dir, 'rights')}`,
    '[storage]',
    `filesystem_folder = ${join(dir, 'collections')}`,
    '[logging]',
    'level = warning',
  ]
  await writeFile(join(dir, 'config'), `${config.join('\n')}\n`)
  return started('radicale', ['--config', join(dir, 'config')], dir, `http://127.0.0.1:${port}/`)
}

/** Debian's xandikos, which knows one person and asks for no password. */
export async function xandikos(): Promise<RealServer> {
  const dir = await mkdtemp(join(tmpdir(), 'fallreep-xandikos-'))
  const port = await freePort()
  const args = ['-d', join(dir, 'data'), '-l', '127.0.0.1', '-p', String(port), '--defaults', '--current-user-principal', '/ada/']
  return started('xandikos', args, dir, `http://127.0.0.1:${port}/`)
}

async function started(program: string, args: readonly string[], dir: string, url: string): Promise<RealServer> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said = `${said}${chunk}`.slice(-4000)))
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (cause) => reject(new Error(`${program} cannot be started: apt install ${program}`, { cause })))
    child.once('exit', (code) => reject(new Error(`${program} ended with ${String(code)}: ${said}`)))
  })
  // Whoever waits hears of it; after that nobody needs to.
  failed.catch(() => undefined)
  await Promise.race([answering(url), failed])
  return {
    url,
    dir,
    [Symbol.asyncDispose]: async () => {
      await stopped(child)
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const forced = setTimeout(() => child.kill('SIGKILL'), 5000)
  await ended
  clearTimeout(forced)
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    try {
      const response = await fetch(url)
      await response.body?.cancel()
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  throw new Error(`${url} does not answer`)
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
