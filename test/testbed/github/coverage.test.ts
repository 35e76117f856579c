import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { COVERAGE, ROUTES } from './coverage.ts'

test('every route that is registered stands in the table once, and nothing else does', () => {
  expect(COVERAGE.map(({ route }) => route).toSorted()).toEqual(ROUTES.toSorted())
})

test.each(COVERAGE.filter(({ testedBy }) => testedBy !== 'shapes.test.ts'))('$route is named in $testedBy', ({ route, testedBy }) => {
  expect(readFileSync(new URL(testedBy, import.meta.url), 'utf8')).toContain(route)
})

test.each(COVERAGE.filter(({ status }) => status === 'partial'))('$route says what it leaves out', ({ notes }) => {
  expect(notes).not.toBe('')
})
