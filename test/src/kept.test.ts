import { expect, test } from 'vitest'
import { Kept } from '../../src/kept.ts'

const never = new AbortController().signal

test('is made once for all who ask at the same time, and anew when it was let go of', async () => {
  let made = 0
  const kept = new Kept(() => Promise.resolve((made += 1)))
  expect(await Promise.all([kept.get(never), kept.get(never)])).toEqual([1, 1])
  expect(await kept.get(never)).toBe(1)
  expect(await kept.made).toBe(1)
  kept.forget()
  expect(kept.made).toBeUndefined()
  expect(await kept.get(never)).toBe(2)
})

test('what failed is told to all who waited, and tried again by the next', async () => {
  let tries = 0
  const kept = new Kept(() => ((tries += 1) === 1 ? Promise.reject(new Error('no answer')) : Promise.resolve('here')))
  const both = await Promise.allSettled([kept.get(never), kept.get(never)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(tries).toBe(1)
  expect(await kept.get(never)).toBe('here')
})
