import { mkdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../fault.ts'
import { gitText } from '../process/git.ts'
import { readBundleHeader } from './bundle-header.ts'
import { fsck } from './fsck.ts'
import type { FsckFinding } from './fsck.ts'
import { objectTypes } from './object-types.ts'
import { refsOf, writeRefs } from './packed-refs.ts'
import type { RefusedRef } from './packed-refs.ts'
import type { Ref } from './ref.ts'
import { isRefName } from './ref-name.ts'

/** One bundle of a chain, opened when its turn comes and read once. */
export type OpenBundle = (signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>> | AsyncIterable<Uint8Array>

/** A bare repository on this machine, for as long as it is needed. */
export interface Repository extends AsyncDisposable {
  /** Its git directory. */
  readonly directory: string
  /** Refs of the last bundle that git would not have, with the reason. Each is a loss to be told. */
  readonly refused: readonly RefusedRef[]
  /** All refs by name, without HEAD. */
  refs(signal: AbortSignal): AsyncIterable<Ref>
  /** Reads every object. What it yields may be old and harmless; `missing` and `broken` are not. */
  fsck(signal: AbortSignal): AsyncIterable<FsckFinding>
  /** Removes it from the disk. */
  close(): Promise<void>
}

export interface RestoreOptions {
  /** The oldest first; each may rest on those before it. The refs of the last are the refs of the repository. */
  readonly bundles: AsyncIterable<OpenBundle> | Iterable<OpenBundle>
  /** An existing directory that only we can read; the repository becomes `repository.git` in it. */
  readonly parent: string
  /** The branch that HEAD names. Default: the one that stands where the bundle's HEAD stands, `main` and `master` before others. */
  readonly head?: string | undefined
}

/**
 * Builds a repository from a chain of bundles. Each is piped into git as it is read; nothing is spooled beside the repository itself.
 * The same chain gives the same packs with the same times, so that what is made from it later can be the same to the byte.
 * @throws Fault `corrupt` if a bundle is broken or rests on one that is missing; nothing stays on the disk then
 */
export async function restoreRepository({ bundles, parent, head }: RestoreOptions, signal: AbortSignal): Promise<Repository> {
  const directory = join(parent, 'repository.git')
  const close = (): Promise<void> => rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await gitText(
      ['init', '--quiet', '--bare', '--template=', '--object-format=sha1', directory],
      { what: 'The repository could not be made' },
      signal,
    )
    let refs: readonly Ref[] = []
    let turn = 0
    for await (const open of bundles) refs = await addBundle(directory, await open(signal), turn++, signal)
    const named = refs.filter(({ name }) => name !== 'HEAD')
    const refused = await writeRefs(directory, named, signal)
    await gitText(['symbolic-ref', 'HEAD', headOf(refs, head)], { what: 'HEAD could not be set', directory }, signal)
    return {
      directory,
      refused,
      refs: (signal) => refsOf(directory, signal),
      fsck: (signal) => fsck(directory, signal),
      close,
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Takes in the objects of one bundle. @returns what its header names, HEAD among them */
async function addBundle(directory: string, source: AsyncIterable<Uint8Array>, turn: number, signal: AbortSignal): Promise<readonly Ref[]> {
  const what = `Bundle ${turn + 1} of the chain cannot be restored`
  const { prerequisites, refs, pack } = await readBundleHeader(source)
  await assertHas(directory, prerequisites, what, signal).catch(async (error: unknown) => {
    await pack.return?.()
    throw error
  })
  const args = ['index-pack', '--stdin', '--fix-thin']
  const { stdout } = await gitText(args, { what, directory, stdin: pack }, signal)
  const name = /^(?:pack|keep)\t([0-9a-f]{40,64})\n$/.exec(stdout)?.[1]
  if (name === undefined) throw new Fault({ code: 'corrupt', what, why: 'git does not say which pack it wrote' })
  // git asks packs by age. Times a second apart in the order of the chain make that order the same every time.
  const time = FIRST_PACK_S + turn
  await utimes(join(directory, 'objects', 'pack', `pack-${name}.pack`), time, time)
  return refs
}

const FIRST_PACK_S = 946_684_800

/** @throws Fault `corrupt` naming what a bundle needs and nobody brought */
async function assertHas(directory: string, oids: readonly string[], what: string, signal: AbortSignal): Promise<void> {
  const types = await objectTypes(directory, oids, signal)
  const missing = oids.filter((oid) => !types.has(oid))
  if (missing.length === 0) return
  const why = `${missing.length} commits that it rests on are in no bundle before it, ${missing[0]} is one`
  throw new Fault({ code: 'corrupt', what, why, remedy: 'Verify the vault, and use an older snapshot if this one stays broken' })
}

const HEADS = 'refs/heads/'

/** The branch that HEAD is, as far as one can tell from what it points to. */
function headOf(refs: readonly Ref[], wanted: string | undefined): string {
  const branches = refs.filter(({ name }) => name.startsWith(HEADS))
  const wish = wanted === undefined || wanted.startsWith('refs/') ? wanted : `${HEADS}${wanted}`
  if (wish !== undefined && isRefName(wish) && (branches.some(({ name }) => name === wish) || branches.length === 0)) return wish
  const oid = refs.find(({ name }) => name === 'HEAD')?.oid
  const same = branches.filter((branch) => branch.oid === oid)
  const candidates = (same.length > 0 ? same : branches).map(({ name }) => name).toSorted()
  return [`${HEADS}main`, `${HEADS}master`].find((name) => candidates.includes(name)) ?? candidates[0] ?? `${HEADS}main`
}
