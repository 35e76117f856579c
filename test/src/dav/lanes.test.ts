import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Lanes } from '../../../src/dav/target/lanes.ts'

/** A server with so many workers, each of which takes so long for a request, under a clock that we turn. */
class Server {
  now = 0
  most = 0
  #open = 0
  readonly #workers: number
  readonly #ms: (open: number) => number
  #free: number[]
  readonly #ends: { readonly at: number; readonly done: () => void }[] = []
  constructor(workers: number, ms: (open: number) => number) {
    this.#workers = workers
    this.#ms = ms
    this.#free = Array.from({ length: workers }, () => 0)
  }
  readonly clock = { monotonicMs: (): number => this.now }
  readonly request = async (): Promise<void> => {
    this.#open += 1
    this.most = Math.max(this.most, this.#open)
    const worker = this.#free.indexOf(Math.min(...this.#free))
    const at = Math.max(this.now, this.#free[worker] ?? 0) + this.#ms(this.#open)
    this.#free[worker] = at
    await new Promise<void>((done) => void this.#ends.push({ at, done }))
    this.#open -= 1
  }
  async answer(until: Promise<unknown>): Promise<void> {
    let ended = false
    void until.finally(() => (ended = true)).catch(() => undefined)
    for (;;) {
      await setImmediate()
      if (ended) return
      this.#ends.sort((a, b) => a.at - b.at)
      const next = this.#ends.shift()
      if (next === undefined) throw new Error(`nobody waits, with ${this.#workers} workers`)
      this.now = next.at
      next.done()
    }
  }
}
async function after(requests: number, server: Server, lanes: Lanes): Promise<number> {
  const all = lanes.map(
    Array.from({ length: requests }, (_, n) => n),
    () => server.request(),
  )
  await server.answer(all)
  expect(await all).toHaveLength(requests)
  return lanes.limit
}

describe('Lanes', () => {
  test('are two where a server does one thing after the other, and where more only slow it down', async () => {
    const serial = new Server(1, () => 10)
    expect(await after(1000, serial, new Lanes(8, serial.clock))).toBe(2)
    // One further lane was tried.
    expect(serial.most).toBe(3)
    const crowded = new Server(1, (open) => 10 + open)
    expect(await after(1000, crowded, new Lanes(16, crowded.clock))).toBe(2)
  })
  test('are as many as a server has workers, and never more than allowed', async () => {
    const wide = new Server(6, () => 10)
    expect(await after(2000, wide, new Lanes(16, wide.clock))).toBe(6)
    const narrow = new Server(6, () => 10)
    expect(await after(2000, narrow, new Lanes(4, narrow.clock))).toBe(4)
    expect(narrow.most).toBe(4)
    const one = new Server(6, () => 10)
    expect(await after(200, one, new Lanes(1, one.clock))).toBe(1)
    expect(one.most).toBe(1)
  })
  test('grow no more once the server stumbled', async () => {
    const wide = new Server(6, () => 10)
    const lanes = new Lanes(16, wide.clock)
    await after(2000, wide, lanes)
    lanes.narrow()
    expect(lanes.limit).toBe(3)
    expect(await after(2000, wide, lanes)).toBe(3)
    for (let times = 0; times < 4; times++) lanes.narrow()
    expect(await after(100, wide, lanes)).toBe(1)
  })
  test('give results in the order of the inputs, and the first error when all has come to its end', async () => {
    const server = new Server(3, () => 10)
    const lanes = new Lanes(4, server.clock)
    const doubled = lanes.map([1, 2, 3, 4, 5], async (n) => (await server.request(), n * 2))
    await server.answer(doubled)
    expect(await doubled).toEqual([2, 4, 6, 8, 10])
    let ended = 0
    const failing = lanes.map([1, 2, 3, 4, 5], async (n) => {
      await server.request()
      ended += 1
      if (n === 1) throw new Error('no')
    })
    await server.answer(failing)
    await expect(failing).rejects.toThrow('no')
    expect(ended).toBe(2)
  })
})
