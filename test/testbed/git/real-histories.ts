import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'

const sh = promisify(execFile)
/** Debian's golang-github-go-git-go-git-fixtures-dev: packs of public repositories, each a string of a Go program. */
const DATA = '/usr/share/gocode/src/github.com/go-git/go-git-fixtures/data.go'

/** Public repositories by the name of their pack there. */
const packs = {
  'go-git': '3559b3b47e695b33b0913237a4df3357e739831c',
  desk: '4ec6344877f494690fc800aceaf2ca0e86786acb',
  'rumprun-xen': '7861f2632868833a35fe5e4ab94f99638ec5129b',
  skeetr: '36ef7a2296bfd526020340d27c5e1faa805d8d38',
  storable: '0d3d824fb5c930e7e7e1f0f399f2976847d31fd3',
  ts3: '21b33a26eb7ffbd35261149fe5d886b9debab7cb',
  spinnaker: 'f2e0a8889a746f7600e07d2246a2e29a72f696be',
} as const

/** A real history. `dir`: a bare repository that holds its objects, and no ref. */
export interface RealHistory {
  readonly name: string
  readonly dir: string
  /** Commits that nothing else in the pack comes after, the one with the longest history first. */
  readonly tips: readonly string[]
  readonly commits: number
  readonly objects: number
}

/** Unpacks the histories that Debian carries into `dir`. @throws when the package is not installed */
export async function realHistories(dir: string): Promise<readonly RealHistory[]> {
  const program = await readFile(DATA, 'latin1').catch((cause: unknown) => {
    throw new Error('apt install golang-github-go-git-go-git-fixtures-dev', { cause })
  })
  return Promise.all(Object.entries(packs).map(([name, pack]) => unpacked(dir, name, bytesOf(program, `/data/pack-${pack}.pack`))))
}

function bytesOf(program: string, name: string): Buffer {
  const at = program.indexOf(`"${name}": {`)
  const from = program.indexOf('`', at) + 1
  if (at < 0) throw new Error(`the package holds no ${name}`)
  return gunzipSync(Buffer.from(program.slice(from, program.indexOf('`', from)), 'base64'))
}

async function unpacked(dir: string, name: string, bytes: Buffer): Promise<RealHistory> {
  const git = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { stdout } = await sh('git', ['-C', join(dir, name), ...args], { maxBuffer: 1 << 28 })
    return stdout.split('\n').filter((line) => line !== '')
  }
  await mkdir(join(dir, name))
  await git('init', '--quiet', '--bare')
  const pack = join(dir, name, 'objects', 'pack', 'pack-real.pack')
  await writeFile(pack, bytes)
  await git('index-pack', pack)
  const listed = (await git('cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectname)')).map((line) => line.split(' '))
  const commits = listed.flatMap(([type, oid = '']) => (type === 'commit' ? [oid] : []))
  const before = new Set<string>()
  for (let at = 0; at < commits.length; at += 1000)
    for (const line of await git('show', '--no-patch', '--format=%P', ...commits.slice(at, at + 1000)))
      for (const parent of line.split(' ')) before.add(parent)
  const lengths = await Promise.all(
    commits.filter((oid) => !before.has(oid)).map(async (oid) => [oid, Number((await git('rev-list', '--count', oid))[0])] as const),
  )
  const tips = lengths.toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([oid]) => oid)
  return { name, dir: join(dir, name), tips, commits: commits.length, objects: listed.length }
}
