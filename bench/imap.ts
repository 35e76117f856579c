import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startDovecot } from '../test/testbed/imap/dovecot.ts'
import { FOLDERS, type MadeMail, madeMail } from '../test/testbed/imap/mails.ts'
import { lineProxy } from '../test/testbed/imap/proxy.ts'
import { launcherEnv, launcherFlags } from './lib/launcher.ts'

type ToolName = 'fallreep' | 'mbsync'
type Case = 'seed' | 'noop' | 'delta'
/**
 * One row of the table. `null`: the tool is not installed. `seconds` are wall clock: for mbsync of the whole program, for fallreep of login,
 * survey, mapping and import; `verifySeconds` is what fallreep then takes to read every mail back, which mbsync does not do. `rssMiB` is the
 * highest of the whole process, reading back included. `messagesPerSecond` counts the mails of the case: all of them, or those that changed.
 */
interface Row {
  readonly case: Case
  readonly rttMs: number
  readonly tool: ToolName
  readonly messages: number
  readonly messagesPerSecond: number | null
  readonly seconds: number | null
  readonly verifySeconds: number | null
  readonly rssMiB: number | null
}
interface Changes {
  readonly added: number
  readonly marked: number
  readonly moved: number
  readonly deleted: number
}

const child = fileURLToPath(new URL('imap-child.ts', import.meta.url))

/**
 * Mails from a vault into an empty Dovecot (Debian: dovecot-imapd, isync), beside mbsync pushing the same mails from a Maildir into another
 * empty mailbox of the same server. Sizes are log-normal around 6 KB, 30 folders; the same in every run. `--messages N`: fewer, to try it
 * out; `--rtt 0,20,80`: lines of these lengths, through a proxy in this process that hands bytes on later; beyond the first only `seed`, of
 * `--far N` mails (as many).
 */
export async function run(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      json: { type: 'boolean', default: false },
      messages: { type: 'string', default: '20000' },
      rtt: { type: 'string', default: '0,20,80' },
      far: { type: 'string', default: '20000' },
      connections: { type: 'string', default: '4' },
    },
  })
  const messages = Number(values.messages)
  const far = Math.min(messages, Number(values.far))
  const rtts = values.rtt.split(',').map(Number)
  const share = messages / 20_000
  const changes: Changes = {
    added: Math.ceil(200 * share),
    marked: Math.ceil(500 * share),
    moved: Math.ceil(50 * share),
    deleted: Math.ceil(20 * share),
  }
  const root = await mkdtemp(join(tmpdir(), 'fallreep-bench-'))
  try {
    const people = rtts.flatMap((rtt) => [`fallreep${rtt}`, `mbsync${rtt}`])
    await using dovecot = await startDovecot({ people, maxConnections: 50 })
    // A server that outlives its benchmark would be found by somebody else.
    const ending = async (): Promise<void> => {
      await dovecot[Symbol.asyncDispose]()
      await rm(root, { recursive: true, force: true })
      process.exit(130)
    }
    const stop = (): void => void ending()
    process.once('SIGINT', stop).once('SIGTERM', stop)
    console.error(`making ${messages} mails, twice`)
    await ourStep(root, 'make', join(root, 'ours'), String(messages))
    await rehearsed(root, dovecot.port)
    const maildir = join(root, 'maildir')
    await makeMaildir(maildir, messages)
    if (rtts.length > 1) {
      await ourStep(root, 'make', join(root, 'far'), String(far))
      await makeMaildir(join(root, 'far-maildir'), far)
    }
    const rows: Row[] = []
    const add = (row: Row): void => {
      rows.push(row)
      console.error(JSON.stringify(row))
    }
    for (const [at, rttMs] of rtts.entries()) {
      await using proxy = await lineProxy(dovecot, rttMs)
      const { port } = rttMs === 0 ? dovecot : proxy
      const [vault, mails, count] = at === 0 ? [join(root, 'ours'), maildir, messages] : [join(root, 'far'), join(root, 'far-maildir'), far]
      const ours = (name: Case, snapshot: number, count: number) =>
        fallreep(name, rttMs, count, root, vault, [String(snapshot), String(port), `fallreep${rttMs}`, values.connections])
      const theirs = (name: Case, count: number) => mbsync(name, rttMs, count, root, mails, port)
      add(await ours('seed', 0, count))
      add(await theirs('seed', count))
      if (at > 0) continue
      add(await ours('noop', 0, count))
      add(await theirs('noop', count))
      await ourStep(root, 'change', vault, String(count), JSON.stringify(changes))
      const changed = changes.added + changes.marked + changes.moved + changes.deleted
      add(await ours('delta', 1, changed))
      await changeMaildir(mails, changes)
      add(await theirs('delta', changed))
    }
    if (values.json)
      console.log(
        JSON.stringify({ bench: 'imap', node: launcherFlags, dovecot: dovecot.version, connections: Number(values.connections), rows }),
      )
    else console.table(rows)
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits))

