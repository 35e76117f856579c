import type { BlobRef } from '../contract/item.ts'
import type { BlobInit } from '../contract/vault.ts'
import { SMALL_BLOB } from './batch.ts'
import { packLarge, Spool } from './blobs.ts'
import { areaOf, taggedName } from './names.ts'
import { sha256Of } from './pack.ts'
import type { Begun, Run } from './run.ts'

/** Bytes of a run: each content once in a compartment, under every key that the vendor has for it. */
export class BlobWriter {
  readonly #run: Run
  #spools = 0
  constructor(run: Run) {
    this.#run = run
  }
  /** The bytes that an earlier run stored under this vendor key. */
  known(key: string): BlobRef | undefined {
    return this.#run.init.catalog.named(this.#run.init.hashes.blobKey(key))
  }
  /** Bytes in hand. Calls must not overlap. */
  async small(to: Begun, bytes: Uint8Array, init: BlobInit): Promise<BlobRef> {
    const { catalog } = this.#run.init
    const sha256 = sha256Of(bytes)
    if (catalog.blobBytes(sha256) === undefined) {
      this.#run.batch.collection(to.header, 'delta')
      const path = pathOf(to, init, sha256.slice(0, 10))
      await this.#run.batch.entry(to.c, { op: 'put', path, kind: 'blob', mediaType: init.mediaType, size: bytes.length, sha256 }, bytes)
      catalog.putBlob(sha256, bytes.length)
    }
    return this.#name(init, sha256, bytes.length)
  }
  /**
   * Bytes on their way, into packs of their own beside the open one; may run while others write. What is returned must be called when
   * nobody else writes: it adds them to the run.
   */
  async large(to: Begun, source: AsyncIterable<Uint8Array>, init: BlobInit): Promise<() => Promise<BlobRef>> {
    const { hashes, session, spoolDir, partSize } = this.#run.init
    const path = pathOf(to, init, hashes.blobKey(init.key).slice(0, 10))
    await using spool =
      init.bytes === undefined || init.bytes <= SMALL_BLOB
        ? await Spool.fill(`${spoolDir}/${session}-${this.#spools++}`, source)
        : undefined
    const large = await packLarge(this.#run.batch, spool?.read() ?? source, {
      size: spool?.size ?? init.bytes ?? 0,
      partSize,
      path,
      mediaType: init.mediaType,
    })
    return async () => {
      const { catalog } = this.#run.init
      if (catalog.blobBytes(large.sha256) === undefined) {
        this.#run.batch.collection(to.header, 'delta')
        // Parts follow each other: whoever verifies relies on it.
        for (const [at, { pack, line }] of large.packs.entries())
          await this.#run.batch.adopt(pack, to.c, [line], at === large.packs.length - 1 ? large.parts : undefined)
        for (const { line } of large.packs) catalog.putBlob(line.sha256, line.size)
        catalog.putBlob(large.sha256, large.bytes)
      }
      return this.#name(init, large.sha256, large.bytes)
    }
  }

  async #name(init: BlobInit, sha256: string, bytes: number): Promise<BlobRef> {
    const { catalog, hashes } = this.#run.init
    const ref: BlobRef = { sha256, bytes, mediaType: init.mediaType }
    const key = hashes.blobKey(init.key)
    const known = catalog.named(key)
    if (known?.sha256 !== sha256 || known.mediaType !== init.mediaType) {
      catalog.putNamed(key, ref)
      await this.#run.batch.ref({ o: 'blob', b: key, h: sha256, n: bytes, t: init.mediaType })
    }
    return ref
  }
}

/** A mail stands beside what is said of it, the way people look for it; everything else among the files of its collection. */
const pathOf = (to: Begun, { name, kind }: BlobInit, tag: string): string =>
  `${kind === 'mail' ? areaOf(kind) : 'files'}/${to.folder}/${taggedName(name, tag)}`
