import { Records } from '../delta/record.ts'
import { recordsOf } from '../delta/new-records.ts'
import type { Features } from '../features.ts'
import type { ComposeOptions } from './compose-options.ts'

/** What composing a file for a server that nobody asks depends on. Plain values: they travel to another thread. */
export interface FileOptions {
  readonly team: string
  readonly teamTitle: string
  readonly teamOpen: boolean
  readonly features: Features
  readonly workDir: string
  /** Write down in the work directory what is to be said of each operation. */
  readonly report: boolean
}

const nobody: ReadonlySet<string> = new Set()

/** Nothing is known of a server, so nothing stands on it. */
export function optionsOf({ report, ...file }: FileOptions): {
  readonly options: ComposeOptions
  readonly records: Records | undefined
} {
  const standing = { team: false, users: nobody, channels: nobody, archived: nobody, emoji: nobody }
  const records = report ? new Records(file.workDir) : undefined
  return { options: { ...file, standing, ...(records === undefined ? {} : recordsOf(file.team, records)) }, records }
}
