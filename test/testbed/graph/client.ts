import { Client, GraphError, type Middleware } from '@microsoft/microsoft-graph-client'
import type { GraphTestbed } from './testbed.ts'

/** The vendor's own client in front of the emulator; its stock authentication refuses addresses that are not Microsoft's. */
export function clientOf(bed: GraphTestbed, token = bed.tokens.issue(bed.tokens.app.roles)): Client {
  const middleware: Middleware = {
    async execute(context) {
      const headers = new Headers(context.options?.headers)
      headers.set('authorization', `Bearer ${token}`)
      if (!headers.has('prefer')) headers.set('prefer', 'IdType="ImmutableId"')
      context.response = await fetch(String(context.request), { ...(context.options as RequestInit), headers })
    },
  }
  return Client.initWithMiddleware({ baseUrl: bed.apiUrl, defaultVersion: '', middleware })
}

export interface Answered {
  readonly value: readonly (Readonly<Record<string, unknown>> & { readonly id: string })[]
  readonly '@odata.nextLink'?: string
  readonly '@odata.deltaLink'?: string
}

/** A link of the emulator's, as the client takes it. */
export const pathOf = (bed: GraphTestbed, link: string): string => link.slice(bed.apiUrl.length - 1)

/** Every page of a listing, and its delta link. */
export async function walk(
  bed: GraphTestbed,
  client: Client,
  path: string,
): Promise<{ pages: Answered['value'][]; deltaLink: string | undefined }> {
  const pages: Answered['value'][] = []
  for (let at: string | undefined = path; ;) {
    const answer = (await client.api(at).get()) as Answered
    pages.push(answer.value)
    const next = answer['@odata.nextLink']
    if (next === undefined) return { pages, deltaLink: answer['@odata.deltaLink'] }
    at = pathOf(bed, next)
  }
}

/** What the client throws, as status and word. */
export async function refusalOf(asking: Promise<unknown>): Promise<readonly [number, string | null]> {
  try {
    await asking
  } catch (error) {
    if (error instanceof GraphError) return [error.statusCode, error.code]
    throw error
  }
  throw new Error('it was not refused')
}
