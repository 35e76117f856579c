import { join } from 'node:path'
import { backendFolders, registryText } from './registry.ts'

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
}

/** Every generated file, in an order in which each may rest on those written before it (the registries come first). */
export async function* generated(root: string): AsyncGenerator<GeneratedFile> {
  for (const name of ['connectors', 'targets'] as const) yield { path: `${name}/registry.gen.ts`, text: registryText(name, await backendFolders(join(root, name))) }
}
