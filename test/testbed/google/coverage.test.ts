import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { COVERAGE } from './coverage.ts'
import { googleTestbed } from './testbed.ts'

test('every route that is registered stands in the table once, and nothing else does', async () => {
  await using bed = await googleTestbed()
  expect(COVERAGE.map(({ route }) => route).toSorted()).toEqual([...bed.routes].toSorted())
})

test.each(COVERAGE)('$route is named in $testedBy', ({ route, testedBy }) => {
  expect(readFileSync(new URL(testedBy, import.meta.url), 'utf8')).toContain(route)
})

test.each(COVERAGE.filter(({ status }) => status === 'partial'))('$route says what it leaves out', ({ notes }) => {
  expect(notes).not.toBe('')
})
