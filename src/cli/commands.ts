import type { Command } from 'commander'
import type { Act } from './session.ts'

/** A command as the overview lists it. What it takes and does is loaded when somebody asks for it. */
export interface Entry {
  readonly name: string
  /** As commander writes them: `<needed>`, `[optional]`, `[many...]`. */
  readonly operands: string
  readonly summary: string
  readonly group: string
  load(): Promise<{ configure(command: Command, act: Act): Command }>
}

const inGroup = (group: string, entries: readonly Omit<Entry, 'group'>[]): readonly Entry[] => entries.map((entry) => ({ ...entry, group }))
const entry = (name: string, operands: string, summary: string, load: Entry['load']): Omit<Entry, 'group'> => ({
  name,
  operands,
  summary,
  load,
})

/** Every command, in the order of the journey. */
export const commands: readonly Entry[] = [
  ...inGroup('Set up:', [
    entry('init', '', 'write a configuration, make keys, create the vault', () => import('./commands/init.ts')),
    entry('doctor', '[name...]', 'look at everything a run needs, and say what to do about it', () => import('./commands/doctor.ts')),
    entry('status', '', 'age of each source’s last complete snapshot, time of its last rehearsal', () => import('./commands/status.ts')),
  ]),
  ...inGroup('Keep:', [
    entry('backup', '[source...]', 'read what changed at the source into the vault', () => import('./commands/backup.ts')),
    entry('snapshots', '[source]', 'snapshots in the vault, newest last', () => import('./commands/snapshots.ts')),
    entry('show', '<snapshot>', 'what is in a snapshot, and what the source did not give', () => import('./commands/show.ts')),
    entry('verify', '', 'is the vault whole?', () => import('./commands/verify.ts')),
  ]),
  ...inGroup('Move:', [
    entry('plan', '<snapshot>', 'map everything, write nothing: what would be done and lost', () => import('./commands/plan.ts')),
    entry(
      'rehearse',
      '<snapshot>',
      'the real import into a throw-away place: verified, timed, removed',
      () => import('./commands/rehearse.ts'),
    ),
    entry(
      'cutover',
      '<snapshot>',
      'import for good and verify; run again to continue or to bring what is new',
      () => import('./commands/cutover.ts'),
    ),
    entry('report', '[run]', 'report of a rehearsal or cutover: one HTML file, and JSON', () => import('./commands/report.ts')),
    entry('export', '<snapshot>', 'one neutral, unencrypted zip or tar of a snapshot', () => import('./commands/export.ts')),
  ]),
  ...inGroup('Look up:', [
    entry('identities', '', 'the people map: who is who at each source and target', () => import('./commands/identities.ts')),
    entry('config', '', 'check, show, or describe the configuration', () => import('./commands/config.ts')),
    entry('connectors', '[name]', 'where data can come from, and what is carried', () => import('./commands/connectors.ts')),
    entry('targets', '[name]', 'where data can go, and what is carried', () => import('./commands/targets.ts')),
    entry('completion', '<shell>', 'completion script for bash, zsh or fish', () => import('./commands/completion.ts')),
    entry('environment', '', 'environment variables fallreep reads', () => import('./commands/environment.ts')),
  ]),
]
