import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startProgress } from '../../../src/observe/progress.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function progressOn(options: { readonly live: boolean; readonly framesPerSecond?: number; readonly columns?: number }) {
  let written = ''
  const progress = startProgress({
    write: (text) => (written += text),
    live: options.live,
    columns: () => options.columns ?? 80,
    now: () => Date.now(),
    framesPerSecond: options.framesPerSecond ?? 10,
  })
  return {
    progress,
    taken: () => {
      const text = written
      written = ''
      return text
    },
  }
}
const status = (done: number, total: number | undefined = 412) =>
  ({ type: 'status', stage: 'read', what: 'collections', done, total }) as const

test('a terminal gets one line, ten times a second, and a clean end', () => {
  const { progress, taken } = progressOn({ live: true })
  progress.update(status(41))
  vi.advanceTimersByTime(1_000)
  expect(taken()).toBe(
    `0s  read  collections  41 of 412${'\r\u001b[2K0s  read  collections  41 of 412'.repeat(8)}\r\u001b[2K1s  read  collections  41 of 412`,
  )
  progress[Symbol.dispose]()
  expect(taken()).toBe('\r\u001b[2K')
  vi.advanceTimersByTime(5_000)
  expect(taken()).toBe('')
})

test('a line is never longer than the terminal', () => {
  const { progress, taken } = progressOn({ live: true, columns: 25 })
  progress.update(status(41))
  vi.advanceTimersByTime(100)
  expect(taken()).toHaveLength(24)
})

test('elsewhere there is a line a minute, and none before there is something to say', () => {
  const { progress, taken } = progressOn({ live: false })
  vi.advanceTimersByTime(180_000)
  expect(taken()).toBe('')
  progress.update(status(41))
  vi.advanceTimersByTime(120_000)
  expect(taken().split('\n')).toEqual([expect.stringMatching(/^4m 00s {2}read/), expect.stringMatching(/^5m 00s {2}read/), ''])
})

test('a note stands above the line', () => {
  const { progress, taken } = progressOn({ live: true })
  progress.update(status(1))
  vi.advanceTimersByTime(100)
  taken()
  progress.note('failed: channel/C1')
  expect(taken()).toBe('\r\u001b[2Kfailed: channel/C1\n')
})

test('time left is told only when a tenth of a minute and a twentieth of the way have been measured', () => {
  const { progress } = progressOn({ live: false })
  progress.update(status(0, 100))
  vi.advanceTimersByTime(9_000)
  progress.update(status(50, 100))
  expect(progress.line()).not.toContain('left')
  vi.advanceTimersByTime(11_000)
  expect(progress.line()).toBe('20s  read  collections  50 of 100  about 20s left')
  progress.update(status(0, 1_000))
  vi.advanceTimersByTime(60_000)
  progress.update(status(20, 1_000))
  expect(progress.line()).not.toContain('left')
})
