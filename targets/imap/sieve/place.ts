import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type RemoteId, remoteId } from '../../../src/contract/ids.ts'
import type { LedgerEntry } from '../../../src/contract/target.ts'
import { Fault } from '../../../src/fault.ts'
import { safeFileName } from '../../../src/model/file-name.ts'
import { credentialsOf } from '../client/login.ts'
import { type Settings, scratchFolder } from '../settings.ts'
import { ManageSieve } from './managesieve.ts'

/** Scripts of one person, wherever they are kept. Names are those of this configuration only: other scripts are never looked into. */
export interface ScriptPlace extends AsyncDisposable {
  /** The script of this name, and whether it runs; undefined: there is none. */
  find(name: string): Promise<{ readonly text: string; readonly active: boolean } | undefined>
  put(name: string, text: string): Promise<void>
  /** Lets it run, unless another script runs already: `false`. */
  activate(name: string): Promise<boolean>
  remove(name: string): Promise<void>
}

export const scriptName = ({ scratch }: Pick<Settings, 'scratch'>): string => (scratch === undefined ? 'fallreep' : scratchFolder(scratch))

const Notes = z.object({ type: z.literal('script'), login: z.string(), name: z.string() })
export type ScriptNotes = z.infer<typeof Notes>
export const scriptNotes = (entry: LedgerEntry | undefined): ScriptNotes | undefined => Notes.safeParse(entry?.notes).data
export const scriptRemote = ({ login, name }: { readonly login: string; readonly name: string }): RemoteId =>
  remoteId(`script/${login}/${name}`)
export const scriptHash = (text: string): string => createHash('sha256').update(text).digest('hex')

type Server = Extract<NonNullable<Settings['sieve']>, { via: 'managesieve' }>

/** A session for one person's scripts, with the way in that the mail has. @throws Fault as `ManageSieve.open`, `auth` for who has no password */
export function openSession({ access, host }: Settings, sieve: Server, login: string, signal: AbortSignal): Promise<ManageSieve> {
  const credentials = credentialsOf(access, login)
  if (credentials === undefined)
    return Promise.reject(new Fault({ code: 'auth', what: `There is no password for ${login}`, remedy: 'Name it under `access`' }))
  const { authzid: authorize, user, password } = credentials
  return ManageSieve.open({ host: sieve.host ?? host, port: sieve.port, security: sieve.security, authorize, user, password }, signal)
}

/** @throws Fault `unavailable`, `auth` or `config` as the server says, `usage` without `sieve` in the settings */
export async function openScripts(settings: Settings, login: string, signal: AbortSignal): Promise<ScriptPlace> {
  const { sieve } = settings
  if (sieve === undefined) throw new Fault({ code: 'usage', what: 'Nothing says where Sieve scripts go' })
  if (sieve.via === 'file') return inFolder(join(sieve.directory, safeFileName(login)))
  const session = await openSession(settings, sieve, login, signal)
  return {
    async find(name) {
      const found = (await session.list()).find((one) => one.name === name)
      return found === undefined ? undefined : { text: await session.get(name), active: found.active }
    },
    put: (name, text) => session.put(name, text),
    async activate(name) {
      const running = (await session.list()).find(({ active }) => active)
      if (running !== undefined) return running.name === name
      await session.activate(name)
      return true
    },
    async remove(name) {
      const found = (await session.list()).find((one) => one.name === name)
      if (found === undefined) return
      if (found.active) await session.activate('')
      await session.delete(name)
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  }
}

/** One folder a person, for administrators to install. Nothing runs from there. */
function inFolder(folder: string): ScriptPlace {
  const pathOf = (name: string): string => join(folder, `${name}.sieve`)
  return {
    async find(name) {
      const text = await readFile(pathOf(name), 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
        throw error
      })
      return text === undefined ? undefined : { text, active: false }
    },
    async put(name, text) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFile(`${pathOf(name)}.tmp`, text, { mode: 0o600 })
      await rename(`${pathOf(name)}.tmp`, pathOf(name))
    },
    activate: () => Promise.resolve(false),
    remove: (name) => rm(pathOf(name), { force: true }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
