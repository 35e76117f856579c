import type { z } from 'zod'
import type { Provenance } from '../../src/contract/item.ts'
import type { Ports } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import { type Answer, createClient } from './client.ts'
import type { GithubConfig } from './config.ts'
import { createGraphql, type Found, type Query } from './graphql.ts'
import { createTokens, type Tokens } from './tokens.ts'

/** GitHub as one configuration sees it. */
export interface Github {
  /** The source's name in the configuration. */
  readonly source: string
  readonly config: GithubConfig
  readonly ports: Ports
  readonly tokens: Tokens
  /** One reading request. `what`: for errors, a sentence without a full stop. @throws GithubFault, Fault */
  get(what: string, path: string, signal: AbortSignal): Promise<Answer>
  /** A list, page by page, each as JSON as it came; `of` names the list inside an envelope (`secrets`). Links are followed verbatim. */
  pages(what: string, path: string, signal: AbortSignal, of?: string): AsyncGenerator<readonly unknown[]>
  /** A whole list of moderate length. */
  list(what: string, path: string, signal: AbortSignal, of?: string): Promise<readonly unknown[]>
  graphql<T extends z.ZodType>(query: Query, schema: T, signal: AbortSignal): Promise<{ data: z.infer<T>; hidden: Found['hidden'] }>
  /** Renders Markdown in the context of `owner/name`. @throws Fault */
  render(text: string, context: string, signal: AbortSignal): Promise<string>
  provenance(nativeId: string, endpoint: string): Provenance
}

export function createGithub(source: string, config: GithubConfig, ports: Ports): Github {
  const tokens = createTokens(config.auth, config.apiUrl, ports)
  const client = createClient(config.apiUrl, tokens, ports)
  const ask = createGraphql(client, config.apiUrl, ports)
  const get: Github['get'] = (what, path, signal) => client.send({ what, path }, signal)
  async function* pages(what: string, path: string, signal: AbortSignal, of?: string): AsyncGenerator<readonly unknown[]> {
    for (let at: string | undefined = path; at !== undefined;) {
      const answer: Answer = await get(what, at, signal)
      yield rowsOf(answer.data, of, what)
      if (answer.next === at) throw endless(what)
      at = answer.next
    }
  }
  return {
    source,
    config,
    ports,
    tokens,
    get,
    pages,
    async list(what, path, signal, of) {
      const rows: unknown[] = []
      for await (const page of pages(what, path, signal, of)) rows.push(...page)
      return rows
    },
    async graphql(query, schema, signal) {
      const { data, hidden } = await ask(query, signal)
      const parsed = schema.safeParse(data)
      if (!parsed.success) throw unreadable(query.what, parsed.error)
      return { data: parsed.data, hidden }
    },
    async render(text, context, signal) {
      const body = { text, mode: 'gfm', context }
      const { data } = await client.send({ what: 'GitHub refused to render a text', path: '/markdown', body, html: true }, signal)
      return typeof data === 'string' ? data : ''
    },
    provenance: (nativeId, endpoint) => ({ source, nativeId, fetchedAt: ports.clock.now().toISOString(), endpoint }),
  }
}

/** The rows of a list, bare or in an envelope. */
export function rowsOf(data: unknown, of: string | undefined, what: string): readonly unknown[] {
  const rows = of === undefined || typeof data !== 'object' || data === null ? data : (data as Readonly<Record<string, unknown>>)[of]
  if (Array.isArray(rows)) return rows
  if (data === null) return []
  throw new Fault({ code: 'unavailable', what, why: 'a list was expected', remedy: 'Run again later', retry: { type: 'backoff' } })
}

/** What GitHub answered lacks a field that is needed, or has it in another form. */
export function unreadable(what: string, error: z.ZodError): Fault {
  const [issue] = error.issues
  const why = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`
  return new Fault({ code: 'unavailable', what, why, remedy: 'Report this as a defect, if it comes again', retry: { type: 'backoff' } })
}

const endless = (what: string): Fault =>
  new Fault({
    code: 'unavailable',
    what,
    why: 'the same page comes again and again',
    remedy: 'Run again later',
    retry: { type: 'backoff' },
  })
