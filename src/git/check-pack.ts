import { Fault } from '../fault.ts'
import { git, gitText } from '../process/git.ts'
import { records } from '../process/records.ts'

/** Something git's checks do not like in an object; git carries it all the same, and a strict host may refuse it. `id` is git's name for it. */
export interface FsckFinding {
  readonly oid: string
  readonly severity: 'error' | 'warning'
  readonly id: string
}

/** More are counted and not named: one odd tool can have made every tree of a history. */
const MOST_FINDINGS = 100

/**
 * Has git read a pack that lies in `objects/pack` of a repository, all of it, and write its index: every byte, every delta, the hash at its
 * end. `whole`: it claims to be a complete history, and then everything that its objects point to has to be in it.
 * Memory grows inside of git alone, with the number of objects.
 * @throws Fault `corrupt` (retryable: it may have been damaged on the way) if it is not what it should be
 */
export async function indexPack(repository: string, pack: string, whole: boolean, signal: AbortSignal): Promise<void> {
  const what = 'The pack that the host sent is not whole'
  const args = ['index-pack', ...(whole ? ['--check-self-contained-and-connected'] : []), pack]
  try {
    await gitText(args, { what, directory: repository }, signal)
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'unavailable' || error.code === 'config') throw error
    throw new Fault({
      code: 'corrupt',
      what,
      why: error.why,
      remedy: 'Run again; if it stays, the repository is damaged at the host: have it checked there (git fsck)',
      retry: { type: 'backoff' },
      cause: error,
    })
  }
}

/**
 * What `git fsck` finds in the objects themselves. Links that lead out of the pack are no finding: an increment rests on what came before.
 * Old histories are full of these, so nothing fails. `more`: how many findings are not named.
 */
export async function fsckFindings(
  repository: string,
  signal: AbortSignal,
): Promise<{ readonly findings: readonly FsckFinding[]; readonly more: number }> {
  const findings: FsckFinding[] = []
  let more = 0
  // Findings come on standard error, of which only so much is kept; --verbose is not given.
  const output = git(
    ['fsck', '--no-dangling', '--no-reflogs', '--no-progress'],
    { what: 'The objects could not be checked', directory: repository, exits: ANY },
    signal,
  )
  let end = await output.next()
  while (end.done !== true) end = await output.next()
  for await (const line of records(lines(end.value.stderr))) {
    const [, severity, oid, id] = FINDING.exec(line.toString('utf8')) ?? []
    if (oid === undefined || id === undefined) continue
    if (findings.length < MOST_FINDINGS) findings.push({ oid, id, severity: severity === 'error' ? 'error' : 'warning' })
    else more++
  }
  return { findings, more }
}

/** git fsck adds up what it found in its exit code. */
const ANY = Array.from({ length: 64 }, (_, code) => code)
const FINDING = /^(error|warning) in \w+ ([0-9a-f]{40}): (\w+)/

async function* lines(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}
