import { expect, test } from 'vitest'
import { killVaultWriters } from '../../crash/vault-kills.ts'

test('backups killed with SIGKILL lose and double nothing, and the next one takes their lock', async () => {
  const { kills, finished, problems } = await killVaultWriters(5, 7)
  expect(problems).toEqual([])
  expect(kills).toBeGreaterThan(0)
  expect(finished).toBeGreaterThan(0)
}, 60_000)
