import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import type { Http } from '../ask.ts'
import { gitEnvironment } from './repository.ts'

export interface Backed {
  readonly response: Response
  /** Ends when git has: what was pushed is then in place. */
  readonly done: Promise<void>
}

/** Hands a request to git's own `http-backend` (CGI) and its answer back, both as they come. */
export async function backend(
  http: Http,
  repository: string,
  tail: string,
  body: AsyncIterable<Uint8Array> | undefined,
  environment: Readonly<Record<string, string>>,
): Promise<Backed> {
  const { req } = http
  const child = spawn('git', ['http-backend'], {
    env: gitEnvironment({
      ...environment,
      GIT_PROJECT_ROOT: repository,
      PATH_INFO: `/${tail}`,
      GIT_HTTP_EXPORT_ALL: '1',
      REQUEST_METHOD: req.method,
      QUERY_STRING: new URL(req.url).search.slice(1),
      CONTENT_TYPE: req.header('content-type') ?? '',
      HTTP_CONTENT_ENCODING: req.header('content-encoding') ?? '',
      ...(req.header('git-protocol') === undefined ? {} : { GIT_PROTOCOL: req.header('git-protocol') ?? '' }),
    }),
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const done = new Promise<void>((resolve) => child.once('close', () => resolve()))
  // Git may stop reading before the client stops sending; that shows in its answer.
  child.stdin.on('error', () => undefined)
  if (body === undefined) child.stdin.end()
  else
    Readable.from(body)
      .on('error', () => child.kill())
      .pipe(child.stdin)

  const output = child.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let head = Buffer.alloc(0)
  let end = -1
  while (end < 0) {
    const next = await output.next()
    if (next.done === true) return { response: new Response('git said nothing', { status: 500 }), done }
    head = Buffer.concat([head, next.value])
    end = head.indexOf('\r\n\r\n')
  }
  const headers = new Headers()
  let status = 200
  for (const line of head.subarray(0, end).toString().split('\r\n')) {
    const at = line.indexOf(':')
    const [name, value] = [line.slice(0, at), line.slice(at + 1).trim()]
    if (name.toLowerCase() === 'status') status = Number(value.split(' ')[0])
    else headers.append(name, value)
  }
  const rest = head.subarray(end + 4)
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (rest.length > 0) controller.enqueue(new Uint8Array(rest))
    },
    pull: async (controller) => {
      const next = await output.next()
      if (next.done === true) controller.close()
      else controller.enqueue(new Uint8Array(next.value))
    },
    cancel: () => void child.kill(),
  })
  return { response: new Response(stream, { status, headers }), done }
}
