import { describe, expect, test } from 'vitest'
import { type Caller, caller } from '../testbed/mattermost/client.ts'
import { outcomeOf } from '../testbed/mattermost/parity/lines.ts'
import { scenarios } from '../testbed/mattermost/parity/scenarios.ts'
import { mattermostTestbed } from '../testbed/mattermost/testbed.ts'

/**
 * Plays every scenario on the emulator and on a real Mattermost 5.36.1 and compares what came of it.
 * Teams and people get names no other run has; they stay on the server. A stock server starts at most one import every 15 s, and there are some
 * 130 of them: give it half an hour, or a server whose watcher polls faster.
 */
const url = process.env['FALLREEP_LIVE_MATTERMOST_URL'] ?? ''
const token = process.env['FALLREEP_LIVE_MATTERMOST_TOKEN'] ?? ''
const stamp = Date.now().toString(36).slice(-5)

async function realServer(): Promise<Caller> {
  const real = caller(url, token)
  const { body } = await real('GET', '/config/client?format=old')
  const { Version, BuildNumber } = body as Record<string, string>
  expect(Version === '' || Version === undefined ? BuildNumber : Version).toBe('5.36.1')
  return real
}

describe('the emulator does what a real Mattermost 5.36.1 does', () => {
  test.concurrent.each(scenarios.map((scenario, index) => ({ name: scenario.name, scenario, index })))(
    '$name',
    async ({ scenario, index }) => {
      const p = `fr${stamp}${index.toString(36)}`
      const real = await realServer()
      await using world = await mattermostTestbed()
      const [ours, theirs] = await Promise.all([
        outcomeOf(scenario, caller(world.url, world.token), p, 0),
        outcomeOf(scenario, real, p, 250),
      ])
      expect(ours).toEqual(theirs)
    },
    1_800_000,
  )
})
