import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

interface Answer {
  readonly id?: number
  readonly method?: string
  readonly sessionId?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly message: string }
}
/** A page in Debian's headless Chromium, driven over its debugging pipe; nothing listens on a port. */
export interface Page extends AsyncDisposable {
  send(method: string, params?: object): Promise<Readonly<Record<string, unknown>>>
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>
  /** Opens an address and waits until everything is loaded. */
  goto(url: string): Promise<void>
  /** Addresses the page asked for. */
  readonly requests: readonly string[]
  /** Errors, warnings and whatever else the console shows. */
  readonly console: readonly string[]
}

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--hide-scrollbars',
  '--remote-debugging-pipe',
]

export async function openPage(): Promise<Page> {
  const profile = await mkdtemp(join(tmpdir(), 'fallreep-chromium-'))
  const child = spawn('chromium', [...flags, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  const [commands, answers] = [child.stdio[3] as Writable, child.stdio[4] as Readable]
  const waiting = new Map<
    number,
    { readonly resolve: (result: Readonly<Record<string, unknown>>) => void; readonly reject: (error: Error) => void }
  >()
  const requests: string[] = []
  const console: string[] = []
  let loaded = Promise.withResolvers<void>()
  let serial = 0
  let sessionId: string | undefined

  const hear = ({ id, method, params, result, error }: Answer): void => {
    if (id !== undefined) {
      const waiter = waiting.get(id)
      if (error === undefined) waiter?.resolve(result ?? {})
      else waiter?.reject(new Error(error.message))
      waiting.delete(id)
    }
    if (method === 'Network.requestWillBeSent') requests.push((params?.['request'] as { url: string } | undefined)?.url ?? '')
    if (method === 'Log.entryAdded') console.push((params?.['entry'] as { text: string } | undefined)?.text ?? '')
    if (method === 'Runtime.consoleAPICalled' || method === 'Runtime.exceptionThrown') console.push(JSON.stringify(params))
    if (method === 'Page.loadEventFired') loaded.resolve()
  }
  let rest = ''
  answers.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\0')
    rest = parts.pop() ?? ''
    for (const part of parts) hear(JSON.parse(part) as Answer)
  })
  const send: Page['send'] = (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = ++serial
      waiting.set(id, { resolve, reject })
      commands.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`)
    })

  const { targetInfos } = (await send('Target.getTargets')) as { targetInfos: readonly { targetId: string; type: string }[] }
  const { targetId } =
    targetInfos.find(({ type }) => type === 'page') ?? ((await send('Target.createTarget', { url: 'about:blank' })) as { targetId: string })
  sessionId = String((await send('Target.attachToTarget', { targetId, flatten: true }))['sessionId'])
  for (const domain of ['Page', 'Network', 'Log', 'Runtime']) await send(`${domain}.enable`)
  return {
    send,
    requests,
    console,
    evaluate: async (expression) =>
      ((await send('Runtime.evaluate', { expression, returnByValue: true }))['result'] as { value: unknown }).value,
    goto: async (url) => {
      loaded = Promise.withResolvers()
      await send('Page.navigate', { url })
      await loaded.promise
    },
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await ended
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
