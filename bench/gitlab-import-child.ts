import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Item } from '../src/contract/item.ts'
import type { Ref } from '../src/git/ref.ts'
import type { Repository } from '../src/git/repository.ts'
import { git, gitText } from '../src/process/git.ts'
import { records } from '../src/process/records.ts'
import { composeProject } from '../targets/gitlab/file/compose.ts'
import { ProjectSpool } from '../targets/gitlab/file/spool.ts'
import { gitlabMapper } from '../targets/gitlab/map/mapper.ts'
import * as the from '../test/targets/gitlab/items.ts'

/*
 * One step per process: `make DIR COUNT` makes the repository by one fast-import; `compose DIR COUNT PLACE` maps the
 * items and writes the import file to PLACE, and prints what it took as one line of JSON.
 */
const { signal } = new AbortController()
const [step = '', dir = '', count = '0', place = ''] = process.argv.slice(2)
const changes = Number(count)
/** Commits on the main branch, from which changes begin. */
const TRUNK = 500
const LINES = 60

/** Every commit on one branch, each from where it says: names are given afterwards, to all at once. */
function* history(): Generator<string> {
  yield 'feature done\n'
  const commit = (mark: number, from: number | undefined, path: string, content: string): string => {
    const who = `Ann <ann@example.org> ${1_600_000_000 + mark * 60} +0000`
    const message = `Change ${path} for the ${mark}th time\n\nBecause it was not as it should be.\n`
    const parent = from === undefined ? '' : `from :${from}\n`
    return `commit refs/made\nmark :${mark}\nauthor ${who}\ncommitter ${who}\ndata ${message.length}\n${message}${parent}M 100644 inline ${path}\ndata ${content.length}\n${content}\n`
  }
  for (let n = 1; n <= TRUNK; n++) yield commit(n, n === 1 ? undefined : n - 1, `src/part-${n % 20}.txt`, text(n % 20, n))
  for (let n = 0; n < changes; n++) {
    const from = trunkOf(n)
    yield commit(TRUNK + n + 1, from, `src/part-${n % 20}.txt`, text(n % 20, from, n))
  }
  yield 'done\n'
}
const trunkOf = (n: number): number => 20 + (n % (TRUNK - 20)) + 1
/** Lines of a file; `change` rewrites three places of it. */
const text = (part: number, version: number, change?: number): string =>
  Array.from({ length: LINES }, (_, line) =>
    change !== undefined && line % 20 === 10
      ? `line ${line} of part ${part} as change ${change} wants it\n`
      : `line ${line} of part ${part}, ${line === 0 ? version : ''}\n`,
  ).join('')

async function make(): Promise<void> {
  const directory = join(dir, 'made.git')
  await gitText(['init', '--quiet', '--bare', '--template=', directory], { what: 'init failed' }, signal)
  const args = ['fast-import', '--quiet', '--force', `--export-marks=${join(dir, 'marks')}`]
  await gitText(args, { what: 'fast-import failed', directory, stdin: history() }, signal)
  const refs: string[] = []
  for (const line of (await readFile(join(dir, 'marks'), 'utf8')).split('\n')) {
    const [, mark = '', oid] = /^:(\d+) ([0-9a-f]{40})$/.exec(line) ?? []
    if (Number(mark) === TRUNK) refs.push(`${oid} refs/heads/main`)
    else if (Number(mark) > TRUNK) refs.push(`${oid} refs/pull/${Number(mark) - TRUNK}/head`)
  }
  const sorted = refs.toSorted((a, b) => (a.slice(41) < b.slice(41) ? -1 : 1))
  await writeFile(join(dir, 'refs.txt'), sorted.join('\n'))
  await writeFile(join(directory, 'packed-refs'), `# pack-refs with: peeled fully-peeled sorted \n${sorted.join('\n')}\n`)
  await rm(join(directory, 'refs', 'made'))
  await gitText(['symbolic-ref', 'HEAD', 'refs/heads/main'], { what: 'no HEAD', directory }, signal)
}

