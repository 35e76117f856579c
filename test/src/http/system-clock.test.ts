import { expect, test } from 'vitest'
import { systemClock } from '../../../src/http/system-clock.ts'

test('sleeps at least as long as asked', async () => {
  const before = systemClock.monotonicMs()
  await systemClock.sleep(15, new AbortController().signal)
  expect(systemClock.monotonicMs() - before).toBeGreaterThanOrEqual(15)
})

test('an abort ends the sleep with its own reason, and an aborted signal lets nobody fall asleep', async () => {
  const controller = new AbortController()
  const sleeping = systemClock.sleep(3_600_000, controller.signal)
  controller.abort(new Error('stop'))
  await expect(sleeping).rejects.toThrow('stop')
  await expect(systemClock.sleep(3_600_000, controller.signal)).rejects.toThrow('stop')
  await expect(systemClock.sleep(0, controller.signal)).rejects.toThrow('stop')
})
