import { readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Leftover, Operation, Target } from '../contract/target.ts'
import type { RunResult, TargetHandle, Workspace } from './api.ts'
import type { ImportRequest } from './cutover.ts'
import { removeLedger } from './ledger.ts'
import { openTarget } from './open.ts'
import { runFiles, runId, runsDir, writeJson } from './runs.ts'
import { transfer } from './transfer.ts'

/** Written before the first byte of a rehearsal and removed when its place is clean: how a later run finds what a crash left behind. */
interface ScratchMark {
  readonly run: string
  readonly target: string
}
const markOf = (runDir: string): string => join(runDir, 'scratch.json')

/**
 * The real import, into a throw-away place: applied, read back, compared, timed, removed. `keep` leaves the place for people to look at;
 * the next rehearsal on the same target removes it. @throws Fault
 */
export async function rehearse(
  request: ImportRequest & { readonly keep: boolean },
  workspace: Workspace,
  signal: AbortSignal,
): Promise<RunResult> {
  const earlier = await removeLeftBehind(request.target, workspace, signal)
  const run = runId(workspace.clock.now())
  const files = runFiles(workspace.stateDir, run)
  await writeJson(markOf(files.directory), { run, target: request.target.name } satisfies ScratchMark)
  const cleanUp = async (target: Target<Operation>): Promise<readonly Leftover[]> => {
    if (request.keep)
      return [
        { what: 'the place of this rehearsal', why: 'it was asked to be kept', remedy: 'The next rehearsal on this target removes it' },
      ]
    const leftovers = await destroy(target, signal)
    await rm(markOf(files.directory), { force: true })
    return leftovers
  }
  const ledger = join(files.directory, 'ledger.db')
  const result = await transfer(
    { ...request, target: scratched(request.target, run), command: 'rehearse', run, runDir: files.directory, ledgerPath: ledger, cleanUp },
    workspace,
    signal,
  )
  await removeLedger(ledger)
  const told = { ...result, leftovers: [...earlier, ...result.leftovers] }
  await writeJson(files.result, told)
  return told
}

/** The day and the random end of a run's id: ten letters that tell rehearsals apart and fit where names are short. */
const shortId = (run: string): string => `${run.slice(2, 8)}${run.slice(-4)}`

const scratched = (target: TargetHandle, run: string): TargetHandle => ({
  ...target,
  config: target.definition.scratch(target.config, shortId(run)),
})

async function destroy(target: Target<Operation>, signal: AbortSignal): Promise<readonly Leftover[]> {
  if (target.scratch === undefined)
    return [{ what: 'everything', why: 'the target was not opened on a scratch place', remedy: 'Report this: it is a defect' }]
  return Array.fromAsync(target.scratch.destroy(signal))
}

/** Removes the places of rehearsals on this target that were interrupted or kept. @returns what could not be removed of them */
async function removeLeftBehind(handle: TargetHandle, workspace: Workspace, signal: AbortSignal): Promise<readonly Leftover[]> {
  const leftovers: Leftover[] = []
  const names = await readdir(runsDir(workspace.stateDir)).catch(() => [])
  for (const name of names) {
    const { directory } = runFiles(workspace.stateDir, name)
    const text = await readFile(markOf(directory), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const mark = JSON.parse(text) as ScratchMark
    if (mark.target !== handle.name) continue
    await using target = await openTarget(scratched(handle, mark.run), workspace.portsFor, signal)
    leftovers.push(...(await destroy(target, signal)))
    await rm(markOf(directory), { force: true })
    await removeLedger(join(directory, 'ledger.db'))
  }
  return leftovers
}
