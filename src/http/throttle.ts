/** How long the service asks to wait, in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3). Undefined when it does not say. */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const text = headers.get('retry-after')?.trim()
  if (text === undefined || text === '') return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}

/** Units left and when they come back, as GitHub, GitLab, Mattermost and the IETF draft write it; epoch milliseconds. */
export function quotaLeft(headers: Headers, nowMs: number): { readonly remaining: number; readonly resetAt: number } | undefined {
  const remaining = numberIn(headers, 'x-ratelimit-remaining') ?? numberIn(headers, 'ratelimit-remaining')
  const reset = numberIn(headers, 'x-ratelimit-reset') ?? numberIn(headers, 'ratelimit-reset')
  if (remaining === undefined || reset === undefined) return undefined
  // GitHub gives a time in epoch seconds, Mattermost and the draft give seconds from now.
  return { remaining, resetAt: reset > 1_000_000_000 ? reset * 1000 : nowMs + reset * 1000 }
}

/** True if the service refused because of a quota: 429, or GitHub's 403 that carries Retry-After or an empty quota. */
export function isThrottled(response: Response): boolean {
  if (response.status === 429) return true
  return response.status === 403 && (response.headers.has('retry-after') || response.headers.get('x-ratelimit-remaining') === '0')
}

function numberIn(headers: Headers, name: string): number | undefined {
  const text = headers.get(name)
  return text !== null && /^\d+$/.test(text.trim()) ? Number(text) : undefined
}
