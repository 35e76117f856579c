import { Fault } from '../../../src/fault.ts'
import type { Driver, Stage, Stored } from '../../../src/vault/driver.ts'

/** A storage in memory. `objects` may be looked at and tampered with. */
export class MemoryDriver implements Driver {
  readonly directory = undefined
  readonly objects: Map<string, Buffer>
  #time = Date.parse('2026-11-23T02:00:00.000Z')
  constructor(objects: ReadonlyMap<string, Buffer> = new Map()) {
    this.objects = new Map(objects)
  }
  async stage(): Promise<Stage> {
    const parts: Buffer[] = []
    return {
      write: async (pieces) => void parts.push(Buffer.concat(pieces)),
      publish: async (name) => this.putIfAbsent(name, Buffer.concat(parts)),
      discard: async () => undefined,
    }
  }
  async putIfAbsent(name: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
    if (this.objects.has(name)) return 'exists'
    this.objects.set(name, Buffer.from(bytes))
    return 'created'
  }
  async *get(name: string, range: { readonly offset: number; readonly length: number } | undefined): AsyncGenerator<Buffer> {
    const bytes = this.objects.get(name)
    if (bytes === undefined) throw new Fault({ code: 'gone', what: `The vault has no file ${name}` })
    yield Buffer.from(range === undefined ? bytes : bytes.subarray(range.offset, range.offset + range.length))
  }
  async head(name: string): Promise<{ readonly size: number } | undefined> {
    const bytes = this.objects.get(name)
    return bytes === undefined ? undefined : { size: bytes.length }
  }
  async *list(prefix: string): AsyncGenerator<Stored> {
    for (const [name, bytes] of this.objects) if (name.startsWith(prefix)) yield { name, size: bytes.length }
  }
  async delete(name: string): Promise<void> {
    this.objects.delete(name)
  }
  async now(): Promise<Date> {
    return new Date((this.#time += 1000))
  }
}
