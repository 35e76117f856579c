import { Fault } from '../fault.ts'
import { gitText } from '../process/git.ts'

/** Something git's checks do not like in an object; git carries it all the same, and a strict host may refuse it. `id` is git's name for it. */
export interface PackFinding {
  readonly oid: string
  readonly severity: 'error' | 'warning'
  readonly id: string
}

/** More are counted and not named: one odd tool can have made every tree of a history. */
const MOST_FINDINGS = 100

const NOT_WHOLE = 'The pack that the host sent is not whole'

export interface PackCheck {
  readonly findings: readonly PackFinding[]
  /** How many more there are at least. */
  readonly more: number
}

/**
 * Has git read a pack that lies in `objects/pack` of a repository, all of it, and write its index: every byte, every delta, the hash at its
 * end. `whole`: it claims to be a complete history, and then everything that its objects point to has to be in it.
 * What `git fsck` dislikes in the objects themselves is found, and nothing fails for it: old histories are full of that. Links that lead out of
 * the pack are no finding: an increment rests on what came before.
 * Memory grows inside of git alone, with the number of objects.
 * @throws Fault `corrupt` (retryable: it may have been damaged on the way) if it is not what it should be
 */
export async function checkPack(repository: string, pack: string, whole: boolean, signal: AbortSignal): Promise<PackCheck> {
  const args = ['index-pack', ...(whole ? ['--check-self-contained-and-connected'] : [])]
  const options = { what: NOT_WHOLE, directory: repository }
  // Objects are looked at while they are read, which costs nothing; but git stops at the first it does not like, and then they are read again.
  const first = await gitText([...args, '--fsck-objects', pack], { ...options, exits: ANY }, signal)
  if (first.code === 0) return found(first.stderr, whole)
  try {
    await gitText([...args, pack], options, signal)
  } catch (error) {
    // A full disk is not the host's fault.
    if (!(error instanceof Fault) || error.code === 'unavailable' || error.code === 'config') throw error
    throw brokenPack(error.why, error)
  }
  const listed = await gitText(
    ['fsck', '--no-dangling', '--no-reflogs', '--no-progress'],
    { ...options, what: 'The objects could not be checked', exits: ANY },
    signal,
  )
  return found(listed.stderr, whole)
}

/** Exit codes that are read and not thrown. git fsck adds up what it found in its own. */
const ANY = Array.from({ length: 129 }, (_, code) => code)

/** What an increment does not hold because the bundles before it do. */
const ELSEWHERE = new Set(['gitattributesMissing', 'gitmodulesMissing'])

const FINDING = /^(?:(error|warning) in \w+ ([0-9a-f]{40}): (\w+)|(error|warning): object ([0-9a-f]{40})\b[^:]*: (\w+))/

/** Findings in what git writes to standard error, of which 64 KiB are kept. */
function found(stderr: string, whole: boolean): PackCheck {
  const all = new Map<string, PackFinding>()
  for (const line of stderr.split('\n')) {
    const match = FINDING.exec(line)
    const [severity, oid, id] = [match?.[1] ?? match?.[4], match?.[2] ?? match?.[5], match?.[3] ?? match?.[6]]
    if (oid !== undefined && id !== undefined && (whole || !ELSEWHERE.has(id)))
      all.set(`${oid} ${id}`, { oid, id, severity: severity === 'error' ? 'error' : 'warning' })
  }
  return { findings: [...all.values()].slice(0, MOST_FINDINGS), more: Math.max(0, all.size - MOST_FINDINGS) }
}

/** The host sent something that cannot be kept; another time it may send it whole. */
export const brokenPack = (why: string | undefined, cause?: Fault): Fault =>
  new Fault({
    code: 'corrupt',
    what: NOT_WHOLE,
    why,
    remedy: 'Run again; if it stays, the repository is damaged at the host: have it checked there (git fsck)',
    retry: { type: 'backoff' },
    cause,
  })
