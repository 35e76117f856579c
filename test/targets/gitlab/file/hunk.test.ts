import { expect, test } from 'vitest'
import { DiffLines } from '../../../../src/git/diff-lines.ts'
import { hunkUpTo } from '../../../../targets/gitlab/file/hunk.ts'

const lines = (from: number, to: number, sign: string): string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => `${sign}line ${from + n}`)
const diff = [
  '@@ -1,3 +1,4 @@ context of git',
  ' line 1',
  '-old 2',
  '+new 2',
  '+new 3',
  ' line 3',
  '@@ -40,21 +41,21 @@',
  ...lines(40, 59, ' '),
  '-last',
  '\\ No newline at end of file',
  '+end',
  '',
].join('\n')

test.each([
  ['an added line', { oldLine: undefined, newLine: 2 }, '@@ -1,2 +1,2 @@\n line 1\n-old 2\n+new 2'],
  ['a removed line', { oldLine: 2, newLine: undefined }, '@@ -1,2 +1,1 @@\n line 1\n-old 2'],
  ['a line of both sides', { oldLine: 3, newLine: 4 }, '@@ -1,3 +1,4 @@\n line 1\n-old 2\n+new 2\n+new 3\n line 3'],
  ['a long way down', { oldLine: undefined, newLine: 61 }, ['@@ -46,15 +47,15 @@', ...lines(46, 59, ' '), '-last', '+end'].join('\n')],
])('%s is shown with what stands above it, counted from where that begins', (_, line, hunk) => {
  expect(hunkUpTo(diff, line)).toBe(hunk)
  const { oldLine, newLine } = line
  const read = new DiffLines(hunk)
  const found = oldLine === undefined ? read.at('new', newLine ?? 0) : read.at('old', oldLine)
  expect(found).toMatchObject({ oldLine, newLine, shown: true })
})
test('a line that the diff does not show has no hunk', () => {
  expect(hunkUpTo(diff, { oldLine: 20, newLine: 21 })).toBeUndefined()
  expect(hunkUpTo('', { oldLine: undefined, newLine: 1 })).toBeUndefined()
})
