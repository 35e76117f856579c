import { afterAll, beforeAll, expect, test } from 'vitest'
import { Bench } from './bench.ts'
import { Workshop } from './file/workshop.ts'
import { wholeWorld } from './world.ts'

let bench: Bench
let first: Awaited<ReturnType<Bench['bring']>>
beforeAll(async () => {
  await using workshop = await Workshop.open()
  bench = await Bench.open(await wholeWorld(workshop))
  first = await bench.bring()
})
afterAll(() => bench[Symbol.asyncDispose]())

test('everything stands as it was said to', () => {
  expect(first.wrong).toEqual([])
  expect(first.run.applied.filter(({ outcome }) => outcome !== 'created')).toEqual([])
})
