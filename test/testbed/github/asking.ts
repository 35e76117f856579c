import type { GithubTestbed } from './testbed.ts'

export interface Asked<T = unknown> {
  readonly status: number
  readonly headers: Headers
  readonly json: T
}

interface Listed<T> {
  readonly rows: T[]
  /** Addresses of the pages after the first. */
  readonly links: string[]
}
type Queried<T> = Asked<{ data?: T; errors?: { type?: string; message: string }[] }>

/** Plain requests with a token: what tests of the emulator look with. */
export function asking(bed: Pick<GithubTestbed, 'apiUrl' | 'graphqlUrl'>, token: string) {
  const authorization = `Bearer ${token}`
  const get = async <T = unknown>(path: string, headers: Record<string, string> = {}): Promise<Asked<T>> => {
    const answer = await fetch(path.startsWith('http') ? path : `${bed.apiUrl}${path}`, {
      redirect: 'manual',
      headers: { authorization, ...headers },
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, json: (text === '' ? undefined : JSON.parse(text)) as T }
  }
  /** All rows, by the links from page to page. */
  const all = async <T = unknown>(path: string): Promise<Listed<T>> => {
    const rows: T[] = []
    const links: string[] = []
    for (let next: string | undefined = path; next !== undefined;) {
      const page: Asked<T[]> = await get<T[]>(next)
      if (page.status !== 200) throw new Error(`${next}: ${page.status} ${JSON.stringify(page.json)}`)
      rows.push(...page.json)
      next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1]
      if (next !== undefined) links.push(next)
    }
    return { rows, links }
  }
  const query = async <T = unknown>(text: string, variables: object = {}): Promise<Queried<T>> => {
    const answer = await fetch(bed.graphqlUrl, {
      method: 'POST',
      headers: { authorization },
      body: JSON.stringify({ query: text, variables }),
    })
    return { status: answer.status, headers: answer.headers, json: (await answer.json()) as { data?: T } }
  }
  return { get, all, query }
}
