import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { launcherEnv, launcherFlags } from './lib/launcher.ts'

const child = fileURLToPath(new URL('gitlab-import-child.ts', import.meta.url))

interface Composed {
  readonly seconds: number
  readonly composeSeconds: number
  readonly notes: number
  readonly expectations: number
  readonly bytes: number
  /** Before composing began. */
  readonly spoolRssMiB: number
  readonly rssMiB: number
}

/**
 * GitLab's import file of one repository with 50,000 merge requests, each with a change in git, a conversation on a line of it, a comment and a
 * review; made twice, by a process each, and compared byte by byte. `seconds`: mapping, spooling and composing, the second time.
 * `rssMiB`: the highest of our process, both times; git's own memory is not in it. `--merge-requests N`: fewer, to try it out.
 */
export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { json: { type: 'boolean', default: false }, 'merge-requests': { type: 'string', default: '50000' } },
  })
  const mergeRequests = Number(values['merge-requests'])
  const root = await mkdtemp(join(tmpdir(), 'fallreep-bench-'))
  try {
    console.error(`making a history with ${mergeRequests} changes`)
    await step(root, 'make', root, String(mergeRequests))
    const hashes: string[] = []
    const results: Composed[] = []
    for (const turn of ['first', 'second']) {
      const place = join(root, turn)
      await mkdir(place)
      results.push(JSON.parse(await step(root, 'compose', root, String(mergeRequests), place)) as Composed)
      hashes.push(await hashOf(join(place, 'project.tar.gz')))
      console.error(JSON.stringify(results.at(-1)))
    }
    const [, last] = results
    const summary = {
      mergeRequests,
      ...last,
      rssMiB: Math.max(...results.map(({ rssMiB }) => rssMiB)),
      identical: hashes[0] === hashes[1],
    }
    if (values.json) console.log(JSON.stringify({ bench: 'gitlab-import', node: launcherFlags, ...summary }))
    else console.table([summary])
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function step(root: string, ...args: readonly string[]): Promise<string> {
  const running = spawn(process.execPath, [...launcherFlags, child, ...args], {
    env: launcherEnv(root),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  running.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text))
  const [code] = (await once(running, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`)
  return output
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk)
  return hash.digest('hex')
}
