import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MattermostTestbed, mattermostTestbed } from '../../testbed/mattermost/testbed.ts'
import type { Server } from './bench.ts'
import { everything } from './everything.ts'
import { scenarios } from './scenarios.ts'
import { memoryLedger, run, settings } from './world.ts'

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
  test('loses and doubles nothing when answers get lost and connections break', async () => {
    await using flaky = await mattermostTestbed()
    flaky.faults.next('POST /uploads/{upload_id}', { type: 'reset' }, { type: 'lost-answer' })
    flaky.faults.next('GET /jobs/{job_id}', { type: 'status', status: 503 }, { type: 'reset' }, { type: 'html' })
    flaky.faults.next('GET /users', { type: 'status', status: 429, retryAfterS: 1 })
    const config = settings(flaky.url, flaky.token, { adjustLimits: true })
    const [world, ledger] = [everything(), memoryLedger()]
    expect((await run(world, config, ledger)).wrong).toEqual([])
    expect(flaky.faults.unused).toEqual([])
  })
  test('says so when the token is refused or the job cannot be asked for', async () => {
    await using broken = await mattermostTestbed()
    const world = everything()
    await expect(run(world, settings(broken.url, 'not-the-token'), memoryLedger())).rejects.toMatchObject({ code: 'auth' })
    broken.faults.next('POST /jobs', { type: 'status', status: 500 })
    await expect(run(world, settings(broken.url, broken.token, { adjustLimits: true }), memoryLedger())).rejects.toMatchObject({
      code: 'unavailable',
    })
  })
  test('tells nobody of anything', () => {
    expect(bed.notifications).toEqual([])
  })
})
