import { expect, test } from 'vitest'
import { each } from '../../src/each.ts'

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