/** The repository of `make`, as it would be if it were restored. */
function restored(): Repository {
  const directory = join(dir, 'made.git')
  const close = async (): Promise<void> => undefined
  return {
    directory,
    refused: [],
    refs: async function* (signal): AsyncGenerator<Ref> {
      for await (const line of records(
        git(['for-each-ref', '--format=%(objectname) %(refname)'], { what: 'refs failed', directory }, signal),
      ))
        yield { oid: line.toString('latin1', 0, 40), name: line.toString('utf8', 41) }
    },
    fsck: async function* () {
      yield* []
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function* items(): AsyncGenerator<Item> {
  const oids = new Map<number, string>()
  for (const line of (await readFile(join(dir, 'refs.txt'), 'utf8')).split('\n')) {
    const number = /^[0-9a-f]{40} refs\/pull\/(\d+)\/head$/.exec(line)?.[1]
    if (number !== undefined) oids.set(Number(number), line.slice(0, 40))
  }
  const main = (
    await gitText(['rev-parse', 'refs/heads/main'], { what: 'no main', directory: join(dir, 'made.git') }, signal)
  ).stdout.trim()
  yield the.label('bug')
  for (const [number, oid] of oids)
    yield the.changeRequest(number, {
      title: `Change part ${number % 20} as ${number} wants it`,
      text: `What this does, and why. See #${Math.max(1, number - 1)} and @ada.\n\n- one\n- two\n\n\`\`\`\ncode #1\n\`\`\`\n`,
      state: number % 3 === 0 ? 'closed' : 'merged',
      closedAt: the.T,
      closedBy: the.bob,
      mergedAt: number % 3 === 0 ? null : the.T,
      mergedBy: number % 3 === 0 ? null : the.ada,
      labels: ['bug'],
      head: { ref: `topic-${number}`, oid, repository: 'acme/app' },
      base: { ref: 'main', oid: main, repository: 'acme/app' },
    })
  for (const number of oids.keys())
    yield the.thread(`comment/1/review/${number * 10}`, number, { resolved: number % 2 === 0, resolvedBy: the.ada })
  for (const number of oids.keys()) yield the.review(number * 10, number, { state: 'approved', text: 'As it should be.' })
  for (const number of oids.keys()) {
    const on = `change-request/1/${number}`
    const root = `comment/1/review/${number * 10}`
    yield the.comment(`review/${number * 10}`, on, {
      text: 'Why does this line say so? '.repeat(4),
      anchor: the.anchor(`src/part-${(number - 1) % 20}.txt`, 11),
    })
    yield the.comment(`review/${number * 10 + 1}`, on, {
      text: 'Because it must.',
      replyTo: root,
      author: the.ada,
      anchor: the.anchor(`src/part-${(number - 1) % 20}.txt`, 11),
    })
    yield the.comment(`issue/${number * 10 + 2}`, on, {
      text: `Follows #${Math.max(1, number - 2)}. ${'More words about it. '.repeat(8)}`,
      reactions: [{ content: '+1', by: the.ada, at: the.T }],
    })
  }
}

/** The highest of this process so far. */
const rssMiB = (): number => Math.round(process.resourceUsage().maxRSS / 1024)

async function compose(): Promise<void> {
  const start = performance.now()
  const settings = the.settings()
  const directory = {
    ...the.directoryOf([the.account(the.ada), the.account(the.bob), the.repository()]),
    numbered: (_: string, number: number) => (number <= changes ? ('change-request' as const) : undefined),
  }
  const mapper = gitlabMapper(directory, settings, undefined)
  using spool = new ProjectSpool(join(place, 'spool.db'))
  for (const op of mapper.map(the.repository()).ops) spool.add(op)
  for await (const item of items()) for (const op of mapper.map(item).ops) spool.add(op)
  const spooled = performance.now()
  const spoolRssMiB = rssMiB()
  const [project] = spool.projects()
  if (project === undefined) throw new Error('no project')
  const outFile = join(place, 'project.tar.gz')
  const ids = new Map<string | null, number>()
  const users = ({ username }: { readonly username: string | null }) => {
    const id = ids.get(username) ?? ids.size + 1
    ids.set(username, id)
    return { id, username: username ?? 'root', name: username ?? 'Administrator', email: `${username ?? 'root'}@example.test` }
  }
  let expectations = 0
  let notes = 0
  const input = {
    spool,
    project,
    repository: restored(),
    wiki: undefined,
    blobs: new the.Blobs(),
    users,
    version: '18.6.0',
    maxLfsBytes: 0,
    workDir: place,
    outFile,
  }
  for await (const { remote } of composeProject(input, signal)) {
    expectations++
    if (remote?.startsWith('note/') === true) notes++
  }
  const end = performance.now()
  const rounded = (ms: number): number => Number((ms / 1000).toFixed(1))
  console.log(
    JSON.stringify({
      seconds: rounded(end - start),
      composeSeconds: rounded(end - spooled),
      notes,
      expectations,
      bytes: (await stat(outFile)).size,
      spoolRssMiB,
      rssMiB: rssMiB(),
    }),
  )
}

await (step === 'make' ? make() : compose())
