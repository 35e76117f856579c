import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../fault.ts'
import { gitText } from '../process/git.ts'
import { bundleHeader } from './bundle-header.ts'
import { brokenPack, checkPack, type PackCheck } from './check-pack.ts'
import type { GitRemote } from './git-remote.ts'
import type { LfsPointer } from './lfs-pointer.ts'
import { type ChainRule, isLong, lengthened, type MirrorState, refsHash, tips } from './mirror-state.ts'
import { packObjects } from './pack-objects.ts'
import { spoolPack } from './spool-pack.ts'
import { fetchPack, listRefs, type ListedRef, type RefList } from './upload-pack.ts'
import { workDirectory } from './work-directory.ts'

/** Which refs are kept: what is asked of the host, and what is taken of its answer. */
export interface RefSelection {
  readonly prefixes: readonly string[]
  takes(name: string): boolean
}
/** Branches, tags, notes and the heads of pull requests; their test merges are made anew by the host every night and belong to nobody. */
export const branchesTagsAndPulls: RefSelection = {
  prefixes: ['refs/heads/', 'refs/tags/', 'refs/notes/', 'refs/pull/'],
  takes: (name) => !name.startsWith('refs/pull/') || /^refs\/pull\/\d+\/head$/.test(name),
}

export interface MirrorOptions {
  readonly remote: GitRemote
  readonly refs: RefSelection
  /** What the last run left; undefined for a bundle that rests on nothing. */
  readonly known: MirrorState | undefined
  readonly rule: ChainRule
  /** The directory in which work directories are made. */
  readonly workDir: string
}

/** `empty`: no ref, and none before. Disposing of a bundle removes its bytes from the disk. */
export type Mirrored =
  | { readonly type: 'unchanged' }
  | { readonly type: 'empty'; readonly head: string | null }
  | ({ readonly type: 'bundle' } & MirroredBundle)

export interface MirroredBundle extends RefList, AsyncDisposable {
  /** It rests on no other bundle: with it begins a new chain. */
  readonly base: boolean
  readonly bytes: number
  readonly sha256: string
  /** The bundle: header and pack. Can be called again until it is disposed of. */
  stream(signal: AbortSignal): AsyncIterable<Uint8Array>
  /** New objects. */
  readonly objects: number
  /** LFS pointers in the new objects. */
  readonly pointers: readonly LfsPointer[]
  /** What git dislikes in the new objects, and carries all the same. */
  readonly fsck: PackCheck
  /** For the next run; keep it when the bundle is safe, not before. */
  readonly state: MirrorState
}

/**
 * One night of one repository: everything new since the last run as one git bundle, whose header names all refs of this moment, also when they
 * were only deleted or moved. `git fetch BUNDLE '+refs/*:refs/*' --prune`, bundle after bundle, gives the repository of that night.
 *
 * The same state against the same host gives the same bytes if the host packs alike: header, order of the refs and prerequisites follow from the
 * refs alone, but the pack is the host's, who may compress with several threads or anew. Where that must not matter, compare refs, not bytes.
 *
 * Every byte and delta is checked by git before it is given, and of a base that nothing its objects point to is missing; an increment is checked
 * for that only when it is opened on top of the others. Memory does not grow with the objects or files (git's own does with their number); the disk
 * takes the pack and its index. HEAD stands in the header if its branch exists, so that `git clone` knows which to check out.
 * @throws Fault as `listRefs` and `fetchPack`; `corrupt` (retryable) for a broken pack; `config` without git
 */
