import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { FaultCode } from '../../../src/fault.ts'
import { commandTree, walk } from '../../../tools/gen/tree.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8')

const own = [
  'README.md',
  'CONTRIBUTING.md',
  ...(await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
]
describe.each(own)('%s', (path) => {
  test('names only scripts that package.json has', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> }
    const named = [...(await read(path)).matchAll(/npm (?:run )?([a-z][a-z:]*)(?=[ `]|$)/gm)].map(([, name]) => name ?? '')
    const builtIn = ['ci', 'install', 'run', 'pack']
    expect(named.filter((name) => !builtIn.includes(name) && scripts[name] === undefined)).toEqual([])
  })

  test('names only commands and options that exist', async () => {
    const tree = walk(await commandTree())
    const text = await read(path)
    const globals = tree[0]?.command.options ?? []
    const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block).join('\n')
    for (const [line] of blocks.matchAll(/^(?:\$ )?fallreep [a-z].*$/gm)) {
      const words = line
        .replace(/^\$ /, '')
        .replace(/\s+#.*$/, '')
        .split(/\s+/)
      const found = tree.filter(({ words: path }) => path.every((word, index) => words[index] === word)).at(-1)
      if (found === undefined || found.words.length === 1) throw new Error(`${path}: ${line}`)
      const known = [...found.command.options, ...globals].flatMap(({ long, short }) => [long, short])
      for (const option of words.filter((word) => /^--?[a-z]/.test(word)))
        expect([line, known]).toEqual([line, expect.arrayContaining([option])])
    }
  })

  test('every link inside the repository leads somewhere', async () => {
    const text = await read(path)
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|mailto:)([^)#]+)(?:#[^)]*)?\)/g))
      expect([target, existsSync(join(root, dirname(path), target))]).toEqual([target, true])
  })
})

test('every code of an error has its place in docs/errors.md', async () => {
  const codes: Readonly<Record<FaultCode | 'defect', true>> = {
    usage: true,
    config: true,
    auth: true,
    permission: true,
    'wrong-key': true,
    gone: true,
    throttled: true,
    unavailable: true,
    conflict: true,
    corrupt: true,
    rejected: true,
    locked: true,
    'no-vault': true,
    cancelled: true,
    defect: true,
  }
  const headings = [...(await read('docs/errors.md')).matchAll(/^## ([a-z-]+)$/gm)].map(([, heading = '']) => heading)
  expect(headings.toSorted()).toEqual(Object.keys(codes).toSorted())
})

test('the licence is the EUPL 1.2, whole', async () => {
  const text = await read('LICENSE')
  expect(text).toMatch(/^EUROPEAN UNION PUBLIC LICENCE v\. 1\.2\n/)
  for (let article = 1; article <= 15; article++) expect(text).toMatch(new RegExp(`^${article}\\. ?[A-Z]`, 'm'))
  expect(text).toContain('Compatible Licences')
})
