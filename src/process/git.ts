import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Fault } from '../fault.ts'
import { gitEnvironment } from './git-environment.ts'
import { gitFault, noGit } from './git-fault.ts'

export type Bytes = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>

export interface GitOptions {
  /** What git is to do, for errors: one sentence in the past without a full stop ("The bundle could not be read"). Free of secrets. */
  readonly what: string
  /** The repository, as a path of its git directory. git is never left to look for one. */
  readonly directory?: string
  /** Read as fast as git takes it. Default: nothing. If it throws, git is ended and what it threw is thrown. */
  readonly stdin?: Bytes
  /** Settings for this command. They travel in the environment, so a token in one is safe from `ps`. */
  readonly config?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  /** Taken out of what git says before anybody sees it. */
  readonly secrets?: readonly string[]
  /** Exit codes that are an answer and no failure. Default: 0 alone. */
  readonly exits?: readonly number[]
}
export interface GitEnd {
  readonly code: number
  /** What git wrote to standard error, at most 64 KiB, not redacted: for parsing only. */
  readonly stderr: string
}

const STDERR_BYTES = 64 * 1024
/** git puts its lock files away on SIGTERM; that takes no time unless a disk hangs. */
const PATIENCE_MS = 2_000

/**
 * Runs git and yields what it writes, as it writes it; memory does not grow with the output. The arguments go to no shell.
 * Leaving the loop early, or the signal, ends git and its children.
 * @throws Fault `config` without git; Fault by what git says when it fails, its words short and redacted; the signal's reason on abort
 */
export async function* git(args: readonly string[], options: GitOptions, signal: AbortSignal): AsyncGenerator<Buffer, GitEnd> {
  signal.throwIfAborted()
  const { what, directory, exits = [0], secrets = [] } = options
  const where = directory === undefined ? [] : [`--git-dir=${directory}`]
  const env = gitEnvironment(options.config ?? {}, options.env ?? {})
  // A group of its own: git's children are ended with it, and Ctrl-C in the terminal reaches only us, who know how to stop.
  const child = spawn('git', [...where, ...args], { cwd: '/', env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  // Looked at below, whatever else fails before.
  ended.catch(() => {})
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < STDERR_BYTES) stderr += text.slice(0, STDERR_BYTES - stderr.length)
  })
  const stop = (): void => end(child)
  signal.addEventListener('abort', stop, { once: true })
  // Told again after the pipe has been given up, when nobody else listens.
  child.stdin.on('error', () => {})
  let input: { readonly error: unknown } | undefined
  feed(child.stdin, options.stdin ?? []).catch((error: unknown) => {
    input = { error }
    stop()
  })
  let over = false
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer
    const code = await ended.catch((cause: unknown) => {
      throw noGit(cause)
    })
    over = true
    signal.throwIfAborted()
    // Not waited for: git may have ended without wanting the rest, and the rest may never come.
    if (input !== undefined) throw input.error
    if (code === null || !exits.includes(code))
      throw gitFault(what, code, stderr, [...secrets, ...(directory === undefined ? [] : [directory])])
    return { code, stderr }
  } finally {
    signal.removeEventListener('abort', stop)
    if (!over) {
      stop()
      await ended.catch(() => {})
    }
  }
}

/** Runs git and gives what it wrote, as text. Only for answers that are small by nature. @throws as `git` does */
export async function gitText(
  args: readonly string[],
  options: GitOptions,
  signal: AbortSignal,
): Promise<GitEnd & { readonly stdout: string }> {
  const output = git(args, options, signal)
  const chunks: Buffer[] = []
  for (;;) {
    const next = await output.next()
    if (next.done === true) return { ...next.value, stdout: Buffer.concat(chunks).toString('utf8') }
    chunks.push(next.value)
  }
}

/**
 * The version of git in PATH.
 * @throws Fault `config` if there is none or it is older than 2.34, the oldest that reads its settings from the environment and knows all we ask for
 */
export async function gitVersion(signal: AbortSignal): Promise<string> {
  const { stdout } = await gitText(['version'], { what: 'git does not say its version' }, signal)
  const [, version = '', major = '0', minor = '0'] = /^git version ((\d+)\.(\d+)\S*)/.exec(stdout) ?? []
  if (Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 34)) return version
  throw new Fault({ code: 'config', what: `git ${version || 'of unknown version'} is too old`, remedy: 'Install git 2.34 or newer' })
}

/** A git that ends before it has read everything is no failure of the writing: its exit code says what happened. */
async function feed(stdin: Writable, bytes: Bytes): Promise<undefined> {
  let source: { readonly error: unknown } | undefined
  const chunks = Symbol.asyncIterator in bytes ? bytes[Symbol.asyncIterator]() : bytes[Symbol.iterator]()
  const watched = async function* () {
    try {
      for (;;) {
        // Only what comes out of here is the source's: a broken pipe is thrown in at the yield.
        const next = await Promise.resolve(chunks.next()).catch((error: unknown) => {
          source = { error }
          throw error
        })
        if (next.done === true) return
        yield next.value
      }
    } finally {
      await chunks.return?.()
    }
  }
  try {
    await pipeline(Readable.from(watched()), stdin)
  } catch {
    if (source !== undefined) throw source.error
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>
function end(child: Child): void {
  const { pid } = child
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const kill = (signal: 'SIGTERM' | 'SIGKILL'): void => {
    try {
      process.kill(-pid, signal)
    } catch {
      // It has ended by itself.
    }
  }
  kill('SIGTERM')
  const timer = setTimeout(() => kill('SIGKILL'), PATIENCE_MS)
  child.once('close', () => clearTimeout(timer))
}
