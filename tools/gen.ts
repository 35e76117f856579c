import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { registryFiles } from './gen/registry.ts'

/** `npm run gen` writes every generated file; `npm run gen -- --check` writes nothing and exits 1 if one is stale. */
const root = fileURLToPath(new URL('..', import.meta.url))
const check = process.argv.includes('--check')
let stale = 0

async function settle({ path, text }: { readonly path: string; readonly text: string }): Promise<void> {
  const file = join(root, path)
  const before = await readFile(file, 'utf8').catch(() => undefined)
  if (before === text) return
  stale++
  if (check) return console.error(`stale: ${path}`)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
  console.log(`wrote ${path}`)
}

for (const file of await registryFiles(root)) await settle(file)
// Only now: everything else is read out of what the registries name.
const { generatedFiles } = await import('./gen/files.ts')
for (const file of await generatedFiles(root)) await settle(file)
if (check && stale > 0) {
  console.error('run: npm run gen')
  process.exitCode = 1
}
