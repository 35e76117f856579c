import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MattermostTestbed, mattermostTestbed } from '../../testbed/mattermost/testbed.ts'
import { type Server, scenarios } from './scenarios.ts'

describe('against the emulator', () => {
  let bed: MattermostTestbed
  let server: Server
  let count = 0
  beforeAll(async () => {
    bed = await mattermostTestbed()
    const { url, token } = bed
    server = { url, token, team: () => `team-${++count}`, person: (name) => `${name}${++count}` }
  })
  afterAll(() => bed[Symbol.asyncDispose]())
  test.each(scenarios)('$name', async (scenario) => {
    await expect(scenario.run(server)).resolves.toBeUndefined()
  })
  test('tells nobody of anything', () => {
    expect(bed.notifications).toEqual([])
  })
})
