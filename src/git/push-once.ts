import { Fault } from '../fault.ts'
import { gitFault, shownError } from '../process/git-fault.ts'
import { gitText } from '../process/git.ts'
import type { GitRemote } from './git-remote.ts'

export interface RefPush {
  /** Its full name on the remote. */
  readonly ref: string
  /** What it is to point to; undefined takes it away. */
  readonly oid: string | undefined
}
export type PushedRef = RefPush &
  (
    | { readonly outcome: 'pushed' | 'unchanged' | 'deleted' | 'hidden' }
    /** `withOthers`: the server may have meant another ref of the same push. */
    | { readonly outcome: 'refused'; readonly why: string; readonly withOthers?: boolean }
  )

interface PushSettings {
  readonly remote: GitRemote
  readonly directory: string
  readonly options: readonly string[]
}

/** Reasons that servers give for every ref of a push when one of them is to blame. */
const FOR_ALL =
  /pre-receive hook declined|unpacker error|transaction|atomic|internal (?:API|server) |remote failed to report status|failed to lock/i
const LINE = /^([ +\-*!=])\t[^:]*:(\S+)\t(.*)$/
const NO_OPTIONS = /does not support push options/

/**
 * One `git push` of refs named one by one: neither mirror nor all-or-nothing. The token travels in the environment.
 * @throws Fault as `gitFault` if no ref was answered for
 */
export async function pushOnce(settings: PushSettings, refs: readonly RefPush[], signal: AbortSignal): Promise<readonly PushedRef[]> {
  const { remote, directory } = settings
  const url = plainUrl(remote.url)
  const authorization = await remote.authorization(signal)
  const secrets = authorization === undefined ? [] : secretsIn(authorization)
  const attempt = (options: readonly string[]) =>
    gitText(
      [
        'push',
        '--porcelain',
        '--no-follow-tags',
        '--no-signed',
        '--no-progress',
        '--recurse-submodules=no',
        ...options.map((option) => `--push-option=${option}`),
        '--',
        url,
        ...refs.map(({ ref, oid }) => (oid === undefined ? `:${ref}` : `+${oid}:${ref}`)),
      ],
      {
        what: WHAT,
        directory,
        secrets,
        exits: [0, 1, 128],
        config: authorization === undefined ? {} : { 'http.extraHeader': `Authorization: ${authorization}` },
      },
      signal,
    )
  let end = await attempt(settings.options)
  if (end.code !== 0 && settings.options.length > 0 && NO_OPTIONS.test(end.stderr)) end = await attempt([])
  const said = statusLines(end.stdout)
  if (said.size === 0 && end.code !== 0) throw gitFault(WHAT, end.code, end.stderr, secrets)
  const hint = shownError(
    end.stderr
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('remote: ')),
    secrets,
  )
  return refs.map((push): PushedRef => {
    const { flag, summary } = said.get(push.ref) ?? { flag: '!', summary: '[remote failed to report status]' }
    if (flag === '=') return { ...push, outcome: 'unchanged' }
    if (flag !== '!') return { ...push, outcome: push.oid === undefined ? 'deleted' : 'pushed' }
    const why = hint === '' ? summary : `${summary}; ${hint}`
    return { ...push, outcome: 'refused', why, withOthers: FOR_ALL.test(summary) }
  })
}

const WHAT = 'The repository could not be pushed'

function statusLines(stdout: string): ReadonlyMap<string, { readonly flag: string; readonly summary: string }> {
  const said = new Map<string, { readonly flag: string; readonly summary: string }>()
  for (const line of stdout.split('\n')) {
    const [, flag, ref, summary] = LINE.exec(line) ?? []
    if (flag !== undefined && ref !== undefined && summary !== undefined) said.set(ref, { flag, summary })
  }
  return said
}

/** An address without a user: that would stand in the arguments, which everybody on the machine can read. */
function plainUrl(text: string): string {
  const url = new URL(text)
  if ((url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '')
    throw new Fault({
      code: 'config',
      what: 'The address of a repository cannot be pushed to',
      remedy: 'Give an https address without user and password',
    })
  return url.href
}

/** The header, and what is written in it. */
function secretsIn(authorization: string): readonly string[] {
  const value = authorization.slice(authorization.indexOf(' ') + 1)
  const inside = /^basic /i.test(authorization) ? Buffer.from(value, 'base64').toString('utf8').split(':').slice(1).join(':') : ''
  return [authorization, value, inside]
}
