import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { serve, type Served } from '../kit/serve.ts'

export interface BackendOptions {
  /** The directory in which the bare repositories lie. */
  readonly root: string
  /** The rest of the request's path, from the name of the repository: `/acme/site.git/info/refs`. Default: the whole path. */
  readonly path?: string
  /** Who is signed in: who is may push, if the repository's `http.receivepack` allows it. */
  readonly user?: string
}

/** One request answered by git's own `http-backend`, the program behind real hosts of smart HTTP. Streams both ways. */
export async function httpBackend(request: Request, options: BackendOptions): Promise<Response> {
  const url = new URL(request.url)
  const header = (name: string): string => request.headers.get(name) ?? ''
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_PROJECT_ROOT: options.root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: options.path ?? decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      HTTP_GIT_PROTOCOL: header('git-protocol'),
      GIT_PROTOCOL: header('git-protocol'),
      REMOTE_ADDR: '127.0.0.1',
      ...(header('content-length') !== '' && { CONTENT_LENGTH: header('content-length') }),
      ...(options.user !== undefined && { REMOTE_USER: options.user }),
    },
  })
  request.signal.addEventListener('abort', () => child.kill(), { once: true })
  // A backend that has heard enough closes its ear.
  child.stdin.on('error', () => {})
  if (request.body === null) child.stdin.end()
  else
    Readable.fromWeb(request.body)
      .on('error', () => child.kill())
      .pipe(child.stdin)
  return answerOf(child.stdout)
}

/** A server on loopback for all repositories below `root`. `before` may answer in the place of git, or look at the request. */
export function gitServer(
  options: BackendOptions & { readonly before?: (request: Request) => Response | undefined | Promise<Response | undefined> },
): Promise<Served> {
  return serve({ fetch: async (request: Request) => (await options.before?.(request)) ?? httpBackend(request, options) })
}

async function answerOf(output: Readable): Promise<Response> {
  let held = Buffer.alloc(0)
  let end = -1
  while (end === -1) {
    const chunk = output.read() as Buffer | null
    if (chunk !== null) held = Buffer.concat([held, chunk])
    end = held.indexOf('\r\n\r\n')
    if (end !== -1) break
    if (output.readableEnded) return new Response('git http-backend said nothing', { status: 500 })
    if (chunk === null) await Promise.race([once(output, 'readable'), once(output, 'end')])
  }
  const headers = new Headers()
  for (const line of held.toString('latin1', 0, end).split('\r\n'))
    headers.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim())
  const status = Number.parseInt(headers.get('status') ?? '200', 10)
  headers.delete('status')
  output.unshift(held.subarray(end + 4))
  return new Response(Readable.toWeb(output) as ReadableStream<Uint8Array>, { status, headers })
}
