import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { caller } from './client.ts'
import { coverage } from './coverage.ts'
import { outcomeOf } from './parity/lines.ts'
import { apiScenarios } from './parity/api.ts'
import { mediaScenarios } from './parity/media.ts'
import { plainScenarios } from './parity/plain.ts'
import { restScenarios } from './parity/rest.ts'
import { trapScenarios } from './parity/traps.ts'
import { routes } from './routes/routes.ts'
import { mattermostTestbed } from './testbed.ts'

describe('the coverage table', () => {
  test('names every route once and no other', () => {
    expect(coverage.map(({ route }) => route).toSorted()).toEqual(routes.map(({ route }) => route).toSorted())
  })

  test('calls compared only what the scenarios compared with a real server really ask for', async () => {
    await using world = await mattermostTestbed()
    const call = caller(world.url, world.token)
    for (const [index, scenario] of [...plainScenarios, ...apiScenarios, ...restScenarios, ...trapScenarios, ...mediaScenarios].entries())
      await outcomeOf(scenario, call, `fr00000${index.toString(36)}`, 0)
    const asked = new Set(world.calls.calls.map(({ route }) => route))
    expect(coverage.filter(({ status, route }) => status === 'compared' && !asked.has(route))).toEqual([])
  })

  test.each(['runs.test.ts', 'versions.test.ts'])('what %s is said to test is named there', async (file) => {
    const text = await readFile(new URL(file, import.meta.url), 'utf8')
    const lastWord = (route: string): string => route.split('/').findLast((part) => !part.startsWith('{')) ?? ''
    for (const { route } of coverage.filter(({ testedBy }) => testedBy === file)) expect(text).toContain(lastWord(route))
  })
})
