import { hash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { RemoteBlob } from '../../src/contract/item.ts'
import { Fault } from '../../src/fault.ts'
import type { GitRemote } from '../../src/git/git-remote.ts'
import type { LfsPointer } from '../../src/git/lfs-pointer.ts'
import { branchesTagsAndPulls, mirror, type MirroredBundle, type RefSelection } from '../../src/git/mirror.ts'
import { chainRule, MirrorState } from '../../src/git/mirror-state.ts'
import type { GitHistory } from '../../src/model/repository.ts'
import type { Github } from './github.ts'
import { encodeHandle } from './map/handle.ts'

/** Which of the two histories a repository may have. */
export type Which = 'git' | 'wiki'

const Bundle = z.object({ key: z.string(), bytes: z.number() })
/** What a cursor remembers of one history. `absent`: there was none; it may come one day. */
export const HistoryState = z.union([
  z.literal('absent'),
  z.object({ mirror: MirrorState, head: z.string().nullable(), refs: z.number(), bundles: z.array(Bundle) }),
])
export type HistoryState = z.infer<typeof HistoryState>
type Present = Exclude<HistoryState, 'absent'>

/** What a run found. `bundle`: new bytes, which lie on disk until it is disposed of. */
export interface HistoryRead {
  readonly state: HistoryState
  readonly bundle: MirroredBundle | undefined
  readonly pointers: readonly LfsPointer[]
}

/** Wikis have branches only. */
const branches: RefSelection = { prefixes: ['refs/heads/'], takes: () => true }

/**
 * Brings one history up to date. An unchanged one costs a list of refs, outside of the API's budgets.
 * @throws Fault `gone` or `permission` if it may not be read, `unavailable`
 */
export async function readHistory(
  github: Github,
  name: string,
  id: number,
  which: Which,
  before: HistoryState | undefined,
  signal: AbortSignal,
): Promise<HistoryRead> {
  const known = before === 'absent' ? undefined : before
  const options = {
    remote: remoteOf(github, which === 'git' ? name : `${name}.wiki`),
    refs: which === 'git' ? branchesTagsAndPulls : branches,
    known: known?.mirror,
    rule: chainRule,
    workDir: github.config.workDir ?? join(tmpdir(), 'fallreep'),
  }
  const found = await mirror(options, signal)
  if (found.type === 'empty') return { state: 'absent', bundle: undefined, pointers: [] }
  if (found.type === 'unchanged') return { state: before ?? 'absent', bundle: undefined, pointers: [] }
  const key = keyOf(id, which, found, known)
  const bundles = [...(found.base ? [] : (known?.bundles ?? [])), { key, bytes: found.bytes }]
  return { state: { mirror: found.state, head: found.head, refs: found.refs.length, bundles }, bundle: found, pointers: found.pointers }
}

/**
 * Names a bundle by what it holds and not by its bytes: hosts compress the same objects now so, now so, and two backups of the same night are to
 * give the same items.
 */
function keyOf(id: number, which: Which, found: MirroredBundle, known: Present | undefined): string {
  const seq = found.base ? 1 : (known?.bundles.length ?? 0) + 1
  const rests = found.base ? '' : (known?.mirror.refsHash ?? '')
  return `bundle/${id}/${which}/${seq}/${hash('sha256', `${found.state.refsHash} ${rests}`).slice(0, 40)}`
}

/** The history as the model has it, its bundles standing in the item's blobs from `from` on. */
export function historyOf(
  state: HistoryState | undefined,
  name: string,
  id: number,
  which: Which,
  from: number,
): { readonly history: GitHistory | null; readonly blobs: readonly RemoteBlob[] } {
  if (state === undefined || state === 'absent') return { history: null, blobs: [] }
  const mediaType = 'application/x-git-bundle'
  const short = name.slice(name.indexOf('/') + 1)
  const nameOf = (at: number): string => `${short}${which === 'wiki' ? '.wiki' : ''}.${String(at + 1).padStart(3, '0')}.bundle`
  return {
    history: {
      head: state.head,
      refs: state.refs,
      bundles: state.bundles.map(({ key }, at) => ({
        nativeId: key,
        name: nameOf(at),
        title: null,
        mediaType,
        bytes: null,
        form: 'bundle',
        state: 'stored',
        blob: from + at,
        url: null,
        owner: null,
      })),
    },
    blobs: state.bundles.map(({ key, bytes }, at) => ({
      type: 'handle',
      mediaType,
      name: nameOf(at),
      key,
      handle: encodeHandle({ type: 'bundle', repository: id, key }),
      bytes,
    })),
  }
}

/** Git and LFS with the same token as the API; one that ended is renewed in the middle of a run. `path`: `owner/name`. */
export function remoteOf({ config, ports, tokens }: Github, path: string): GitRemote {
  const words = (token: string): string => `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`
  return {
    url: `${config.webUrl}/${path}.git`,
    clock: ports.clock,
    authorization: async (signal) => words(await tokens.of(signal)),
    async fetch(input, init) {
      const response = await ports.fetch(input, init)
      const sent = new Headers(init?.headers).get('authorization')
      const signal = init?.signal
      if (response.status !== 401 || sent === null || !(signal instanceof AbortSignal)) return response
      const token = await tokens.of(signal)
      if (words(token) === sent) tokens.forget(token)
      const fresh = words(await tokens.of(signal))
      if (fresh === sent) return response
      await response.body?.cancel()
      const headers = new Headers(init?.headers)
      headers.set('authorization', fresh)
      return ports.fetch(input, { ...init, headers })
    },
  }
}

/** A bundle of an earlier night is asked for only where the vault lost it. */
export const passed = (key: string): Fault =>
  new Fault({
    code: 'unavailable',
    what: `The git bundle ${key} is no longer at hand`,
    why: 'it was made by an earlier run, and the vault does not have it',
    remedy: 'Run again with --full: the whole history is read anew',
    retry: { type: 'backoff' },
  })
