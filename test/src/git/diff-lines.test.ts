import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { DiffLines, lineCode } from '../../../src/git/diff-lines.ts'

/** Lines 3 and 20 of the old file are changed; two lines come after 3. */
const diff = `@@ -1,6 +1,8 @@
 one
 two
-three
+THREE
+three and a half
+--- a/trap
 four
 five
 six
@@ -18,5 +20,4 @@ function
 eighteen
 nineteen
-@@ -1 +1 @@
 twenty-one
 twenty-two
\\ No newline at end of file
`

test('a line that is on one side only has one number, and a line code with both counts', () => {
  const lines = new DiffLines(diff)
  expect(lines.at('new', 4)).toEqual({ type: 'added', oldLine: undefined, newLine: 4, oldPos: 4, newPos: 4, shown: true })
  expect(lines.at('new', 5)).toMatchObject({ type: 'added', newLine: 5, oldPos: 4, newPos: 5 })
  expect(lines.at('old', 3)).toEqual({ type: 'removed', oldLine: 3, newLine: undefined, oldPos: 3, newPos: 3, shown: true })
  expect(lines.at('old', 20)).toMatchObject({ type: 'removed', oldLine: 20, oldPos: 20, newPos: 22 })
})

test('a context line has both numbers, from whichever side it is asked', () => {
  const lines = new DiffLines(diff)
  const four = { type: 'context', oldLine: 4, newLine: 6, oldPos: 4, newPos: 6, shown: true }
  expect(lines.at('old', 4)).toEqual(four)
  expect(lines.at('new', 6)).toEqual(four)
  expect(lines.at('new', 23)).toMatchObject({ oldLine: 22, newLine: 23, shown: true })
})

test('lines between and behind the hunks are known by those before them', () => {
  const lines = new DiffLines(diff)
  expect(lines.at('new', 12)).toEqual({ type: 'context', oldLine: 10, newLine: 12, oldPos: 10, newPos: 12, shown: false })
  expect(lines.at('old', 10)).toMatchObject({ newLine: 12, shown: false })
  expect(lines.at('old', 100)).toMatchObject({ newLine: 101, shown: false })
  expect(lines.at('old', 0)).toBeUndefined()
})

test('files that come or go, and hunks cut short, have only the lines they show', () => {
  const fresh = new DiffLines('@@ -0,0 +1,2 @@\n+a\n+b\n')
  expect(fresh.at('new', 2)).toMatchObject({ type: 'added', oldPos: 0, newPos: 2 })
  const gone = new DiffLines('@@ -1,2 +0,0 @@\n-a\n-b\n')
  expect(gone.at('old', 2)).toMatchObject({ type: 'removed', oldPos: 2, newPos: 0 })
  const cut = new DiffLines('@@ -1,9 +1,9 @@\n a\n-b')
  expect(cut.at('old', 2)).toMatchObject({ type: 'removed' })
  expect(cut.at('old', 5)).toBeUndefined()
  expect(new DiffLines('').at('new', 7)).toMatchObject({ oldLine: 7, newLine: 7, shown: false })
})

test('the line code is the hash of the path and both counts', () => {
  const line = new DiffLines(diff).at('new', 5)
  const hash = createHash('sha1').update('src/ä.ts').digest('hex')
  expect(line && lineCode('src/ä.ts', line)).toBe(`${hash}_4_5`)
})
