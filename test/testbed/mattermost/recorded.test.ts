import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { caller } from './client.ts'
import { outcomeOf } from './parity/lines.ts'
import { scenarios } from './parity/scenarios.ts'
import { mattermostTestbed } from './testbed.ts'

/** What a real 5.36.1 did; `test/live/mattermost-emulator-parity.live.ts` plays the same scenarios on one again. */
const recorded = JSON.parse(await readFile(new URL('./parity/recorded-5.36.1.json', import.meta.url), 'utf8')) as {
  outcomes: Record<string, unknown>
}

describe('does what a real Mattermost 5.36.1 was seen to do', () => {
  test.each(scenarios.map((scenario, index) => ({ name: scenario.name, scenario, index })))('$name', async ({ name, scenario, index }) => {
    await using world = await mattermostTestbed()
    const outcome = await outcomeOf(scenario, caller(world.url, world.token), `fr00000${index.toString(36)}`, 0)
    expect(recorded.outcomes).toHaveProperty([name])
    expect(outcome).toEqual(recorded.outcomes[name])
  })
  test('nothing is recorded that is not played any more', () => {
    expect(Object.keys(recorded.outcomes)).toEqual(scenarios.map(({ name }) => name))
  })
})
