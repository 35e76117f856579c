import type { Run } from './run.ts'

/**
 * Whether what a delta query said of each folder can be all that happened in it: a folder cannot have grown by more mails than were named,
 * nor shrunk by more than left. With immutable ids, mails that moved may be named in no folder (microsoft-graph-docs#21752), and this is
 * what shows it, at no request more. Undefined: everything fits.
 */
export function imbalance({ state, folders, touched }: Run): string | undefined {
  for (const [id, { total }] of folders) {
    const before = state.folders.get(id)?.total
    if (before === undefined) continue
    const { named, left } = touched.get(id) ?? { named: 0, left: 0 }
    const grown = total - before
    if (grown > named || grown < -left) return 'a folder grew or shrank by more than Microsoft Graph said'
  }
  return undefined
}

/** Remembers what each folder counts, for the next run. */
export function noteTotals({ state, folders }: Run): void {
  for (const [id, { total }] of folders) state.folder(id).total = total
}