/** One step of our side, as an installed fallreep would run it. */
async function ourStep(root: string, ...args: readonly string[]): Promise<Timed> {
  const took = await timed([process.execPath, ...launcherFlags, child, ...args], { ...launcherEnv(root), BENCH_PASSWORD: 'secret' })
  if (took === undefined) throw new Error('Node is not there')
  return took
}
/** A small run takes the types out, for all that follow. */
async function rehearsed(root: string, port: number): Promise<void> {
  const dir = join(root, 'small')
  await ourStep(root, 'make', dir, '50')
  await ourStep(root, 'cutover', dir, '0', String(port), 'small', '2')
}

async function fallreep(name: Case, rttMs: number, messages: number, root: string, dir: string, args: readonly string[]): Promise<Row> {
  const took = await ourStep(root, 'cutover', dir, ...args)
  const { seconds, findings, applied } = JSON.parse(took.stdout) as {
    readonly seconds: Readonly<Record<string, number>>
    readonly findings: number
    readonly applied: { readonly failed: number }
  }
  if (findings > 0 || applied.failed > 0) throw new Error(`${name} did not end well: ${took.stdout}`)
  const own = (seconds['directory'] ?? 0) + (seconds['survey'] ?? 0) + (seconds['apply'] ?? 0)
  return {
    case: name,
    rttMs,
    tool: 'fallreep',
    messages,
    messagesPerSecond: rounded(messages / own, 0),
    seconds: rounded(own),
    verifySeconds: rounded((seconds['observe'] ?? 0) + (seconds['compare'] ?? 0)),
    rssMiB: rounded(took.rssMiB, 0),
  }
}

async function mbsync(name: Case, rttMs: number, messages: number, root: string, maildir: string, port: number): Promise<Row> {
  const state = join(root, `mbsync-${rttMs}`)
  await mkdir(state, { recursive: true })
  const config = join(root, `mbsyncrc-${rttMs}`)
  await writeFile(
    config,
    `FSync yes\nIMAPAccount there\nHost 127.0.0.1\nPort ${port}\nUser mbsync${rttMs}\nPass secret\nSSLType None\nAuthMechs LOGIN\n\nIMAPStore there\nAccount there\n\nMaildirStore here\nPath ${maildir}/\nInbox ${maildir}/INBOX\nSubFolders Verbatim\n\nChannel all\nFar :there:\nNear :here:\nPatterns Folder*\nCreate Far\nExpunge Far\nSync Push\nCopyArrivalDate yes\nSyncState ${state}/\n`,
    { mode: 0o600 },
  )
  const took = await timed(['mbsync', '-c', config, '-q', 'all'])
  const none = {
    case: name,
    rttMs,
    tool: 'mbsync',
    messages,
    messagesPerSecond: null,
    seconds: null,
    verifySeconds: null,
    rssMiB: null,
  } as const
  if (took === undefined) {
    console.error('mbsync is not installed (Debian: apt install isync); its rows stay empty')
    return none
  }
  return {
    ...none,
    messagesPerSecond: rounded(messages / took.seconds, 0),
    seconds: rounded(took.seconds),
    rssMiB: rounded(took.rssMiB, 0),
  }
}

