/**
 * Where bytes are to be had, as text that may be stored: it names no token.
 * - `url`: an address; `html` says that a page is what is expected there, `auth` that the token must be shown
 * - `list`: the entries of a Slack list, read through the API
 */
export type Handle =
  | { readonly type: 'url'; readonly url: string; readonly html: boolean; readonly auth: boolean; readonly bytes: number | null }
  | { readonly type: 'list'; readonly id: string }

export const encodeHandle = (handle: Handle): string => JSON.stringify(handle)

/** The handle that was encoded, or undefined for text that is none. */
export function decodeHandle(encoded: string): Handle | undefined {
  try {
    const handle = JSON.parse(encoded) as Partial<Record<string, unknown>>
    if (handle['type'] === 'list' && typeof handle['id'] === 'string') return { type: 'list', id: handle['id'] }
    const { url, html, auth, bytes } = handle
    if (handle['type'] === 'url' && typeof url === 'string')
      return { type: 'url', url, html: html === true, auth: auth === true, bytes: typeof bytes === 'number' ? bytes : null }
  } catch {
    return undefined
  }
  return undefined
}
