/** The addresses of one request: where pages are, where the API is, where files are kept. No trailing slashes. */
export interface Site {
  readonly host: string
  readonly api: string
  /** Another host and port, as GitHub's own store is: no token may arrive there. */
  readonly store: string
  /** Texts are kept with github.com's addresses and shown with this emulator's. */
  text(body: string): string
  /** What a text becomes on a page, for those who ask for it; private pictures get addresses that open for five minutes. */
  readonly html: ((body: string) => string) | undefined
}

interface Places {
  readonly host: string
  readonly api: string
  readonly store: string
}
export const site = ({ host, api, store }: Places, own: boolean, html?: Site['html']): Site => ({
  host,
  api,
  store,
  html,
  text: (body) =>
    own
      ? body.replaceAll('https://user-images.githubusercontent.com/', `${store}/user-images/`).replaceAll('https://github.com/', `${host}/`)
      : body,
})

/** Ids as GraphQL has them: they name the kind, the repository and the row. */
export const nodeId = (kind: string, repository: number, id: number): string =>
  `${kind}_kwDO${Buffer.from(`${repository}:${id}`).toString('base64url')}`

export function readNodeId(id: string): { readonly kind: string; readonly repository: number; readonly id: number } | undefined {
  const [, kind, rest] = /^([A-Za-z0-9]+)_kwDO(.+)$/.exec(id) ?? []
  if (kind === undefined || rest === undefined) return undefined
  const [repository, row] = Buffer.from(rest, 'base64url').toString().split(':').map(Number)
  return repository === undefined || row === undefined ? undefined : { kind, repository, id: row }
}
