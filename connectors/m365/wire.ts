import { z } from 'zod'

/** One page of anything. Links are opaque. */
export const PageWire = z.object({
  value: z.array(z.record(z.string(), z.unknown())),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
})

export const ErrorWire = z.object({ error: z.object({ code: z.string() }) })
export const TokenWire = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() })
export const TokenErrorWire = z.object({ error: z.string(), error_codes: z.array(z.number()).optional() })
/** What a token says of itself. Only for showing: nothing is decided by it. */
export const ClaimsWire = z.object({
  roles: z.array(z.string()).optional(),
  scp: z.string().optional(),
  tid: z.string().optional(),
  appid: z.string().optional(),
  iat: z.number().optional(),
  exp: z.number().optional(),
})
export type Claims = z.infer<typeof ClaimsWire>

/** Graph's JSON as it comes, before a schema has looked at it. */
export type Wire = Readonly<Record<string, unknown>>
export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
export const filled = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value.trim() : null)
export const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [])

/** A time of Graph's (`2026-03-02T07:00:00Z`, up to seven decimals) with six decimals; undefined when it is none. */
export function moment(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const [, whole, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(value) ?? []
  if (whole === undefined || Number.isNaN(Date.parse(`${whole}Z`))) return undefined
  return `${whole}.${fraction.slice(0, 6).padEnd(6, '0')}Z`
}
