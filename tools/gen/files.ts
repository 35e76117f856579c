import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { completionScript } from '../../src/cli/completion-script.ts'
import { connectorDefinition, connectorIds, targetDefinition, targetIds } from '../../src/config/backends.ts'
import { configSchema } from '../../src/config/json-schema.ts'
import { cliDoc } from './cli-doc.ts'
import { fidelityDoc } from './fidelity.ts'
import { manPage } from './man.ts'
import { commandTree } from './tree.ts'

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
}

/** Every generated file apart from the registries, which these rest on. */
export async function generatedFiles(root: string): Promise<readonly GeneratedFile[]> {
  const program = await commandTree()
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const connectors = await Promise.all(connectorIds().map(connectorDefinition))
  const targets = await Promise.all(targetIds().map(targetDefinition))
  return [
    { path: 'config/fallreep.schema.json', text: `${JSON.stringify(await configSchema(), undefined, 2)}\n` },
    { path: 'config/completions/fallreep.bash', text: completionScript(program, 'bash') },
    { path: 'config/completions/fallreep.zsh', text: completionScript(program, 'zsh') },
    { path: 'config/completions/fallreep.fish', text: completionScript(program, 'fish') },
    { path: 'config/man/fallreep.1', text: manPage(program, version) },
    { path: 'docs/cli.md', text: cliDoc(program) },
    {
      path: 'docs/fidelity.md',
      text: fidelityDoc(
        connectors.filter((known) => known !== undefined),
        targets.filter((known) => known !== undefined),
      ),
    },
  ]
}
