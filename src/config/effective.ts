import { sourceHandle, targetHandle } from './backends.ts'
import type { LoadedConfig, Origin } from './load.ts'
import { Secret } from './secret.ts'

/** One setting as it counts: dotted path, value (a secret as its reference), where it comes from. */
export interface EffectiveSetting {
  readonly path: string
  readonly value: unknown
  readonly from: string
}

/** Every setting that counts, defaults of backends included. @throws Fault `config` */
export async function effectiveSettings(loaded: LoadedConfig): Promise<readonly EffectiveSetting[]> {
  const { config } = loaded
  const backends = async <H extends { readonly config: unknown }>(
    names: readonly string[],
    open: (name: string) => Promise<H>,
  ): Promise<Record<string, unknown>> =>
    Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await open(name)).config] as const)))
  const sources = await backends(Object.keys(config.sources), (name) => sourceHandle(loaded, name))
  const targets = await backends(Object.keys(config.targets), (name) => targetHandle(loaded, name))
  const kinds = (of: Readonly<Record<string, object>>, parsed: Record<string, unknown>, key: string): object =>
    Object.fromEntries(
      Object.entries(of).map(([name, settings]) => [
        name,
        { [key]: (settings as Record<string, unknown>)[key], ...(parsed[name] as object) },
      ]),
    )
  const whole = { ...config, sources: kinds(config.sources, sources, 'connector'), targets: kinds(config.targets, targets, 'target') }
  return leaves(whole, [], loaded).map(({ path, value }) => ({ path: path.join('.'), value, from: originText(loaded.originOf(path)) }))
}

function leaves(
  value: unknown,
  path: readonly string[],
  loaded: LoadedConfig,
): readonly { readonly path: readonly string[]; readonly value: unknown }[] {
  if (value === undefined) return []
  if (value instanceof Secret) return [{ path, value: referenceAt(loaded.source.value, path) }]
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value)
    if (entries.length > 0) return entries.flatMap(([key, entry]) => leaves(entry, [...path, key], loaded))
  }
  return [{ path, value }]
}

/** What the file says at a place: for a secret that is its reference, never the secret. */
function referenceAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce(
    (at: unknown, step) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[step] : undefined),
    value,
  )
}

function originText(origin: Origin): string {
  if (origin.type === 'env') return origin.variable
  if (origin.type === 'file') return origin.where
  return origin.type === 'flag' ? 'command line' : origin.type
}
