import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect, promisify } from 'node:util'
import { z } from 'zod'
import { Fault } from '../fault.ts'

const Reference = z.union(
  [
    z.strictObject({ env: z.string() }),
    z.strictObject({ file: z.string() }),
    z.strictObject({ credential: z.string() }),
    z.strictObject({ command: z.array(z.string()).min(1) }),
  ],
  {
    error:
      'a secret is given by reference, never in the file itself: { env: NAME }, { file: PATH }, { credential: NAME } or { command: [PROGRAM, ARGUMENT] }',
  },
)
type Reference = z.infer<typeof Reference>

/** A secret that shows itself to nobody who does not ask for it by name. Read anew at every `expose`, so that a rotated token is used at once. */
export class Secret {
  readonly #read: (signal: AbortSignal) => Promise<string>
  constructor(read: (signal: AbortSignal) => Promise<string>) {
    this.#read = read
  }
  /** The secret itself, without the line end. @throws Fault `config` naming the reference, never the content. */
  expose(signal: AbortSignal): Promise<string> {
    return this.#read(signal)
  }
  toString(): string {
    return '[secret]'
  }
  toJSON(): string {
    return '[secret]'
  }
  [inspect.custom](): string {
    return '[secret]'
  }
}

/** Config schema of a secret: only references are accepted. */
export const SecretSetting = Reference.transform((reference) => new Secret((signal) => read(reference, signal)))

async function read(reference: Reference, signal: AbortSignal): Promise<string> {
  const text = await readRaw(reference, signal)
  const secret = text.replace(/\r?\n$/, '')
  if (secret === '')
    throw new Fault({ code: 'config', what: `The secret ${describe(reference)} is empty`, remedy: 'Put the token there and run again' })
  return secret
}

function describe(reference: Reference): string {
  if ('env' in reference) return `in environment variable ${reference.env}`
  if ('file' in reference) return `in file ${reference.file}`
  if ('credential' in reference) return `credential ${reference.credential}`
  return `from command ${reference.command[0]}`
}

async function readRaw(reference: Reference, signal: AbortSignal): Promise<string> {
  try {
    if ('env' in reference) return process.env[reference.env] ?? ''
    if ('file' in reference) return await readPrivateFile(reference.file, signal)
    if ('credential' in reference)
      return await readFile(join(process.env['CREDENTIALS_DIRECTORY'] ?? '/run/credentials', reference.credential), {
        encoding: 'utf8',
        signal,
      })
    const [program = '', ...args] = reference.command
    return (await promisify(execFile)(program, args, { signal, timeout: 60_000, encoding: 'utf8' })).stdout
  } catch (cause) {
    if (cause instanceof Fault || signal.aborted) throw cause
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
    throw new Fault({
      code: 'config',
      what: `Cannot read the secret ${describe(reference)}`,
      why: code,
      remedy: 'Check the reference in the configuration',
    })
  }
}

async function readPrivateFile(path: string, signal: AbortSignal): Promise<string> {
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0)
    throw new Fault({
      code: 'config',
      what: `The secret file ${path} can be read by others`,
      why: `its mode is ${(mode & 0o777).toString(8)}`,
      remedy: `chmod 600 ${path}`,
    })
  return readFile(path, { encoding: 'utf8', signal })
}
