import type { Driver, Stage, Stored } from '../../../src/vault/driver.ts'

/** What a storage may be asked to do that can go wrong. */
export type Call = 'stage' | 'write' | 'publish' | 'put' | 'get' | 'head' | 'list' | 'delete'
/**
 * What happens instead of one call: nothing and an error, the effect and then an error, or half the bytes and an error.
 * `dead`: from then on every call fails, as when the process was killed.
 */
export interface Mishap {
  readonly effect: 'none' | 'whole' | 'half'
  readonly error: Error
  readonly dead?: boolean
}

/** A storage that misbehaves as told. `calls` counts what was asked of it, in order. */
export class FaultyDriver implements Driver {
  readonly directory = undefined
  readonly calls: { readonly call: Call; readonly name: string }[] = []
  readonly #inner: Driver
  readonly #mishap: (call: Call, name: string, at: number) => Mishap | undefined
  #dead: Error | undefined
  constructor(inner: Driver, mishap: (call: Call, name: string, at: number) => Mishap | undefined) {
    this.#inner = inner
    this.#mishap = mishap
  }
  async stage(session: string): Promise<Stage> {
    const stage = await this.#do('stage', session, () => this.#inner.stage(session))
    return {
      write: (parts) =>
        this.#do(
          'write',
          session,
          () => stage.write(parts),
          () => stage.write(parts.map((part) => part.subarray(0, part.length >>> 1))),
        ),
      publish: (name) => this.#do('publish', name, () => stage.publish(name)),
      discard: () => (this.#dead === undefined ? stage.discard() : Promise.resolve()),
    }
  }
  putIfAbsent(name: string, bytes: Uint8Array, session: string): Promise<'created' | 'exists'> {
    return this.#do('put', name, () => this.#inner.putIfAbsent(name, bytes, session))
  }
  async *get(
    name: string,
    range: { readonly offset: number; readonly length: number } | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Buffer> {
    const parts = await this.#do('get', name, () => Array.fromAsync(this.#inner.get(name, range, signal)))
    yield* parts
  }
  head(name: string): Promise<{ readonly size: number } | undefined> {
    return this.#do('head', name, () => this.#inner.head(name))
  }
  async *list(prefix: string, signal: AbortSignal): AsyncGenerator<Stored> {
    yield* await this.#do('list', prefix, () => Array.fromAsync(this.#inner.list(prefix, signal)))
  }
  delete(name: string): Promise<void> {
    return this.#do('delete', name, () => this.#inner.delete(name))
  }
  now(): Promise<Date> {
    return this.#inner.now()
  }
  async #do<T>(call: Call, name: string, whole: () => Promise<T>, half?: () => Promise<T>): Promise<T> {
    if (this.#dead !== undefined) throw this.#dead
    const mishap = this.#mishap(call, name, this.calls.length)
    this.calls.push({ call, name })
    if (mishap === undefined) return whole()
    if (mishap.effect === 'whole') await whole()
    if (mishap.effect === 'half') await half?.()
    if (mishap.dead === true) this.#dead = mishap.error
    throw mishap.error
  }
}

/** The process dies at the n-th call, before or after it took effect. */
export const dyingAt = (n: number, effect: Mishap['effect']) => (_: Call, __: string, at: number) =>
  at === n ? { effect, error: new Error('killed'), dead: true } : undefined
