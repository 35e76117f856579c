import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Secret } from '../../src/config/secret.ts'
import { MattermostClient } from '../../targets/mattermost/client.ts'
import { ClientConfig } from '../../targets/mattermost/wire.ts'
import type { Server } from '../targets/mattermost/bench.ts'
import { scenarios } from '../targets/mattermost/scenarios.ts'
import { ports, signal } from '../targets/mattermost/world.ts'

const [url, token] = [process.env['FALLREEP_LIVE_MATTERMOST_URL'], process.env['FALLREEP_LIVE_MATTERMOST_TOKEN']]
const stamp = (Date.now() % 46_656_000).toString(36)
let count = 0

describe('against a real Mattermost', () => {
  test('the server and its token are named in the environment', () => {
    expect(url, 'FALLREEP_LIVE_MATTERMOST_URL').toBeDefined()
    expect(token, 'FALLREEP_LIVE_MATTERMOST_TOKEN').toBeDefined()
  })
  if (url === undefined || token === undefined) return
  const server: Server = { url, token, team: () => `t-${stamp}-${++count}`, person: (name) => `${name}${stamp}${++count}` }
  test('says which version it is', async () => {
    const client = new MattermostClient(url, new Secret(() => Promise.resolve(token)), ports)
    const { Version } = await client.get(ClientConfig, '/config/client', { format: 'old' }, signal)
    console.log(`Mattermost ${Version}`)
    expect(
      z
        .string()
        .regex(/^\d+\.\d+\.\d+/)
        .parse(Version),
    ).toBe(Version)
  })
  test.each(scenarios)('$name', { timeout: 600_000 }, async (scenario) => {
    await expect(scenario.run(server)).resolves.toBeUndefined()
  })
})
