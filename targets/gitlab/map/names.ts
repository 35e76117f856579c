import { hash } from 'node:crypto'

/**
 * Paths that GitLab keeps for itself at the top, where users stand too.
 * https://docs.gitlab.com/user/reserved_names/ and `lib/gitlab/path_regex.rb` (read 2026-11-25)
 */
const reservedTop = new Set(
  '- .well-known 404.html 422.html 500.html 502.html 503.html admin api apple-touch-icon.png assets dashboard deploy.html explore favicon.ico favicon.png files groups health_check help import jwt login oauth profile projects public robots.txt s search sitemap sitemap.xml sitemap.xml.gz slash-command-logo.png snippets unsubscribes uploads users v2'.split(
    ' ',
  ),
)
/** Paths that GitLab keeps for itself below a project's or group's. */
const reservedBelow = new Set(
  '- badges blame blob builds commits create create_dir edit environments files find_file gitlab-lfs info new preview raw refs tree update wikis'.split(
    ' ',
  ),
)
export const isReservedTop = (name: string): boolean => reservedTop.has(name.toLowerCase())

/**
 * A text as a path: letters, digits, `_`, `-` and `.`, beginning and ending with a letter or a digit, no two signs in a row, not ending in
 * `.git` or `.atom` (`Gitlab::Regex.oci_repository_path_regex`). Undefined if nothing is left of it. A name that is one already stays as it is.
 */
export function pathOf(text: string): string | undefined {
  const path = text
    .normalize('NFKD')
    .replace(/[^a-zA-Z0-9_.-]+/g, '-')
    .replace(/([._-])[._-]+/g, '$1')
    .replace(/^[._-]+|[._-]+$/g, '')
    .replace(/(?:\.(?:git|atom))+$/i, '')
    .slice(0, 200)
    .replace(/[._-]+$/, '')
  return path === '' ? undefined : path
}

/** The path of a project or subgroup, without knowing its neighbours. */
export function lowerPath(text: string): string {
  const path = pathOf(text) ?? `repository-${hash('sha256', text).slice(0, 8)}`
  return reservedBelow.has(path.toLowerCase()) ? `${path}-repository` : path
}

/**
 * The username for a login. Logins of bots end in `[bot]`, which becomes `.bot`: no login has a dot, so nobody is in the way.
 * A login that cannot be a username as it is gets a tail made from it, so that two never meet.
 */
export function usernameOf(login: string): string {
  const plain = login.replace(/\[bot\]$/, '.bot')
  const path = pathOf(plain)
  if (path === plain) return path
  return `${path ?? 'user'}.${hash('sha256', login.toLowerCase()).slice(0, 6)}`
}

/** First of `name`, `name.github`, `name.github2` ... that is not taken. */
export function freeName(name: string, taken: (name: string) => boolean): string {
  if (!taken(name)) return name
  for (let n = 1; ; n++) {
    const candidate = `${name}.github${n === 1 ? '' : n}`
    if (!taken(candidate)) return candidate
  }
}
