import { devNull } from 'node:os'

/**
 * What git is told before every command, stronger than any configuration it may find. Repositories come from strangers: nothing in them may
 * run a program, fill in objects from elsewhere or change what a command shows. (git-config(1), git(1) of git 2.39 and 2.51, read 2026-11-25)
 */
const CONFIG: Readonly<Record<string, string>> = {
  'safe.directory': '*',
  'core.hooksPath': devNull,
  'core.fsmonitor': 'false',
  'core.attributesFile': devNull,
  'core.logAllRefUpdates': 'false',
  // What git writes here is made anew after a crash; without this every ref is waited for on the disk.
  'core.fsync': 'none',
  'core.fsyncObjectFiles': 'false',
  // Larger blobs are neither deltified nor held in memory whole, nor compared as text. Gitaly has a limit of this kind, too.
  'core.bigFileThreshold': '50m',
  'credential.helper': '',
  'fetch.recurseSubmodules': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  // A redirect would carry the token to another host.
  'http.followRedirects': 'false',
  'init.defaultBranch': 'main',
  'protocol.allow': 'never',
  'protocol.file.allow': 'always',
  'protocol.http.allow': 'always',
  'protocol.https.allow': 'always',
  'protocol.ext.allow': 'never',
}

/** How to get out of this machine is the administrator's business, not ours. */
const PASSED_ON = /^(?:PATH|TMPDIR|SystemRoot|(?:https?|all|no)_proxy|SSL_CERT_(?:FILE|DIR)|GIT_SSL_CA(?:INFO|PATH))$/i

/**
 * The whole environment of one git command. Configuration travels here and not in the arguments, which every user of the machine can read.
 * @param config settings of this one command, stronger than ours
 */
export function gitEnvironment(config: Readonly<Record<string, string>>, extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const settings = Object.entries({ ...CONFIG, ...config })
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name))),
    HOME: devNull,
    XDG_CONFIG_HOME: devNull,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_SYSTEM: devNull,
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    // refs/replace and promised objects must not change what was stored.
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_PAGER: 'cat',
    ...extra,
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([name, value], n) => [
        [`GIT_CONFIG_KEY_${n}`, name],
        [`GIT_CONFIG_VALUE_${n}`, value],
      ]),
    ),
  }
}
