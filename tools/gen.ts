import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generated } from './gen/files.ts'

/** `npm run gen` writes every generated file; `npm run gen -- --check` writes nothing and exits 1 if one is stale. */
const root = fileURLToPath(new URL('..', import.meta.url))
const check = process.argv.includes('--check')
let stale = 0
for await (const { path, text } of generated(root)) {
  const file = join(root, path)
  const before = await readFile(file, 'utf8').catch(() => undefined)
  if (before === text) continue
  stale++
  if (check) console.error(`stale: ${path}`)
  else {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    console.log(`wrote ${path}`)
  }
}
if (check && stale > 0) {
  console.error('run: npm run gen')
  process.exitCode = 1
}
