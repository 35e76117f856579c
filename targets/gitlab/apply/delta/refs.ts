import { Fault } from '../../../../src/fault.ts'
import type { Loss } from '../../../../src/contract/fidelity.ts'
import { readBundleHeader } from '../../../../src/git/bundle-header.ts'
import type { GitRemote } from '../../../../src/git/git-remote.ts'
import { GITLAB_HIDDEN_REFS, PUSH_LIMITS, pushRefs } from '../../../../src/git/push.ts'
import type { RefPush } from '../../../../src/git/push-once.ts'
import type { Repository } from '../../../../src/git/repository.ts'
import { listRefs } from '../../../../src/git/upload-pack.ts'
import type { History } from '../../operations.ts'
import { degraded } from '../work.ts'
import type { Delta } from './delta.ts'

const OURS = /^refs\/(?:heads|tags)\//
/** GitLab takes no branch that is named like a commit. */
const prohibited = /^refs\/heads\/(?:[0-9a-f]{40}|[0-9a-f]{64})$/

export interface Push {
  readonly remote: GitRemote
  readonly repository: Repository
  readonly history: History
  /** Hash of the last bundle that was brought. */
  readonly tip: string | undefined
  /** The field of the project that then is not as expected. */
  readonly field: 'refs' | 'wikiRefs'
}

/**
 * Brings branches and tags up to date, one by one and without starting a pipeline. What somebody has moved in GitLab since the last time is left
 * alone and told; what is gone at the source is taken away if it still is where we left it.
 */
export async function pushHistory(delta: Delta, push: Push, signal: AbortSignal): Promise<readonly Loss[]> {
  const { project } = delta
  const losses: Loss[] = []
  const say = (detail: string) => void losses.push(degraded(project.item, 'rejected-by-target', push.field, detail))
  const before = await brought(delta, push, signal)
  const there = await standing(push.remote, signal)
  const wanted: RefPush[] = []
  const names = new Set<string>()
  for await (const { name, oid } of push.repository.refs(signal)) {
    if (!OURS.test(name) || prohibited.test(name)) continue
    names.add(name)
    const now = there.get(name)
    if (now === oid) continue
    const old = before?.get(name)
    if (now === undefined || now === old) {
      // Somebody took it away there, and nothing has come to it at the source.
      if (now === undefined && old === oid) say(`${name} was removed in GitLab and stays so`)
      else wanted.push({ ref: name, oid })
    } else say(`${name} was moved in GitLab to ${now} and is left there`)
  }
  for (const [name, old] of before ?? [])
    if (OURS.test(name) && !names.has(name)) {
      const now = there.get(name)
      if (now === old) wanted.push({ ref: name, oid: undefined })
      else if (now !== undefined) say(`${name} is gone at the source, was moved in GitLab and is left there`)
    }
  await pushAll(delta, push, wanted, say, signal)
  return losses
}

async function pushAll(
  { work }: Delta,
  push: Push,
  refs: readonly RefPush[],
  say: (detail: string) => void,
  signal: AbortSignal,
): Promise<void> {
  if (refs.length === 0) return
  const { remote, repository } = push
  const options = { remote, directory: repository.directory, refs, hidden: GITLAB_HIDDEN_REFS, options: ['ci.skip'], limits: PUSH_LIMITS }
  let done = 0
  for await (const pushed of pushRefs(options, signal)) {
    if (pushed.outcome === 'refused') say(`${pushed.ref}: ${pushed.why}`)
    work.context.progress('push', ++done, refs.length)
  }
}

/** The refs of the last bundle that was brought; undefined: it is in this chain no more, and nobody can tell. */
async function brought({ work }: Delta, { history, tip }: Push, signal: AbortSignal): Promise<ReadonlyMap<string, string> | undefined> {
  const bundle = history.bundles.find(({ sha256 }) => sha256 === tip)
  if (bundle === undefined) return undefined
  const { refs } = await readBundleHeader(await work.context.blobs.open(bundle, signal))
  return new Map(refs.map(({ name, oid }) => [name, oid]))
}

/** A wiki that nobody has written to yet is no repository. */
async function standing(remote: GitRemote, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  try {
    const { refs } = await listRefs(remote, { prefixes: ['refs/heads/', 'refs/tags/'] }, signal)
    return new Map(refs.map(({ name, oid }) => [name, oid]))
  } catch (error) {
    if (error instanceof Fault && error.code === 'gone') return new Map()
    throw error
  }
}

/** Branches that new merge requests need and nobody else has: heads of forks. @returns those that are needed for the import alone */
export async function pushHeads(
  { work, project }: Delta,
  directory: string,
  heads: readonly RefPush[],
  signal: AbortSignal,
): Promise<void> {
  if (heads.length === 0) return
  const remote = work.client.git(project.project)
  const options = { remote, directory, refs: heads, hidden: GITLAB_HIDDEN_REFS, options: ['ci.skip'], limits: PUSH_LIMITS }
  // What is refused shows in the merge request, which then has no changes.
  for await (const _ of pushRefs(options, signal)) signal.throwIfAborted()
}
