import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { each, oneAhead } from '../../src/each.ts'

async function* batches(closed: { value: boolean }): AsyncGenerator<readonly number[]> {
  try {
    yield []
    yield [1, 2]
    yield []
    yield [3]
  } finally {
    closed.value = true
  }
}

test('gives what is in the batches in its order, and nothing for empty ones', async () => {
  const closed = { value: false }
  expect(await Array.fromAsync(each(batches(closed)))).toEqual([1, 2, 3])
  expect(closed.value).toBe(true)
})

test('whoever stops in the middle of a batch closes where it comes from', async () => {
  const closed = { value: false }
  for await (const one of each(batches(closed))) if (one === 1) break
  expect(closed.value).toBe(true)
})

test('hands on an error after what came before it', async () => {
  async function* broken(): AsyncGenerator<readonly number[]> {
    yield [1]
    throw new Error('the disk is gone')
  }
  const seen: number[] = []
  await expect(
    (async () => {
      for await (const one of each(broken())) seen.push(one)
    })(),
  ).rejects.toThrow('the disk is gone')
  expect(seen).toEqual([1])
})

test('makes the next one while the last one is used, and no more than that', async () => {
  const made: number[] = []
  async function* numbers(): AsyncGenerator<number> {
    for (let n = 1; n <= 4; n++) {
      made.push(n)
      yield n
    }
  }
  const seen: (readonly [number, number])[] = []
  for await (const n of oneAhead(numbers())) {
    await setImmediate()
    seen.push([n, made.length])
  }
  expect(seen).toEqual([
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 4],
  ])
})

test('an error ahead comes in its turn, and is nobody’s if nobody comes for it', async () => {
  async function* broken(closed: { value: boolean }): AsyncGenerator<number> {
    try {
      yield 1
      throw new Error('the disk is gone')
    } finally {
      closed.value = true
    }
  }
  const closed = { value: false }
  const seen: number[] = []
  const reading = (async () => {
    for await (const one of oneAhead(broken(closed))) {
      await setImmediate()
      seen.push(one)
    }
  })()
  await expect(reading).rejects.toThrow('the disk is gone')
  expect(seen).toEqual([1])
  const other = { value: false }
  for await (const one of oneAhead(broken(other))) {
    await setImmediate()
    if (one === 1) break
  }
  expect(other.value).toBe(true)
})
