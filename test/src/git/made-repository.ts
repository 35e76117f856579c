import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { git, gitText } from '../../../src/process/git.ts'

export interface MadeCommit {
  /** Numbers of earlier commits. */
  readonly parents: readonly number[]
  /** Seconds since 2020. Default: ten minutes after the commit before. */
  readonly at?: number
  /** Only what differs from the first parent; null removes. Default: one file with the commit's number. */
  readonly files?: Readonly<Record<string, string | Buffer | null | { readonly mode: string; readonly content: string | Buffer }>>
  readonly message?: string
}
export interface MadeRepository {
  readonly directory: string
  /** By the number of the commit. */
  readonly oids: readonly string[]
}
const never = new AbortController().signal
const YEAR_2020 = 1_577_836_800

/** A bare repository with exactly these commits, the same bytes every time. `refs` names some of them; without it each commit has one. */
export async function makeRepository(commits: readonly MadeCommit[], refs?: Readonly<Record<string, number>>): Promise<MadeRepository> {
  const directory = join(await mkdtemp(join(tmpdir(), 'made-')), 'r.git')
  await gitText(['init', '-q', '--bare', '--template=', directory], { what: 'init failed', directory }, never)
  const { stdout } = await gitText(
    ['fast-import', '--quiet', '--force'],
    { what: 'fast-import failed', directory, stdin: stream(commits, refs) },
    never,
  )
  return { directory, oids: stdout.split('\n').slice(0, commits.length) }
}

function* stream(commits: readonly MadeCommit[], refs: Readonly<Record<string, number>> | undefined): Generator<string | Buffer> {
  yield 'feature done\n'
  for (const [n, { parents, at = n * 600, files = { [`file-${n % 7}`]: `${n}\n` }, message = `commit ${n}` }] of commits.entries()) {
    const when = `${YEAR_2020 + at} +0100`
    yield `commit refs/made/${n}\nmark :${n + 1}\nauthor Ann <ann@example.org> ${when}\ncommitter Bob <bob@example.org> ${when}\n`
    yield* sized(message)
    for (const [index, parent] of parents.entries()) yield `${index === 0 ? 'from' : 'merge'} :${parent + 1}\n`
    for (const [path, file] of Object.entries(files)) {
      if (file === null) {
        yield `D ${path}\n`
        continue
      }
      const { mode, content } = typeof file === 'string' || Buffer.isBuffer(file) ? { mode: '100644', content: file } : file
      if (mode === '160000') yield `M ${mode} ${String(content)} ${path}\n`
      else {
        yield `M ${mode} inline ${path}\n`
        yield* sized(content)
      }
    }
    yield `\nget-mark :${n + 1}\n`
  }
  for (const [ref, n] of Object.entries(refs ?? {})) yield `reset ${ref}\nfrom :${n + 1}\n\n`
  if (refs !== undefined) for (const n of commits.keys()) yield `reset refs/made/${n}\nfrom ${'0'.repeat(40)}\n\n`
  yield 'done\n'
}

function* sized(content: string | Buffer): Generator<string | Buffer> {
  const bytes = Buffer.from(content as string)
  yield `data ${bytes.length}\n`
  yield bytes
  yield '\n'
}

/** What git writes, as lines. */
export async function lines(directory: string, ...args: string[]): Promise<string[]> {
  const { stdout } = await gitText(args, { what: 'git failed', directory, exits: [0, 1] }, never)
  return stdout.split('\n').filter((line) => line !== '')
}

export async function bytes(directory: string, ...args: string[]): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of git(args, { what: 'git failed', directory }, never)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
