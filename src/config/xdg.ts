import { homedir } from 'node:os'
import { join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** The base directory specification ignores relative values, so do we. */
const absolute = (value: string | undefined): string | undefined => (value?.startsWith('/') === true ? value : undefined)

/** Where a configuration is looked for when nobody names one, best first. */
export function configPaths(env: Environment): readonly string[] {
  return [join(userConfigDir(env), 'fallreep.yaml'), '/etc/fallreep/fallreep.yaml']
}

export function userConfigDir(env: Environment): string {
  return join(absolute(env['XDG_CONFIG_HOME']) ?? join(env['HOME'] ?? homedir(), '.config'), 'fallreep')
}

/** Ledgers, journal, runs. systemd may name several state directories, separated by colons; the first is ours. */
export function defaultStateDir(env: Environment): string {
  const systemd = absolute(env['STATE_DIRECTORY']?.split(':')[0])
  return systemd ?? join(absolute(env['XDG_STATE_HOME']) ?? join(env['HOME'] ?? homedir(), '.local', 'state'), 'fallreep')
}
