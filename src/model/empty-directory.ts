import type { Directory } from '../contract/target.ts'

/** A directory with nobody and nothing in it, to be spread under what there is. */
export const emptyDirectory = (source: string, target: string): Directory => ({
  source,
  target,
  accounts: new Map(),
  groups: new Map(),
  emoji: new Map(),
  channels: new Map(),
  mailboxes: new Map(),
  calendars: new Map(),
  addressbooks: new Map(),
  tasklists: new Map(),
  repositories: new Map(),
  numbered: () => undefined,
  person: () => undefined,
})
