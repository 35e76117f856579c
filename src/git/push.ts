import type { GitRemote } from './git-remote.ts'
import { historySteps, missingCommits } from './history-steps.ts'
import { pushOnce } from './push-once.ts'
import type { PushedRef, RefPush } from './push-once.ts'
import { isRefName } from './ref-name.ts'
import { objectTypes } from './object-types.ts'
import { listRefs } from './upload-pack.ts'

export interface PushLimits {
  /** Refs in one push. Servers check them one by one, in one request. */
  readonly refs: number
  /** Commits that one push brings, about; a longer history comes in several. Large pushes run into the time limits of proxies and servers. */
  readonly commits: number
  /** Parts of a push that are tried in a row with nothing taken. After that the rest of the part is refused: something that all share is not wanted. */
  readonly failures: number
}
export const PUSH_LIMITS: PushLimits = { refs: 500, commits: 20_000, failures: 20 }

/**
 * Places that GitLab has for itself and no push may write; what belongs there comes with a project's import. `refs/pull/` is none of them: it would
 * be taken, and stay as litter. (InternalRefPrefixes of Gitaly 15, read 2026-11-25)
 */
export const GITLAB_HIDDEN_REFS: readonly string[] = [
  'refs/merge-requests/',
  'refs/keep-around/',
  'refs/environments/',
  'refs/pipelines/',
  'refs/remotes/',
  'refs/tmp/',
]

export interface PushOptions {
  readonly remote: GitRemote
  /** The git directory that has the objects. */
  readonly directory: string
  /** In the order they should come: the first branch of an empty project becomes its default branch. */
  readonly refs: readonly RefPush[]
  /** Beginnings of names that are not even tried. */
  readonly hidden: readonly string[]
  /** For the server's hooks, such as `ci.skip`; left out if the server takes none. */
  readonly options: readonly string[]
  readonly limits: PushLimits
}

/**
 * Makes refs of a remote repository what they are to be, and tells of each what became of it. What stands there already is not sent; refs that
 * nobody named are not touched. One refused ref takes no other down: where a server declines a whole push because of one, halves of it are
 * tried until it is found. Run again, it goes on where it was.
 * @throws Fault `auth`, `permission`, `gone`, `unavailable` (retryable) if the remote refuses to talk at all
 */
export async function* pushRefs(options: PushOptions, signal: AbortSignal): AsyncGenerator<PushedRef> {
  const { remote, refs, hidden, limits } = options
  const there = new Map((await listRefs(remote, { prefixes: ['refs/'] }, signal)).refs.map(({ name, oid }) => [name, oid]))
  const asked = refs.flatMap(({ oid }) => oid ?? [])
  const types = await objectTypes(options.directory, asked, signal)
  const wanted: RefPush[] = []
  for (const push of refs) {
    if (hidden.some((prefix) => push.ref.startsWith(prefix))) yield { ...push, outcome: 'hidden' }
    else if (there.get(push.ref) === push.oid) yield { ...push, outcome: 'unchanged' }
    else if (!isRefName(push.ref) || !push.ref.isWellFormed()) yield { ...push, outcome: 'refused', why: 'git takes no such name' }
    else if (push.oid !== undefined && !types.has(push.oid))
      yield { ...push, outcome: 'refused', why: 'what it points to is not in the repository' }
    else wanted.push(push)
  }
  const pusher = new Pusher(options, there)
  for (let at = 0; at < wanted.length; at += limits.refs) yield* pusher.push(wanted.slice(at, at + limits.refs), signal)
}

class Pusher {
  readonly #options: PushOptions
  /** What the remote has, as far as we know. */
  readonly #there: Map<string, string>
  /** Pushes in a row of which the server took nothing. */
  #failures = 0
  constructor(options: PushOptions, there: Map<string, string>) {
    this.#options = options
    this.#there = there
  }

  async *push(batch: readonly RefPush[], signal: AbortSignal): AsyncGenerator<PushedRef> {
    const [first] = batch
    if (first === undefined) return
    const { directory, limits } = this.#options
    const tips = batch.flatMap(({ oid }) => oid ?? [])
    const have = [...new Set(this.#there.values())]
    if (tips.length > 0 && (await missingCommits(directory, tips, have, limits.commits, signal)) > limits.commits) {
      if (batch.length > 1) return yield* this.#halves(batch, signal)
      const refused = await this.#inSteps(first, have, signal)
      if (refused !== undefined) return yield refused
    }
    const results = await pushOnce(this.#options, batch, signal)
    const again: PushedRef[] = []
    for (const result of results) {
      if (result.outcome === 'refused' && result.withOthers && batch.length > 1) again.push(result)
      else {
        this.#remember(result)
        yield result
      }
    }
    this.#failures = results.every(({ outcome }) => outcome === 'refused') ? this.#failures + 1 : 0
    if (this.#failures > limits.failures) return yield* again
    const next = again.map(({ ref, oid }) => ({ ref, oid }))
    if (next.length === batch.length) yield* this.#halves(next, signal)
    else yield* this.push(next, signal)
  }

  async *#halves(batch: readonly RefPush[], signal: AbortSignal): AsyncGenerator<PushedRef> {
    const half = batch.length >> 1
    yield* this.push(batch.slice(0, half), signal)
    yield* this.push(batch.slice(half), signal)
  }

  /** Lets a new ref grow along its own history, so that no push is too large. One that stands there already is never moved sideways. */
  async #inSteps({ ref, oid }: RefPush, have: readonly string[], signal: AbortSignal): Promise<PushedRef | undefined> {
    if (oid === undefined || this.#there.has(ref)) return undefined
    const { directory, limits } = this.#options
    for await (const step of historySteps(directory, oid, have, limits.commits, signal)) {
      const [result] = await pushOnce(this.#options, [{ ref, oid: step }], signal)
      if (result?.outcome === 'refused') return { ...result, oid }
      this.#there.set(ref, step)
    }
    return undefined
  }

  #remember({ ref, oid, outcome }: PushedRef): void {
    if (outcome === 'refused') return
    if (oid === undefined) this.#there.delete(ref)
    else this.#there.set(ref, oid)
  }
}
