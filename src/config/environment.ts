/** Every environment variable fallreep reads, apart from those a secret reference names. Shown by `fallreep help environment`. */
export const environment = {
  FALLREEP_CONFIG: 'configuration file, when -c is not given',
  FALLREEP_VAULT_PATH: 'overrides vault.path',
  FALLREEP_STATE_DIR: 'overrides stateDir',
  FALLREEP_LANG: 'overrides lang: en or de',
  FALLREEP_LOG_FORMAT: 'overrides log.format: text or json',
  FALLREEP_PROGRESS_FPS: 'frames per second of the progress lines on a terminal (default 10, 0 for none)',
  STATE_DIRECTORY: 'set by systemd: where ledgers, journal and reports live',
  CREDENTIALS_DIRECTORY: 'set by systemd: where { credential: NAME } is read',
  JOURNAL_STREAM: 'set by systemd: logs become JSON',
  XDG_CONFIG_HOME: 'base of the configuration file (default ~/.config)',
  XDG_STATE_HOME: 'base of the state directory (default ~/.local/state)',
  NO_COLOR: 'no colours',
  FORCE_COLOR: 'colours even without a terminal',
  TERM: 'dumb: no colours, no progress region',
} as const satisfies Readonly<Record<string, string>>

/** Variables that stand for one setting, and the setting's path. Flags win over them, they win over the file. */
export const overrides = {
  FALLREEP_VAULT_PATH: 'vault.path',
  FALLREEP_STATE_DIR: 'stateDir',
  FALLREEP_LANG: 'lang',
  FALLREEP_LOG_FORMAT: 'log.format',
} as const satisfies Partial<Record<keyof typeof environment, string>>
