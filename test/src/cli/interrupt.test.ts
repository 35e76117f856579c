import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { company, type Company } from '../../testbed/company.ts'

let acme: Company
beforeAll(async () => {
  acme = await company()
})
afterAll(() => acme[Symbol.asyncDispose]())

/** Starts a backup that hangs in its first history, and gives it these signals once it hangs there. */
async function backupStopped(
  ...signals: readonly NodeJS.Signals[]
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  acme.slack.faults.next('conversations.history', { type: 'delay', ms: 20_000 })
  const before = acme.slack.calls.count('conversations.history')
  const main = fileURLToPath(new URL('../../../src/main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, '--config', acme.config, '--json', 'backup', 'slack'], {
    cwd: acme.dir,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  await expect.poll(() => acme.slack.calls.count('conversations.history'), { timeout: 15_000 }).toBeGreaterThan(before)
  for (const signal of signals) {
    const told = err.length
    child.kill(signal)
    await expect.poll(() => err.length > told || child.exitCode !== null, { timeout: 5_000 }).toBe(true)
  }
  const [code] = (await closed) as [number | null]
  return { code, out, err }
}

test('SIGUSR1 tells where it stands, SIGTERM saves the checkpoint and ends with 143, and the same command goes on', async () => {
  const { code, out, err } = await backupStopped('SIGUSR1', 'SIGTERM')
  expect(err).toMatch(/^\d+s {2}read/m)
  expect(code).toBe(143)
  const last = JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>
  expect(last).toMatchObject({ type: 'exit-error', code: 'cancelled', exitCode: 143, what: 'Stopped by SIGTERM, checkpoint saved' })
  expect(last['state']).toContain('rerun `fallreep backup slack` to continue')
  const again = await acme.run(['--json', 'backup', 'slack'])
  expect([again.code, again.stderr]).toEqual([0, ''])
})

test('Ctrl-C ends with 130', async () => {
  expect((await backupStopped('SIGINT')).code).toBe(130)
})
