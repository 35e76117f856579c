import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { commands } from '../../src/cli/commands.ts'
import { generatedFiles } from '../../tools/gen/files.ts'
import { backendFolders, registryFiles, registryText } from '../../tools/gen/registry.ts'
import { commandTree, usageOf, walk } from '../../tools/gen/tree.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('no generated file is stale (else: npm run gen)', async () => {
  const stale: string[] = []
  for (const { path, text } of [...(await registryFiles(root)), ...(await generatedFiles(root))]) {
    const written = await readFile(join(root, path), 'utf8').catch(() => '')
    if (written !== text) stale.push(path)
  }
  expect(stale).toEqual([])
})

test('every backend folder has a contract test', async () => {
  const tests = await readdir(join(root, 'test/contract'))
  const folders = [...(await backendFolders(join(root, 'connectors'))), ...(await backendFolders(join(root, 'targets')))]
  expect(folders.length).toBeGreaterThan(0)
  const without = folders.filter((folder) => !tests.some((file) => file.startsWith(folder) && file.endsWith('.contract.test.ts')))
  expect(without).toEqual([])
})

test('every backend folder has a README', async () => {
  for (const kind of ['connectors', 'targets'])
    for (const folder of await backendFolders(join(root, kind))) expect(await readdir(join(root, kind, folder))).toContain('README.md')
})

test('a registry names folders as imports, whatever letters they have', () => {
  expect(registryText('targets', ['imap', 'google-workspace'])).toContain(
    "  imap: () => import('./imap/definition.ts'),\n  'google-workspace': () => import('./google-workspace/definition.ts'),\n",
  )
})

test('what the overview says of a command is what the command takes', async () => {
  const tree = walk(await commandTree())
  for (const { name, operands } of commands) {
    const found = tree.find(({ words }) => words.join(' ') === `fallreep ${name}`)
    if (found === undefined) throw new Error(`${name} is not in the tree`)
    expect(usageOf(found).endsWith(operands)).toBe(true)
  }
})

test('every command and option says what it is for', async () => {
  for (const { command } of walk(await commandTree())) {
    expect(command.description()).not.toBe('')
    for (const option of command.options) expect(option.description).not.toBe('')
  }
})