const fileName = ({ id, seen, flagged, at }: MadeMail): string =>
  `${Math.floor(at.getTime() / 1000)}.${id}.bench:2,${flagged ? 'F' : ''}${seen ? 'S' : ''}`
const folderDir = (maildir: string, folder: number): string => join(maildir, `Folder ${folder}`, 'cur')

async function makeMaildir(maildir: string, messages: number): Promise<void> {
  for (let folder = 0; folder < FOLDERS; folder++)
    for (const part of ['cur', 'new', 'tmp']) await mkdir(join(maildir, `Folder ${folder}`, part), { recursive: true })
  for (let at = 0; at < messages; at++) await putMail(maildir, madeMail(at))
}
async function putMail(maildir: string, mail: MadeMail): Promise<void> {
  const path = join(folderDir(maildir, mail.folder), fileName(mail))
  // Maildirs keep their lines as Unix does.
  await writeFile(path, mail.bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
  await utimes(path, mail.at, mail.at)
}

/** The same changes as our second snapshot has. mbsync has put its own mark into the names meanwhile. */
async function changeMaildir(maildir: string, { added, marked, moved, deleted }: Changes): Promise<void> {
  for (let at = 0; at < added; at++) await putMail(maildir, madeMail(at, 'new'))
  const names = new Map<number, readonly string[]>()
  const pathOf = async (mail: MadeMail): Promise<string> => {
    const known = names.get(mail.folder) ?? (await readdir(folderDir(maildir, mail.folder)))
    names.set(mail.folder, known)
    const name = known.find((name) => name.includes(`.${mail.id}.bench`))
    if (name === undefined) throw new Error(`no mail ${mail.id} in the Maildir`)
    return join(folderDir(maildir, mail.folder), name)
  }
  let at = 0
  for (const end = at + marked; at < end; at++) {
    const path = await pathOf(madeMail(at))
    const flags = path.slice(path.lastIndexOf(',') + 1)
    const other = flags.includes('F') ? flags.replace('F', '') : `${flags}F`.split('').toSorted().join('')
    await rename(path, `${path.slice(0, path.lastIndexOf(',') + 1)}${other}`)
  }
  for (const end = at + moved; at < end; at++) {
    const mail = madeMail(at)
    const path = await pathOf(mail)
    await rename(path, join(folderDir(maildir, (mail.folder + 1) % FOLDERS), fileName(mail)))
  }
  for (const end = at + deleted; at < end; at++) await rm(await pathOf(madeMail(at)))
}

interface Timed {
  readonly seconds: number
  readonly rssMiB: number
  readonly stdout: string
}
/** Runs a program to its end. Peak memory is the kernel's own figure, looked at every 20 ms. Undefined when there is no such program. */
async function timed([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Timed | undefined> {
  const start = performance.now()
  const running = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let peakKiB = 0
  let [stdout, said] = ['', '']
  running.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
  running.stderr.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-2000)))
  const watch = setInterval(() => {
    void readFile(`/proc/${running.pid ?? 0}/status`, 'utf8').then(
      (status) => (peakKiB = Math.max(peakKiB, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))),
      () => undefined,
    )
  }, 20)
  try {
    const [code] = (await once(running, 'close')) as [number | null]
    if (code !== 0) throw new Error(`${program} ${args.slice(-6).join(' ')} ended with ${code}: ${said}`)
    return { seconds: (performance.now() - start) / 1000, rssMiB: peakKiB / 1024, stdout }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  } finally {
    clearInterval(watch)
  }
}
