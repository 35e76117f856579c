import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const SENDER = fileURLToPath(new URL('./fixtures/sender.ts', import.meta.url))
const PER_MS = 400

function quotaFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fallreep-shared-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'quota.db')
}
const sender = (file: string, count: number, requests: number) =>
  spawn(process.execPath, [SENDER, file, String(count), String(requests), String(PER_MS)], { stdio: ['ignore', 'pipe', 'inherit'] })
const timesOf = async (process: ReturnType<typeof sender>): Promise<number[]> => (await text(process.stdout)).trim().split('\n').map(Number)

test('two processes together keep one budget', async () => {
  const file = quotaFile()
  const times = (await Promise.all([timesOf(sender(file, 15, 6)), timesOf(sender(file, 15, 6))])).flat().toSorted((a, b) => a - b)
  expect(times).toHaveLength(30)
  const fullWindows = times.filter((time, at) => (times[at + 6] ?? Infinity) - time <= PER_MS)
  expect(fullWindows).toEqual([])
})

test('connections held by a process that was killed are free for the next one', async () => {
  const file = quotaFile()
  const held = sender(file, 0, 100)
  await once(held.stdout, 'data')
  held.kill('SIGKILL')
  await once(held, 'exit')
  expect(await timesOf(sender(file, 4, 100))).toHaveLength(4)
})
