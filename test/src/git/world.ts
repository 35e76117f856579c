import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFetch, type FetchOptions } from '../../../src/http/fetch.ts'
import { systemClock } from '../../../src/http/system-clock.ts'
import { gitText } from '../../../src/process/git.ts'
import type { GitRemote } from '../../../src/git/git-remote.ts'
import { gitServer } from '../../testbed/git/http-backend.ts'

export const never = new AbortController().signal
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined }

/** git with a fixed author, at a fixed time. */
const author = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.test',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.test',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
}

export interface World extends AsyncDisposable {
  readonly dir: string
  /** The bare repository at the host. */
  readonly server: string
  readonly remote: GitRemote
  /** Every request: method, path and Authorization header. */
  readonly requests: {
    readonly method: string
    readonly path: string
    readonly authorization: string | null
    readonly encoding: string | null
  }[]
  /** Answers in the place of git while set. */
  before: ((request: Request) => Response | undefined | Promise<Response | undefined>) | undefined
  git(...args: readonly string[]): Promise<string>
  /** Feeds `git fast-import` at the host; what it says. */
  load(script: string | Iterable<string | Uint8Array>): Promise<string>
  /** A commit with one file on top of what the ref is now; its oid. */
  commit(ref: string, text: string): Promise<string>
  /** All refs at once, also those that are too many to be files. */
  packedRefs(refs: ReadonlyMap<string, string>): Promise<void>
}

export async function gitWorld(options: Partial<FetchOptions> = {}): Promise<World> {
  await using stack = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'git-'))
  stack.defer(() => rm(dir, { recursive: true, force: true }))
  const server = join(dir, 'site.git')
  await gitText(['init', '--quiet', '--bare', '--template=', server], { what: 'init' }, never)
  const requests: World['requests'] = []
  const served = stack.use(
    await gitServer({
      root: dir,
      before: (request) => {
        const { pathname, search } = new URL(request.url)
        const { method, headers } = request
        requests.push({
          method,
          path: pathname + search,
          authorization: headers.get('authorization'),
          encoding: headers.get('content-encoding'),
        })
        return world.before?.(request)
      },
    }),
  )
  const fetch = createFetch({ clock: systemClock, log: silent, retryable: () => true, attempts: 1, patienceMs: 0, ...options })
  const git = async (...args: readonly string[]): Promise<string> =>
    (await gitText(args, { what: args.join(' '), directory: server, env: author }, never)).stdout.trim()
  const load = async (script: string | Iterable<string | Uint8Array>): Promise<string> => {
    const stdin = typeof script === 'string' ? [script] : script
    return (await gitText(['fast-import', '--quiet', '--force'], { what: 'fast-import', directory: server, stdin }, never)).stdout
  }
  let mark = 0
  const held = stack.move()
  const world: World = {
    dir,
    server,
    requests,
    before: undefined,
    remote: { url: `${served.url}/site.git`, fetch, clock: systemClock, authorization: () => Promise.resolve(undefined) },
    git,
    load,
    async commit(ref, text) {
      const parent = await gitText(['rev-parse', '--verify', '--quiet', ref], { what: ref, directory: server, exits: [0, 1] }, never)
      return (await load(`${commitScript(ref, ++mark, text, parent.stdout.trim())}get-mark :1\n`)).trim()
    },
    packedRefs: async (refs) =>
      writeFile(
        join(server, 'packed-refs'),
        `# pack-refs with: sorted\n${[...refs]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, oid]) => `${oid} ${name}\n`)
          .join('')}`,
      ),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
  return world
}

/** Commit number `n` for `git fast-import`: it writes `file-n`. */
export const commitScript = (ref: string, n: number, text: string, parent = ''): string =>
  `commit ${ref}\nmark :1\ncommitter Ada <ada@example.test> ${1_700_000_000 + n} +0000\ndata 8\nmessage\n${
    parent === '' ? '' : `from ${parent}\n`
  }M 100644 inline file-${n % 50}\ndata ${Buffer.byteLength(text)}\n${text}\n`
