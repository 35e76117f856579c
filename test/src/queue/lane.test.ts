import { expect, test } from 'vitest'
import { Lane } from '../../../src/queue/lane.ts'

const never = new AbortController().signal
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('an aborted body keeps its slot until it has settled', async () => {
  const lane = new Lane(1)
  const controller = new AbortController()
  const order: string[] = []
  const body = Promise.withResolvers<void>()
  const first = lane.run(async () => {
    await body.promise
    order.push('first settled')
  }, controller.signal)
  const second = lane.run(() => Promise.resolve(void order.push('second began')), never)
  controller.abort()
  await turn()
  expect(order).toEqual([])
  expect(lane.free).toBe(0)
  body.resolve()
  await Promise.all([first, second])
  expect(order).toEqual(['first settled', 'second began'])
  expect(lane.free).toBe(1)
})

test('a body that has not begun is dropped at once on abort and never runs', async () => {
  const lane = new Lane(1)
  const body = Promise.withResolvers<void>()
  const first = lane.run(() => body.promise, never)
  const controller = new AbortController()
  let ran = false
  const waiting = lane.run(() => Promise.resolve((ran = true)), controller.signal)
  controller.abort(new Error('stop'))
  await expect(waiting).rejects.toThrow('stop')
  body.resolve()
  await first
  await lane.idle()
  expect(ran).toBe(false)
  expect(lane.free).toBe(1)
})

test('passes the signal, the result and the error through, and frees the slot before anybody hears of it', async () => {
  const lane = new Lane(1)
  const { signal } = new AbortController()
  expect(await lane.run((given) => Promise.resolve(given === signal), signal)).toBe(true)
  expect(lane.free).toBe(1)
  await expect(lane.run(() => Promise.reject(new Error('broken')), never)).rejects.toThrow('broken')
  expect(lane.free).toBe(1)
})

test('serves higher priority first', async () => {
  const lane = new Lane(1)
  const order: number[] = []
  const body = Promise.withResolvers<void>()
  const all = [
    lane.run(() => body.promise, never),
    ...[0, 2, 1].map((priority) => lane.run(() => Promise.resolve(void order.push(priority)), never, priority)),
  ]
  body.resolve()
  await Promise.all(all)
  expect(order).toEqual([2, 1, 0])
})
