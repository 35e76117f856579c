import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

export interface DovecotOptions {
  /** Login names; everybody's password is `secret`, the master user is `master` with `master-secret`, as USER*master. */
  readonly people: readonly string[]
  /** KiB by login name. */
  readonly quotaKiB?: Readonly<Record<string, number>>
  readonly separator?: '/' | '.'
  /** Of the personal namespace, such as `INBOX.`. */
  readonly prefix?: string
  readonly maxConnections?: number
  /** Also takes Sieve scripts (Debian: dovecot-sieve, dovecot-managesieved). */
  readonly sieve?: boolean
}
export interface Dovecot extends AsyncDisposable {
  readonly host: '127.0.0.1'
  /** Without encryption. */
  readonly port: number
  /** TLS from the first byte, with a certificate for `localhost` that only `caFile` vouches for. */
  readonly tlsPort: number
  readonly caFile: string
  /** For ManageSieve; 0 without `sieve`. */
  readonly sievePort: number
  readonly version: string
  /** Maildir of a person. */
  maildir(login: string): string
}

const run = promisify(execFile)

/**
 * A real Dovecot 2.3 (Debian: dovecot-imapd) with a configuration of its own in a temporary directory, on free loopback ports; mails in
 * maildirs, fsync on. Started as root it stores mails as `nobody`; started by anybody else, as who they are.
 */
export async function startDovecot(options: DovecotOptions): Promise<Dovecot> {
  const { stdout } = await run('dovecot', ['--version'])
  const version = stdout.split(' ')[0] ?? ''
  if (!version.startsWith('2.3.')) throw new Error(`written for Dovecot 2.3, and this is ${version}`)
  const root = process.getuid?.() === 0
  // As root, the mails' user must be able to walk in.
  const dir = await mkdtemp(join(root ? '/tmp' : tmpdir(), 'fallreep-dovecot-'))
  const [port, tlsPort] = [await freePort(), await freePort()]
  const sievePort = options.sieve === true ? await freePort() : 0
  const caFile = join(dir, 'cert.pem')
  await chmod(dir, 0o755)
  await mkdir(join(dir, 'mail'))
  const id = root ? 65_534 : userInfo().uid
  const gid = root ? 65_534 : userInfo().gid
  await chown(join(dir, 'mail'), id, gid)
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', join(dir, 'key.pem'), '-out', caFile],
  ])
  const rule = (login: string): string => {
    const limit = options.quotaKiB?.[login]
    return limit === undefined ? '' : `userdb_quota_rule=*:storage=${limit}K`
  }
  await writeFile(
    join(dir, 'users'),
    options.people.map((login) => `${login}:{PLAIN}secret:${id}:${gid}::${join(dir, 'mail', login)}::${rule(login)}\n`).join(''),
  )
  await writeFile(join(dir, 'masters'), 'master:{PLAIN}master-secret\n')
  await writeFile(join(dir, 'dovecot.conf'), configuration(dir, { port, tlsPort, sievePort }, root, options))
  const child = spawn('dovecot', ['-F', '-c', join(dir, 'dovecot.conf')], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const stop = async (): Promise<void> => {
    await ended(child)
    await rm(dir, { recursive: true, force: true })
  }
  try {
    await answering(port, child)
  } catch {
    const log = await readFile(join(dir, 'log'), 'utf8').catch(() => '')
    await stop()
    throw new Error(`Dovecot does not start: ${said}${log}`)
  }
  return {
    host: '127.0.0.1',
    port,
    tlsPort,
    caFile,
    sievePort,
    version,
    maildir: (login) => join(dir, 'mail', login, 'Maildir'),
    [Symbol.asyncDispose]: stop,
  }
}

function configuration(
  dir: string,
  { port, tlsPort, sievePort }: { readonly port: number; readonly tlsPort: number; readonly sievePort: number },
  root: boolean,
  options: DovecotOptions,
): string {
  const sieve = `service managesieve-login {
  inet_listener sieve {
    port = ${sievePort}
  }
}
`
  const { username } = userInfo()
  const users = root ? '' : `default_internal_user = ${username}\ndefault_login_user = ${username}\ndefault_internal_group = ${username}\n`
  const separator = options.separator ?? '/'
  return `${users}protocols = imap${sievePort === 0 ? '' : ' sieve'}
${sievePort === 0 ? '' : sieve}listen = 127.0.0.1
base_dir = ${dir}/run
state_dir = ${dir}/state
log_path = ${dir}/log
ssl = yes
ssl_cert = <${dir}/cert.pem
ssl_key = <${dir}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_master_user_separator = *
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = optimized
mail_max_userip_connections = ${options.maxConnections ?? 10}
mail_plugins = quota
protocol imap {
  mail_plugins = quota imap_quota
}
plugin {
  quota = count:User quota
  quota_vsizes = yes
  sieve = file:~/sieve;active=~/.dovecot.sieve
}
passdb {
  driver = passwd-file
  master = yes
  args = ${dir}/masters
  result_success = continue
}
passdb {
  driver = passwd-file
  args = ${dir}/users
}
userdb {
  driver = passwd-file
  args = ${dir}/users
}
namespace inbox {
  inbox = yes
  separator = ${separator}
  prefix = ${options.prefix ?? ''}
  mailbox Drafts {
    special_use = \\Drafts
  }
  mailbox Gesendet {
    auto = create
    special_use = \\Sent
  }
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = ${tlsPort}
    ssl = yes
  }
}
`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let left = 200; left > 0; left--) {
    if (child.exitCode !== null) break
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'data', { signal: AbortSignal.timeout(2000) })
      return
    } catch {
      await delay(50)
    } finally {
      socket.destroy()
    }
  }
  throw new Error('no answer')
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  await closed
}
