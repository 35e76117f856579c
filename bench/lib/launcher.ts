import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const launcher = readFileSync(new URL('../../config/fallreep', import.meta.url), 'utf8')

/** Flags of Node and settings of the C library as `config/fallreep` gives them: what is measured is what people start. */
export const launcherFlags: readonly string[] = launcher.match(/^exec .*$/m)?.[0].match(/--[a-z-]+=\d+/g) ?? []
const settings: Readonly<Record<string, string>> = Object.fromEntries(
  [...(launcher.match(/^export (.*)$/m)?.[1] ?? '').matchAll(/(\w+)=(\d+)/g)].map(([, name = '', value = '']) => [name, value]),
)
if (launcherFlags.length === 0 || Object.keys(settings).length === 0) throw new Error('config/fallreep is written in another way now')

/**
 * What a process that is measured has beside its environment. What is installed is built: here the types are taken out once, by whoever runs
 * first, and what is left is kept below `dir` for the others; taking them out costs 30 MiB. No `dir`: nothing is kept.
 */
export const launcherSettings = (dir?: string): Readonly<Record<string, string>> => ({
  ...settings,
  ...(dir === undefined ? {} : { NODE_COMPILE_CACHE: join(dir, 'compiled') }),
})
/** With what stands in ours. */
export const launcherEnv = (dir?: string): NodeJS.ProcessEnv => ({ ...process.env, ...launcherSettings(dir) })
