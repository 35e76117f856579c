import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { serve, type Served } from '../kit/serve.ts'

export interface BackendOptions {
  /** The directory in which the bare repositories lie, or one of them. */
  readonly root: string
  /** The rest of the request's path below `root`: `/acme/site.git/info/refs`. Default: the whole path. */
  readonly path?: string
  /** What is sent to git. Default: the body of the request, as it comes. */
  readonly body?: AsyncIterable<Uint8Array>
  /** Who is signed in: who is may push, if the repository's `http.receivepack` allows it. */
  readonly user?: string
  /** Settings of git for this request, beside those of the repository. */
  readonly settings?: Readonly<Record<string, string>>
  /** For hooks. */
  readonly environment?: Readonly<Record<string, string>>
}
export interface Backed {
  readonly response: Response
  /** Ends when git has: what was pushed is then in place. */
  readonly done: Promise<void>
}

/** One request answered by git's own `http-backend`, the program behind real hosts of smart HTTP. Streams both ways. */
export async function httpBackend(request: Request, options: BackendOptions): Promise<Backed> {
  const url = new URL(request.url)
  const header = (name: string): string => request.headers.get(name) ?? ''
  // The directory belongs to whoever runs the tests.
  const settings = Object.entries({ 'safe.directory': '*', ...options.settings })
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_COUNT: String(settings.length),
      ...Object.fromEntries(
        settings.flatMap(([key, value], at) => [
          [`GIT_CONFIG_KEY_${at}`, key],
          [`GIT_CONFIG_VALUE_${at}`, value],
        ]),
      ),
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
      ...(options.body === undefined && header('content-length') !== '' && { CONTENT_LENGTH: header('content-length') }),
      ...(options.user !== undefined && { REMOTE_USER: options.user }),
      ...options.environment,
    },
  })
  const done = new Promise<void>((resolve) => child.once('close', () => resolve()))
  request.signal.addEventListener('abort', () => child.kill(), { once: true })
  // A backend that has heard enough closes its ear.
  child.stdin.on('error', () => {})
  const body = options.body ?? (request.body as AsyncIterable<Uint8Array> | null)
  if (body === null) child.stdin.end()
  else
    Readable.from(body)
      .on('error', () => child.kill())
      .pipe(child.stdin)
  return { response: await answerOf(child.stdout), done }
}

/** A server on loopback for all repositories below `root`. `before` may answer in the place of git, or look at the request. */
export function gitServer(
  options: BackendOptions & { readonly before?: (request: Request) => Response | undefined | Promise<Response | undefined> },
): Promise<Served> {
  return serve({ fetch: async (request: Request) => (await options.before?.(request)) ?? (await httpBackend(request, options)).response })
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
