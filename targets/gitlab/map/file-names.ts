import { safeFileName } from '../../../src/model/file-name.ts'

/**
 * Where a file of a release answers below `/-/releases/TAG/downloads`: letters, digits, `_`, `-` and `.`, a letter or digit at the end, 128 letters
 * in all (`Releases::Link`, read 2026-11-25). Undefined: it has no such address.
 */
export function assetPath(name: string): string | undefined {
  const path = `/${name.replaceAll('+', '_')}`
  return path.length <= 128 && /^\/(?:[-.\w]+\/?)*[\da-zA-Z]$/.test(path) ? path : undefined
}

/**
 * A name that GitLab keeps as it is: it replaces everything but letters, digits and `._+-` in the names of uploads (CarrierWave's
 * `sanitize_regexp`) and refuses more in those of packages. `Gitlab::Regex.maven_file_name_regex` is what those go by (read 2026-11-25).
 */
export function uploadName(name: string): string {
  const safe = safeFileName(name, 'file')
    .replaceAll(/[^A-Za-z0-9._+-]/g, '_')
    .replaceAll(/\.{2,}/g, '.')
    .replace(/^[.+-]+/, '_')
  return safe === '' ? 'file' : safe
}
