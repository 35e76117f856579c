import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { fieldsOf, isFields, listOf } from '../fields.ts'
import { git, gitEnvironment, gitOr, initRepository, refsOf } from '../git/repository.ts'
import { addUpload } from '../uploads.ts'
import { ImportError, parse } from './archive.ts'
import type { Run } from './run-context.ts'

const started = promisify(execFile)

/** Fetches every ref of a bundle into a repository, as Gitaly does; a bundle that git cannot read fails the import. */
export async function restoreRepository(run: Run): Promise<void> {
  const bundle = join(run.directory, 'project.bundle')
  if (!existsSync(bundle)) return
  const repository = run.world.repository(run.project)
  await fetchBundle(repository, bundle)
  // Branches named like a commit are taken away after an import (`remove_prohibited_refs`).
  for (const name of refsOf(repository).keys())
    if (/^refs\/heads\/(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name)) gitOr(repository, 'update-ref', '-d', name)
  run.project.default_branch = setHead(repository, bundle)
}
export async function restoreWiki(run: Run): Promise<void> {
  const bundle = join(run.directory, 'project.wiki.bundle')
  if (!existsSync(bundle)) return
  const repository = run.world.wiki(run.project)
  initRepository(repository, String(run.world.settings['default_branch_name']))
  await fetchBundle(repository, bundle)
  setHead(repository, bundle)
}
/** Git looks the objects of a fetched bundle over since 2.46, which Gitaly has; Debian's is older, so they are looked over afterwards. */
async function fetchBundle(repository: string, bundle: string): Promise<void> {
  const quietly = { env: gitEnvironment, maxBuffer: 1 << 26 }
  try {
    await started('git', ['-C', repository, 'fetch', '--quiet', '--atomic', '--no-tags', bundle, 'refs/*:refs/*'], quietly)
    await started('git', ['-C', repository, 'fsck', '--strict', '--no-dangling', '--no-progress'], quietly)
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
    for (const name of refsOf(repository).keys()) gitOr(repository, 'update-ref', '-d', name)
    throw new ImportError(`13:creating repository from bundle: ${said.trim().split('\n').at(-1) ?? ''}`)
  }
}
/** HEAD of a bundle is only a commit: the branch is the one that has it, `main` and `master` first. */
function setHead(repository: string, bundle: string): string | null {
  const refs = refsOf(repository)
  const head = gitOr(repository, 'bundle', 'list-heads', bundle, 'HEAD')?.split(' ')[0]
  const branches = [...refs.keys()].filter((name) => name.startsWith('refs/heads/')).map((name) => name.slice(11))
  const sorted = ['main', 'master', ...branches].filter((name) => branches.includes(name))
  const branch = sorted.find((name) => refs.get(`refs/heads/${name}`) === head) ?? sorted[0]
  if (branch === undefined) return null
  git(repository, 'symbolic-ref', 'HEAD', `refs/heads/${branch}`)
  return branch
}

/** `uploads/<secret>/<file>`. A path without a secret crashes the restorer, and with it the import. */
export async function restoreUploads(run: Run): Promise<void> {
  const root = join(run.directory, 'uploads')
  for (const path of await filesBelow(root)) {
    const found = /(?:^|\/)([0-9a-f]{32}|[0-9a-f]{10})\/(.+)$/.exec(path.split(sep).join('/'))
    if (found?.[1] === undefined || found[2] === undefined) throw new ImportError('undefined method `named_captures` for nil')
    await addUpload(run.world, run.project, join(root, path), found[2], found[1], 'copy')
  }
}
async function filesBelow(root: string): Promise<string[]> {
  if (!existsSync(root)) return []
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .toSorted()
}

/** Objects are named by what they hold, whatever the file says; `lfs-objects.json` must then name each of them (`lfs_restorer.rb`). */
export async function restoreLfs(run: Run): Promise<void> {
  const root = join(run.directory, 'lfs-objects')
  const names = join(run.directory, 'lfs-objects.json')
  const known = existsSync(names) ? parse(await readFile(names)) : undefined
  const oids = run.world.lfs.get(run.project.id) ?? new Set<string>()
  run.world.lfs.set(run.project.id, oids)
  await mkdir(join(run.world.directory, 'lfs'), { recursive: true })
  for (const path of await filesBelow(root)) {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(join(root, path)) as AsyncIterable<Buffer>) hash.update(chunk)
    const oid = hash.digest('hex')
    if (oid !== basename(path))
      run.world.problems.push({ project: run.world.pathOf(run.project), where: `lfs-objects/${path}`, what: `holds ${oid}` })
    if (known !== undefined && !Array.isArray(known[oid])) throw new ImportError('undefined method `each` for nil')
    await rename(join(root, path), run.world.lfsFile(oid)).catch(() => copyFile(join(root, path), run.world.lfsFile(oid)))
    if (known === undefined || listOf(known[oid]).length > 0) oids.add(oid)
  }
}
export const maxIidsOf = async (run: Run): Promise<Readonly<Record<string, unknown>>> => {
  const path = join(run.directory, 'max_iids.json')
  if (!existsSync(path)) return {}
  const value: unknown = JSON.parse(await readFile(path, 'utf8'))
  return isFields(value) ? fieldsOf(value) : {}
}
