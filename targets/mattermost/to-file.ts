import type { Applied, ApplyContext, Stated } from '../../src/contract/target.ts'
import { Fault } from '../../src/fault.ts'
import { composeImportFile } from './bulk/import-file.ts'
import { Records } from './delta/record.ts'
import { OLDEST, featuresOf } from './features.ts'
import type { MattermostOperation } from './map/operations.ts'
import type { Settings } from './settings.ts'

/** Writes the import zip for `mmctl import` and touches no server; nothing is known of one, so nothing is taken for granted. */
export async function* writeToFile(
  settings: Settings,
  ops: AsyncIterable<Stated<MattermostOperation>>,
  context: ApplyContext,
  signal: AbortSignal,
): AsyncGenerator<Applied> {
  const { out, team, teamTitle = team, teamOpen } = settings
  if (out === undefined)
    throw new Fault({ code: 'config', what: 'Nobody said where the import file goes', remedy: 'Set `out` beside `via: file`' })
  const { workDir } = context
  const options = { team, teamTitle, teamOpen, features: featuresOf(OLDEST), workDir, report: true }
  const progress = (composed: number): void => context.progress('compose', composed, undefined)
  await composeImportFile(out, withoutGone(ops), context.blobs, options, progress, signal)
  for await (const { applied } of Records.written(workDir)) yield applied
}

/** A file is always whole. */
async function* withoutGone(ops: AsyncIterable<Stated<MattermostOperation>>): AsyncGenerator<MattermostOperation> {
  for await (const stated of ops) if (stated.state !== 'gone') yield stated.op
}
