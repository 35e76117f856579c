import { beforeAll, expect, test } from 'vitest'
import { Bench } from './bench.ts'
import { Workshop } from './file/workshop.ts'
import { type CodeWorld, wholeWorld } from './world.ts'

let world: CodeWorld
beforeAll(async () => {
  await using workshop = await Workshop.open()
  world = await wholeWorld(workshop)
})

test.each([
  ['large files one by one', '17.11.0', { maxLfsInFileMiB: 0 }],
  ['without users for people whom nobody knows', '17.11.0', { users: 'map-only' }],
  ['into a group in a group, visible to all', '18.5.0', { group: 'outer/inner', groupTitle: 'Inner', visibility: 'public' }],
  ['without teams and discussions, on a server that reserves numbers', '19.1.0', { teams: 'leave-out', discussions: 'leave-out' }],
] as const)('%s: everything is matched or explained', async (_, version, settings) => {
  await using bench = await Bench.open(world.copy(), { limits: 'off', version }, settings)
  const { totals, findings, foreign } = await bench.judged()
  expect(findings).toEqual([])
  expect(totals).toMatchObject({ differs: 0, missing: 0 })
  expect(totals.matched).toBeGreaterThan(5)
  expect(foreign).toBe(0)
  expect([bench.bed.mails, bench.bed.pipelines, bench.bed.problems]).toEqual([[], [], []])
})
