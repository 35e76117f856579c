import { createHash } from 'node:crypto'
import { Sealer } from './age.ts'
import { compressFrame } from './zstd.ts'

/** What one frame became. `compressed`: its length in the compressed stream; `parts`: what the object grows by, often less or more than that. */
export interface SealedFrame {
  readonly compressed: number
  readonly parts: readonly Uint8Array[]
}
export interface SealedEnd {
  readonly sha256: string
  readonly parts: readonly Uint8Array[]
}

/** One object in the making: content in frames goes in, the bytes of an age file come out, hashed. Synchronous; runs on any thread. */
export class Sealing {
  readonly #sealer: Sealer
  readonly #hash = createHash('sha256')
  #begun = false
  /** @throws Fault `config` for a malformed recipient */
  constructor(recipients: readonly string[]) {
    this.#sealer = new Sealer(recipients)
  }
  /** @throws Fault `corrupt` when the compressor made a frame that does not decompress to its content */
  frame(raw: Uint8Array): SealedFrame {
    const frame = compressFrame(raw)
    return { compressed: frame.length, parts: this.#hashed(this.#sealer.update(frame)) }
  }
  end(): SealedEnd {
    const parts = this.#hashed(this.#sealer.final())
    return { sha256: this.#hash.digest('hex'), parts }
  }
  #hashed(parts: readonly Buffer[]): readonly Buffer[] {
    const all = this.#begun ? parts : [this.#sealer.header, ...parts]
    this.#begun = true
    for (const part of all) this.#hash.update(part)
    return all
  }
}