export async function mirror(options: MirrorOptions, signal: AbortSignal): Promise<Mirrored> {
  const { remote, known, rule, workDir } = options
  if (known !== undefined && (await isSame(known, options, signal))) return { type: 'unchanged' }
  const { head, refs, refused } = chosen(await listRefs(remote, options.refs, signal), options.refs)
  if (refs.length === 0 && known === undefined) return { type: 'empty', head }
  const hash = refsHash(head, refs)
  if (known?.refsHash === hash) return { type: 'unchanged' }
  const rests = known !== undefined && known.haves.length > 0 && !isLong(known.chain, rule) ? known : undefined
  const haves = rests?.haves ?? []
  const wants = wanted(refs, rests)
  const header = bundleHeader({ prerequisites: haves, refs: [...refs, ...headLine(head, refs)] })

  await using stack = new AsyncDisposableStack()
  const work = stack.use(await workDirectory(workDir, remote.clock.now().getTime()))
  const repository = join(work.path, 'check.git')
  await gitText(['init', '--quiet', '--bare', '--template=', repository], { what: 'A repository for checking could not be made' }, signal)
  const path = join(repository, 'objects', 'pack', 'pack-new.pack')
  const { bytes, sha256 } = await spoolPack(fetchPack(remote, { wants, haves }, signal), path, header, signal)
  const fsck = await checkPack(repository, path, rests === undefined, signal)
  const asked = new Set(refs.flatMap(({ oid, peeled }) => (peeled === null ? [oid] : [oid, peeled])))
  const { count, types, pointers } = await packObjects(repository, asked, signal)
  assertSent(refs, new Set(wants), types, rests === undefined)

  const held = stack.move()
  return {
    type: 'bundle',
    base: rests === undefined,
    head,
    refs,
    refused,
    bytes,
    sha256,
    stream: (signal) => bundleStream(header, path, signal),
    objects: count,
    pointers,
    fsck,
    state: { refsHash: hash, ...tipsOf(refs, haves, types), chain: lengthened(rests?.chain, bytes) },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

function chosen({ refs, ...list }: RefList, selection: RefSelection): RefList {
  return { ...list, refs: refs.filter(({ name }) => selection.takes(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
}

/** Most nights nothing has changed, and one request tells. Whatever goes wrong with it is seen again, and said, when everything is asked. */
async function isSame(known: MirrorState, { remote, refs: selection }: MirrorOptions, signal: AbortSignal): Promise<boolean> {
  try {
    const { head, refs } = chosen(await listRefs(remote, { prefixes: selection.prefixes, blind: true }, signal), selection)
    return known.refsHash === refsHash(head, refs)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return false
  }
}

/** What the chain does not hold yet. What it held some nights ago is asked for too: the host then sends what we say we lack, often nothing. */
function wanted(refs: readonly ListedRef[], rests: MirrorState | undefined): readonly string[] {
  const held = new Set([...(rests?.haves ?? []), ...(rests?.others ?? [])])
  return [...new Set(refs.map(({ oid }) => oid).filter((oid) => !held.has(oid)))].toSorted()
}

/**
 * What was wanted has to be there, except for commits that an increment need not hold because what we have reaches them.
 * @throws Fault `corrupt` naming the first ref that points nowhere
 */
function assertSent(refs: readonly ListedRef[], wants: ReadonlySet<string>, types: ReadonlyMap<string, string>, whole: boolean): void {
  const lost = refs.filter(({ oid, peeled }) => wants.has(oid) && (whole || peeled !== null) && !types.has(oid))
  if (lost.length === 0) return
  throw brokenPack(`${lost.length} of the objects asked for are not in it, ${lost[0]?.oid} is one`)
}

const headLine = (head: string | null, refs: readonly ListedRef[]): readonly ListedRef[] =>
  refs.filter(({ name }) => name === head).map((ref) => ({ ...ref, name: 'HEAD' }))

function tipsOf(
  refs: readonly ListedRef[],
  before: readonly string[],
  types: ReadonlyMap<string, string>,
): Pick<MirrorState, 'haves' | 'others'> {
  const { haves, others } = tips(refs, before, types)
  return { haves: [...haves], others: [...others] }
}

async function* bundleStream(header: Uint8Array, path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted()
  yield header
  yield* createReadStream(path, { signal })
}
