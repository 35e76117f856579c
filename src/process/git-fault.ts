import { Fault } from '../fault.ts'
import type { FaultCode } from '../fault.ts'
import { redactText } from '../http/redact.ts'

const BACKOFF = { type: 'backoff' } as const
/** What git's messages mean to the person who reads them; the first that fits. Messages of git 2.39 under LC_ALL=C. */
const MEANINGS: readonly (readonly [RegExp, FaultCode, string])[] = [
  [/No space left on device|Disk quota exceeded/i, 'unavailable', 'Free some disk space and run again'],
  [/Authentication failed|could not read (?:Username|Password)|returned error: 401/i, 'auth', 'Check the token and run again'],
  [/returned error: 403|not allowed to|denied/i, 'permission', 'Give the token the right to do this and run again'],
  [
    /returned error: 404|Repository not found|repository '.*' not found/i,
    'gone',
    'Check that the repository exists and that the token may see it',
  ],
  [/unable to update url base from redirection|returned error: 30\d/i, 'gone', 'The repository has moved: configure its new address'],
  [
    /Could not resolve|Failed to connect|Couldn't connect|timed? out|Connection (?:reset|refused)|hung up|RPC failed|returned error: (?:429|5\d\d)|unexpected disconnect|Empty reply|Recv failure/i,
    'unavailable',
    'Run again; what was done is kept',
  ],
  [
    /corrupt|early EOF|bad object|inflate|invalid index-pack|index-pack failed|pack has bad|bad pack|sha1 mismatch|hash mismatch|lacks these prerequisite|does not look like a v|missing (?:blob|tree|commit|necessary)|did not send all|remote did not send/i,
    'corrupt',
    'Verify the vault, and use an older snapshot if this one stays broken',
  ],
]

/** The lines in which git says what went wrong, or the last ones if none looks like it. */
function tellingLines(stderr: string): readonly string[] {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.replaceAll(/[\p{C}]+/gu, ' ').trim())
    .filter((line) => line !== '' && !/^(?:hint|warning|remote):?\s*$/.test(line))
  const telling = lines.filter((line) => /^(?:fatal|error|remote|!|\w+ \w+: error)/.test(line))
  return telling.length > 0 ? telling : lines.slice(-2)
}

/** Words of git worth showing: short, of one line, without tokens, mail addresses, control characters or the places of our own files. */
export function shownError(lines: readonly string[], hidden: readonly string[]): string {
  const text = lines.slice(0, 3).join('; ')
  const without = hidden.filter((secret) => secret !== '').reduce((shown, secret) => shown.replaceAll(secret, '…'), text)
  const redacted = redactText(without).replaceAll(/[^\s<>'"]+@[^\s<>'"]+\.[a-z]{2,}/gi, '[address]')
  return redacted.length > 300 ? `${redacted.slice(0, 299)}…` : redacted
}

/** A failed command in words. `what`: what git was to do, in one sentence without a full stop. `hidden` is taken out of git's own words. */
export function gitFault(what: string, code: number | null, stderr: string, hidden: readonly string[]): Fault {
  const lines = tellingLines(stderr)
  const [, kind = 'rejected', remedy = 'See what git says above'] = MEANINGS.find(([pattern]) => pattern.test(lines.join('\n'))) ?? []
  const said = shownError(lines, hidden)
  const why = `git ended with ${code === null ? 'a signal' : `code ${code}`}${said === '' ? '' : ` and says: ${said}`}`
  return new Fault({ code: kind, what, why, remedy, ...(kind === 'unavailable' && { retry: BACKOFF }) })
}

/** git could not be started. */
export function noGit(cause: unknown): Fault {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
  return new Fault({
    code: 'config',
    what: 'git cannot be started',
    why: code,
    remedy: 'Install git 2.34 or newer (apt install git) so that it is in PATH',
    cause,
  })
}
