import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { VirtualClock } from '../../support/clock.ts'
import { serve } from '../../testbed/kit/serve.ts'

const never = new AbortController().signal

test('wakes sleepers in order of time, and of arrival at the same time', async () => {
  const clock = new VirtualClock()
  const woken: string[] = []
  const nap = async (name: string, ms: number): Promise<void> => {
    await clock.sleep(ms, never)
    woken.push(`${name} ${clock.monotonicMs()}`)
  }
  await Promise.all([nap('c', 3_600_000), nap('a', 5), nap('b', 5), nap('d', 3_600_001)])
  expect(woken).toEqual(['a 5', 'b 5', 'c 3600000', 'd 3600001'])
  expect(clock.now().toISOString()).toBe('2026-01-01T01:00:00.001Z')
})

test('does not pass while files are written, while something is held, or while its fetch is under way', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fallreep-clock-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const app = new Hono().get('/', async (c) => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return c.text('late')
  })
  await using server = await serve(app)
  const clock = new VirtualClock()
  const sleeping = clock.sleep(1_000, never)
  for (let n = 0; n < 20; n += 1) await writeFile(join(folder, `${n}`), 'x'.repeat(10_000))
  expect(clock.monotonicMs()).toBe(0)
  expect(await (await clock.fetch(server.url)).text()).toBe('late')
  expect(await clock.during(new Promise((resolve) => setTimeout(() => resolve(clock.monotonicMs()), 20)))).toBe(0)
  await sleeping
  expect(clock.monotonicMs()).toBe(1_000)
})

test('an aborted sleep ends with the reason and no time passes for it', async () => {
  const clock = new VirtualClock()
  const controller = new AbortController()
  const sleeping = clock.sleep(1_000, controller.signal)
  controller.abort(new Error('stop'))
  await expect(sleeping).rejects.toThrow('stop')
  await clock.sleep(10, never)
  expect(clock.monotonicMs()).toBe(10)
})

test('a run that only sleeps for ever is ended with an error', async () => {
  const clock = new VirtualClock('2026-01-01T00:00:00Z', 1)
  const forever = async (): Promise<void> => {
    for (;;) await clock.sleep(3_600_000, never)
  }
  await expect(forever()).rejects.toThrow('something is stuck')
})
