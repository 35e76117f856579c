import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { GROUPWARE_COVERAGE, GROUPWARE_ROUTES } from './coverage.ts'

test('every route of calendars, contacts and tasks stands in the table once, and nothing else does', () => {
  expect(GROUPWARE_COVERAGE.map(({ route }) => route).toSorted()).toEqual(GROUPWARE_ROUTES.toSorted())
})

test.each(GROUPWARE_COVERAGE)('$route names a test that exists, and says what it leaves out', ({ status, testedBy, notes }) => {
  expect(existsSync(new URL(`../../../connectors/m365/groupware/${testedBy}`, import.meta.url))).toBe(true)
  expect(status === 'full' || notes !== '').toBe(true)
})
