import type { Clock } from '../../../src/contract/ports.ts'
import type { JsonValue } from '../../../src/contract/json.ts'
import { Fault } from '../../../src/fault.ts'
import { faultFromStatus } from '../../../src/http/fault-from-status.ts'
import { redactText } from '../../../src/http/redact.ts'
import { retryAfterMs } from '../../../src/http/throttle.ts'
import { Complaint } from './wire.ts'

const REMEDY: Readonly<Record<number, string>> = {
  401: 'Make a new personal access token of an administrator with the scopes api and sudo, and put it where `token` points',
  403: 'The token must be that of an administrator, with the scopes api and sudo; then run fallreep doctor',
  404: 'It may have been removed there; run again',
  413: 'Raise the limit of the server (max_import_size) or of the proxy before it',
}
const MOST_WORDS = 300

/**
 * What a status of GitLab's API means, with GitLab's own words.
 * https://docs.gitlab.com/api/rest/troubleshooting/ (read 2026-11-25)
 */
export async function refusalOf(response: Response, request: string, clock: Clock): Promise<Fault> {
  const said = wordsOf(await response.text().catch(() => ''))
  const { status } = response
  const fault = faultFromStatus(status, {
    what: `GitLab refused ${request}`,
    remedy: REMEDY[status],
    retryAfterMs: retryAfterMs(response.headers, clock.now().getTime()),
  })
  const why = `HTTP ${status}${said === '' ? '' : `: ${said}`}`
  return new Fault({ code: fault.code, what: fault.what, why, remedy: fault.remedy, retry: fault.retry })
}

function wordsOf(text: string): string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return /^\s*</.test(text) ? '' : shown(text)
  }
  const complaint = Complaint.safeParse(value)
  if (!complaint.success) return ''
  const { message, error, error_description } = complaint.data
  return shown(
    [message, error, error_description]
      .filter((part) => part !== undefined)
      .map(flat)
      .join('; '),
  )
}
function flat(value: JsonValue): string {
  if (Array.isArray(value)) return value.map(flat).join(', ')
  if (value === null || typeof value !== 'object') return String(value)
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${flat(inner)}`)
    .join('; ')
}
const shown = (text: string): string => redactText(text.replaceAll(/[\p{C}\s]+/gu, ' ').trim()).slice(0, MOST_WORDS)
