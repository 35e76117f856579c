import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Fault } from '../fault.ts'
import { faultOf, readYaml, type YamlSource } from './document.ts'
import { overrides } from './environment.ts'
import { keysOf } from './keys.ts'
import { mistakesOf } from './mistakes.ts'
import { Config } from './schema.ts'
import { configPaths, defaultStateDir } from './xdg.ts'

type Environment = Readonly<Record<string, string | undefined>>
export interface LoadOptions {
  /** What stood after -c. */
  readonly path?: string | undefined
  readonly env: Environment
  readonly cwd: string
  /** Settings given on the command line, by path. */
  readonly flags?: Readonly<Record<string, string | undefined>>
}
/** Where a setting's value comes from. */
export type Origin =
  | { readonly type: 'flag' }
  | { readonly type: 'env'; readonly variable: string }
  | { readonly type: 'file'; readonly where: string }
  | { readonly type: 'default' }

export interface LoadedConfig {
  /** The file it was read from. */
  readonly path: string
  /** Paths inside are absolute; secrets are references still. */
  readonly config: Config & { readonly stateDir: string }
  readonly source: YamlSource
  originOf(path: readonly PropertyKey[]): Origin
}

/**
 * Finds, reads and checks the configuration. Flags win over `FALLREEP_*`, those over the file, the file over defaults.
 * Sources and targets are checked when they are used (`backends.ts`), so that a nightly backup loads one definition and not all.
 * @throws Fault `config` with file, line and column of every mistake.
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const { path, text } = await findConfig(options)
  const source = readYaml(path, text)
  const given = givenFromOutside(options)
  const parsed = Config.safeParse(overridden(source.value, given))
  if (!parsed.success) throw faultOf(source, mistakesOf(parsed.error.issues, keysOf(Config)))
  const beside = (file: string): string => resolve(dirname(path), file)
  const { data } = parsed
  return {
    path,
    source,
    config: {
      ...data,
      vault: { ...data.vault, path: beside(data.vault.path) },
      identities: beside(data.identities),
      ...(data.metrics === undefined ? {} : { metrics: beside(data.metrics) }),
      stateDir: data.stateDir === undefined ? defaultStateDir(options.env) : beside(data.stateDir),
    },
    originOf: (wanted) => {
      const outside = given.get(wanted.join('.'))
      if (outside !== undefined) return outside.origin
      return source.has(wanted) ? { type: 'file', where: source.where(wanted, false) } : { type: 'default' }
    },
  }
}

async function findConfig({ path, env, cwd }: LoadOptions): Promise<{ path: string; text: string }> {
  const named = path ?? env['FALLREEP_CONFIG']
  const candidates = named === undefined ? configPaths(env) : [resolve(cwd, named)]
  for (const candidate of candidates) {
    try {
      return { path: candidate, text: await readFile(candidate, 'utf8') }
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
      if (code !== 'ENOENT')
        throw new Fault({
          code: 'config',
          what: `Cannot read the configuration ${candidate}`,
          why: String(code),
          remedy: 'Check its permissions',
          cause,
        })
    }
  }
  throw new Fault({
    code: 'config',
    what: 'There is no configuration yet',
    why: `looked for ${candidates.join(' and ')}`,
    remedy: named === undefined ? 'Run: fallreep init' : 'Check the path, or run: fallreep init',
  })
}

interface Given {
  readonly value: string
  readonly origin: Origin
}
function givenFromOutside({ env, flags = {}, cwd }: LoadOptions): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>()
  for (const [variable, setting] of Object.entries(overrides)) {
    const value = env[variable]
    if (value !== undefined && value !== '')
      given.set(setting, { value: isPath(setting) ? resolve(cwd, value) : value, origin: { type: 'env', variable } })
  }
  for (const [setting, value] of Object.entries(flags)) if (value !== undefined) given.set(setting, { value, origin: { type: 'flag' } })
  return given
}
const isPath = (setting: string): boolean => setting === 'vault.path' || setting === 'stateDir'

function overridden(value: unknown, given: ReadonlyMap<string, Given>): unknown {
  return [...given].reduce((at: unknown, [setting, { value }]) => withSetting(at, setting.split('.'), value), value)
}
function withSetting(value: unknown, [step, ...rest]: readonly string[], to: string): unknown {
  if (step === undefined) return to
  if (value !== undefined && (typeof value !== 'object' || value === null || Array.isArray(value))) return value
  const before: Readonly<Record<string, unknown>> = { ...value }
  return { ...before, [step]: withSetting(before[step], rest, to) }
}
