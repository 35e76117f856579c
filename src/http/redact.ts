import type { JsonValue } from '../contract/json.ts'

const GONE = '[redacted]'

/** Names of query parameters and JSON fields whose value lets somebody in. */
const SECRET_NAMES =
  't|token|access_token|refresh_token|id_token|auth_token|api_key|apikey|key|secret|client_secret|password|passwd|pwd|sig|signature|code|session|ticket|x-amz-signature|x-amz-credential|x-amz-security-token|x-goog-signature|x-goog-credential|sv|se'
const WORDY_NAMES = 'token|access_token|refresh_token|id_token|auth_token|api_key|apikey|client_secret|password|passwd'

const RULES: readonly (readonly [RegExp, string])[] = [
  // Slack: xoxb-, xoxp-, xoxe-, xoxe.xoxp-, xapp- … (https://docs.slack.dev/authentication/tokens, read 2026-11-23)
  [/\bxox[a-z](?:\.xox[a-z])?-[A-Za-z0-9%_.-]+/gi, GONE],
  [/\bxapp-[A-Za-z0-9_-]+/gi, GONE],
  // GitHub and GitLab mark their tokens too.
  [/\b(?:gh[opusr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|glpat-[A-Za-z0-9_-]{16,})/g, GONE],
  [/\b(bearer)(\s+|%20|\+)[A-Za-z0-9+/_.~%-]{8,}=*/gi, `$1$2${GONE}`],
  // Words follow these two in ordinary sentences; a secret has a digit.
  [/\b(basic|token)(\s+|%20|\+)(?=[A-Za-z+/_.~%-]*\d)[A-Za-z0-9+/_.~%-]{8,}=*/gi, `$1$2${GONE}`],
  [new RegExp(`([?&;](?:${SECRET_NAMES})=)[^&#\\s"'<>\\\\]+`, 'gi'), `$1${GONE}`],
  [
    new RegExp(
      `(["']?\\b(?:${WORDY_NAMES}|authorization|cookie|set-cookie)\\b\\\\?["']?\\s*[:=]\\s*\\\\?["']?)(?!(?:bearer|basic|token)\\b)[^\\s"'&,;}\\\\]+`,
      'gi',
    ),
    `$1${GONE}`,
  ],
  // user:password@host
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'<>]+:[^\s/@"'<>]+@/gi, `$1${GONE}@`],
]

/** Takes whatever looks like a secret out of a line meant for logs and errors. Rather too much than too little. */
export function redactText(text: string): string {
  return RULES.reduce((redacted, [pattern, replacement]) => redacted.replace(pattern, replacement), text)
}

/** An address fit for logs: query secrets are gone, the rest stays. */
export const redactUrl = (url: string | URL): string => redactText(String(url))

/**
 * The vendor's JSON without the tokens the vendor put into it, for keeping: strings that are an address lose their query secrets, strings
 * that are a token are emptied. Prose is never touched, for it belongs to those who wrote it.
 */
export function redactJson(value: JsonValue): JsonValue {
  if (typeof value === 'string') return redactWhole(value)
  if (value === null || typeof value !== 'object') return value
  if (isList(value)) return value.map(redactJson)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redactJson(inner)]))
}

const TOKEN = /^(?:xox[a-z](?:\.xox[a-z])?-|xapp-|gh[opusr]_|github_pat_|glpat-)[A-Za-z0-9%_.-]+$/i
const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)

function redactWhole(text: string): string {
  if (TOKEN.test(text)) return GONE
  return /^https?:\/\/\S+$/i.test(text) ? redactText(text) : text
}
