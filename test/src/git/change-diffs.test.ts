import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { changeDiffs } from '../../../src/git/change-diffs.ts'
import type { ChangeDiff, DiffRequest } from '../../../src/git/change-diffs.ts'
import { GITLAB_DIFF_LIMITS } from '../../../src/git/file-diff.ts'
import type { DiffLimits, FileDiff } from '../../../src/git/file-diff.ts'
import { gitText } from '../../../src/process/git.ts'
import { bytes, lines, makeRepository } from './made-repository.ts'
import type { MadeRepository } from './made-repository.ts'

const never = new AbortController().signal
const many = (count: number, line = (n: number): string => `line ${n}`): string =>
  Array.from({ length: count }, (_, n) => `${line(n)}\n`).join('')
/** Text that looks like every line a reader of patches could fall for. */
const traps = (edge: string): string =>
  `${edge}\nend\ndiff --git a/x b/x\n-- a/x\n++ b/x\n@@ -1 +1 @@\nBinary files a/x and b/x differ\n\\ No newline\n`

const before = {
  'kept.txt': 'kept\n',
  'changed.txt': many(30),
  'moved/from here.txt': many(20, (n) => `moved ${n}`),
  gone: 'gone\n',
  'script.sh': '#!/bin/sh\n',
  image: Buffer.from([0x89, 0, 1, 2]),
  'latin1.txt': Buffer.from('stra\xdfe\n', 'latin1'),
  traps: traps('one'),
  'no-end': 'a\nb',
  turned: { mode: '120000', content: 'kept.txt' },
  module: { mode: '160000', content: '1'.repeat(40) },
}
const after = {
  'changed.txt': many(30).replace('line 3\n', 'line three\n').replace('line 25\n', ''),
  'moved/from here.txt': null,
  'm\u00f6ved/"to"\there.txt': many(20, (n) => (n === 4 ? 'MOVED' : `moved ${n}`)),
  gone: null,
  'script.sh': { mode: '100755', content: '#!/bin/sh\n' },
  image: Buffer.from([0x89, 0, 3]),
  'latin1.txt': Buffer.from('stra\xdfen\n', 'latin1'),
  traps: traps('two'),
  'no-end': 'a\nc',
  turned: 'now a file\n',
  module: { mode: '160000', content: '2'.repeat(40) },
  empty: '',
  nul: `${many(1_000)}\0\n`,
}
const made = makeRepository([
  { parents: [], files: before },
  { parents: [0], files: after },
  { parents: [1], files: {} },
])

async function diffs<K>(
  { directory }: MadeRepository,
  requests: readonly DiffRequest<K>[],
  limits: Partial<DiffLimits> = {},
): Promise<ChangeDiff<K>[]> {
  const found: ChangeDiff<K>[] = []
  for await (const diff of changeDiffs(directory, requests, { ...GITLAB_DIFF_LIMITS, ...limits }, never)) found.push(diff)
  return found
}
const filesOf = (diff: ChangeDiff<unknown> | undefined): ReadonlyMap<string, FileDiff> => {
  if (diff?.type !== 'files') throw new Error(`not files but ${diff?.type}`)
  return new Map(diff.files.map((file) => [`${file.newPath}${file.deletedFile ? ' gone' : ''}`, file]))
}

test('each file stands as GitLab keeps it: hunks alone, and what happened to it as flags', async () => {
  const repository = await made
  const [first = '', second = ''] = repository.oids
  const [change] = await diffs(repository, [{ key: 1, base: first, head: second }])
  const files = filesOf(change)
  const plain = { newFile: false, renamedFile: false, deletedFile: false, binary: false, tooLarge: false, exact: true }
  const file = (path: string, rest: Partial<FileDiff>): FileDiff => {
    return { oldPath: path, newPath: path, oldMode: '100644', newMode: '100644', ...plain, diff: '', ...rest }
  }
  expect(files.get('changed.txt')).toEqual(
    file('changed.txt', {
      diff: `@@ -1,7 +1,7 @@\n line 0\n line 1\n line 2\n-line 3\n+line three\n line 4\n line 5\n line 6\n@@ -23,7 +23,6 @@ line 21\n line 22\n line 23\n line 24\n-line 25\n line 26\n line 27\n line 28\n`,
    }),
  )
  expect(files.get('m\u00f6ved/"to"\there.txt')).toEqual(
    file('m\u00f6ved/"to"\there.txt', {
      oldPath: 'moved/from here.txt',
      renamedFile: true,
      diff: '@@ -2,7 +2,7 @@ moved 0\n moved 1\n moved 2\n moved 3\n-moved 4\n+MOVED\n moved 5\n moved 6\n moved 7\n',
    }),
  )
  expect(files.get('gone gone')).toEqual(file('gone', { newMode: '0', deletedFile: true, diff: '@@ -1 +0,0 @@\n-gone\n' }))
  expect(files.get('script.sh')).toEqual(file('script.sh', { newMode: '100755' }))
  expect(files.get('image')).toEqual(file('image', { binary: true, diff: 'Binary files a/image and b/image differ\n' }))
  expect(files.get('latin1.txt')).toEqual(file('latin1.txt', { exact: false, diff: '@@ -1 +1 @@\n-stra\u00dfe\n+stra\u00dfen\n' }))
  expect(files.get('empty')).toEqual(file('empty', { oldMode: '0', newFile: true }))
  expect(files.get('no-end')?.diff).toBe('@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n')
  expect(files.get('module')).toMatchObject({
    oldMode: '160000',
    newMode: '160000',
    diff: expect.stringContaining(`+Subproject commit 222`),
  })
  expect(files.get('turned gone')).toMatchObject({ oldMode: '120000', newMode: '0' })
  expect(files.get('turned')).toMatchObject({ oldMode: '0', newMode: '100644', diff: '@@ -0,0 +1 @@\n+now a file\n' })
  expect(files.get('nul')).toMatchObject({ exact: false, binary: false, diff: expect.stringMatching(/\n\+\ufffd\n$/) })
  expect(files.size).toBe(13)
})

