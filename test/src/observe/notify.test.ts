import { createHmac } from 'node:crypto'
import { chmod, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../../src/config/secret.ts'
import { email, messageText } from '../../../src/observe/notify/email.ts'
import { healthchecks } from '../../../src/observe/notify/healthchecks.ts'
import type { Outcome } from '../../../src/observe/notify/notifier.ts'
import { tellFinished, tellStarted } from '../../../src/observe/notify/notifiers.ts'
import { webhook } from '../../../src/observe/notify/webhook.ts'
import { serve } from '../../testbed/kit/serve.ts'

const outcome = (exitCode: number): Outcome => ({ command: 'backup', subject: 'acme', exitCode, summary: { items: 3 } })
const secret = (text: string): Secret => new Secret(() => Promise.resolve(text))
const { signal } = new AbortController()

async function listener(status = 200) {
  const calls: { readonly path: string; readonly body: string; readonly signature: string | undefined }[] = []
  const app = new Hono()
  app.post('*', async (c) => {
    calls.push({ path: c.req.path, body: await c.req.text(), signature: c.req.header('x-fallreep-signature') })
    return c.body(null, status as 200)
  })
  const served = await serve(app)
  return { calls, url: served.url, [Symbol.asyncDispose]: () => served[Symbol.asyncDispose]() }
}

test('healthchecks is pinged before and, with the exit code and the summary, after', async () => {
  await using other = await listener()
  const notifier = healthchecks(secret(`${other.url}/ping/uuid/`), fetch)
  await notifier.started('backup', 'acme', signal)
  await notifier.finished(outcome(3), signal)
  expect(other.calls).toMatchObject([
    { path: '/ping/uuid/start', body: 'backup acme\n' },
    { path: '/ping/uuid/3', body: '{"items":3}' },
  ])
})

test('a webhook gets the summary, signed over exactly what was sent', async () => {
  await using other = await listener()
  await webhook(`${other.url}/hook`, secret('geheim'), fetch).finished(outcome(0), signal)
  const [call] = other.calls
  expect(JSON.parse(call?.body ?? '')).toEqual({ type: 'summary', command: 'backup', subject: 'acme', exitCode: 0, items: 3 })
  expect(call?.signature).toBe(
    `sha256=${createHmac('sha256', 'geheim')
      .update(call?.body ?? '')
      .digest('hex')}`,
  )
})

describe('a notifier that fails', () => {
  test('is told of without its address, and nothing is thrown', async () => {
    await using other = await listener(500)
    const told: string[] = []
    const notifiers = [healthchecks(secret(`${other.url}/ping/secret-uuid`), fetch), webhook('http://127.0.0.1:1/x', undefined, fetch)]
    await tellStarted(notifiers, 'backup', 'acme', (text) => told.push(text))
    await tellFinished(notifiers, outcome(0), (text) => told.push(text))
    expect(told.toSorted()).toEqual([
      'could not notify healthchecks: Error',
      'could not notify healthchecks: Error',
      'could not notify webhook: TypeError',
    ])
  })
})

describe('mail', () => {
  async function mailbox() {
    const directory = await mkdtemp(join(tmpdir(), 'fallreep-mail-'))
    const sendmail = join(directory, 'sendmail')
    const box = join(directory, 'box')
    await writeFile(sendmail, `#!/bin/sh\ncat >> ${box}\nprintf '%s\\n' "args: $*" >> ${box}\n`)
    await chmod(sendmail, 0o755)
    return { directory, sendmail, read: () => readFile(box, 'utf8').catch(() => '') }
  }

  test('is sent when a command begins to fail and when it works again, not in between', async () => {
    const { directory, sendmail, read } = await mailbox()
    const notifier = email({ to: ['it@example.org'], from: 'fallreep@example.org', sendmail }, directory)
    for (const code of [0, 0, 4, 1, 4, 0, 0]) await notifier.finished(outcome(code), signal)
    const subjects = [...(await read()).matchAll(/^Subject: (.*)$/gm)].map(([, subject]) => subject)
    expect(subjects).toEqual(['fallreep backup acme failed with exit code 4', 'fallreep backup acme works again'])
    expect(await read()).toContain('args: -t -i')
  })

  test('is tried again next time when it could not be sent', async () => {
    const { directory, sendmail, read } = await mailbox()
    const to = { to: ['it@example.org'], from: 'fallreep@example.org' }
    await expect(email({ ...to, sendmail: '/bin/false' }, directory).finished(outcome(1), signal)).rejects.toThrow('sendmail ended with 1')
    await email({ ...to, sendmail }, directory).finished(outcome(1), signal)
    expect(await read()).toContain('failed with exit code 1')
  })

  test('carries the summary as text', () => {
    expect(messageText(outcome(5), { to: ['a@x.org', 'b@x.org'], from: 'f@x.org' })).toBe(`From: f@x.org
To: a@x.org, b@x.org
Subject: fallreep backup acme failed with exit code 5
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit
Auto-Submitted: auto-generated

fallreep backup acme failed with exit code 5.

{
  "items": 3
}
`)
  })
})