test('the text of every diff is what git itself shows for this file', async () => {
  const repository = await made
  const [first = '', second = ''] = repository.oids
  const [change] = await diffs(repository, [{ key: 1, base: first, head: second }])
  for (const path of ['changed.txt', 'traps', 'no-end', 'gone']) {
    const shown = (await bytes(repository.directory, 'diff', first, second, '--', path)).toString()
    const files = filesOf(change)
    expect(shown.slice(shown.indexOf('\n@@') + 1)).toBe((files.get(path) ?? files.get(`${path} gone`))?.diff)
  }
})

test('a change without files, a root, one backwards and many at once come in their order', async () => {
  const repository = await made
  const [first = '', second = '', third = ''] = repository.oids
  const pairs = [
    { base: second, head: third },
    { base: undefined, head: first },
    { base: second, head: first },
    { base: first, head: second },
  ]
  const requests = Array.from({ length: 200 }, (_, key) => ({ key, base: first, head: second, ...pairs[key % 4] }))
  const found = await diffs(repository, requests)
  expect(found.map(({ key }) => key)).toEqual(requests.map(({ key }) => key))
  expect(found.slice(0, 4).map((diff) => filesOf(diff).size)).toEqual([0, 11, 13, 13])
  for (const [n, diff] of found.entries()) expect({ ...diff, key: 0 }).toEqual({ ...found[n % 4], key: 0 })
})

test('what goes over the limits is named and not kept', async () => {
  const repository = await made
  const [first = '', second = ''] = repository.oids
  const request = [{ key: 1, base: first, head: second }]
  const [small] = await diffs(repository, request, { patchBytes: 150 })
  expect(filesOf(small).get('changed.txt')).toMatchObject({ tooLarge: true, diff: '' })
  expect(filesOf(small).get('gone gone')).toMatchObject({ tooLarge: false, diff: '@@ -1 +0,0 @@\n-gone\n' })
  expect(filesOf(small).size).toBe(13)
  const [few] = await diffs(repository, request, { files: 3 })
  expect(few).toMatchObject({ overflow: true, files: expect.objectContaining({ length: 3 }) })
  const [lines] = await diffs(repository, request, { lines: 20 })
  expect(lines).toMatchObject({ overflow: true, files: expect.objectContaining({ length: 5 }) })
  expect(await diffs(repository, request)).toMatchObject([{ overflow: false }])
})

test('a commit that is not there and objects that are damaged spoil no neighbour', async () => {
  const good = { 'a.txt': 'a\n' }
  const repository = await makeRepository([
    { parents: [], files: good },
    { parents: [0], files: { 'b.txt': many(50) } },
    { parents: [0], files: { 'c.txt': 'c\n' } },
  ])
  const { directory, oids } = repository
  const [root = '', lacking = '', whole = ''] = oids
  await lose(directory, (await lines(directory, 'rev-parse', `${lacking}:b.txt`))[0] ?? '')
  const unknown = 'f'.repeat(40)
  const found = await diffs(repository, [
    { key: 'a', base: root, head: whole },
    { key: 'b', base: root, head: lacking },
    { key: 'c', base: unknown, head: whole },
    { key: 'd', base: root, head: '--output=/tmp/x' },
    { key: 'e', base: root, head: whole },
  ])
  expect(found).toMatchObject([
    { key: 'a', type: 'files', files: expect.objectContaining({ length: 1 }) },
    { key: 'b', type: 'broken', why: expect.stringContaining('git') },
    { key: 'c', type: 'missing', oid: unknown },
    { key: 'd', type: 'missing', oid: '--output=/tmp/x' },
    { key: 'e', type: 'files', files: expect.objectContaining({ length: 1 }) },
  ])
})

/** Takes one object out of a repository. */
async function lose(directory: string, oid: string): Promise<void> {
  const [pack = ''] = (await gitText(['rev-parse', '--git-path', 'objects/pack'], { what: 'x', directory }, never)).stdout.split('\n')
  for (const name of (await readdir(pack)).filter((name) => name.endsWith('.pack'))) {
    const content = await readFile(join(pack, name))
    await rm(pack, { recursive: true, force: true })
    await gitText(['unpack-objects', '-q'], { what: 'x', directory, stdin: [content] }, never)
  }
  await rm(join(directory, 'objects', oid.slice(0, 2), oid.slice(2)), { force: true })
}
