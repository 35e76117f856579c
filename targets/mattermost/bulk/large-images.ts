import type { Loss } from '../../../src/contract/fidelity.ts'
import type { BlobRef } from '../../../src/contract/item.ts'
import type { BlobReader } from '../../../src/contract/target.ts'
import type { PostFile, PostOperation } from '../map/operations.ts'

/** Pixels of the greatest image the server looks at (5.36.1 `app/file.go`, 6048 × 4032). */
const MAX_PIXELS = 6048 * 4032
/** An image of so many pixels is not smaller than this, however plain it is. */
const LEAST_BYTES = 10_000
const IMAGE = /\.(?:png|jpe?g|gif|bmp|tiff?|webp)$/i

/**
 * Images above the server's limit would silently take up to a thousand neighbouring posts with them (seen on 5.36.1: the batch is lost and the
 * import says success). They travel under a name that does not look like an image; the bytes stay what they were.
 */
export class LargeImages {
  readonly #blobs: BlobReader
  readonly #known = new Map<string, boolean>()
  readonly #losses = new Map<string, Loss>()
  constructor(blobs: BlobReader) {
    this.#blobs = blobs
  }
  async safe(op: PostOperation, signal: AbortSignal): Promise<PostOperation> {
    let renamed = 0
    const files: PostFile[] = []
    for (const file of op.files) {
      const large = IMAGE.test(file.name) && file.blob.bytes >= LEAST_BYTES && (await this.#isLarge(file.blob, signal))
      if (large) renamed++
      files.push(large ? { ...file, name: `${file.name}.bin` } : file)
    }
    if (renamed === 0) return op
    this.#losses.set(op.key, {
      item: op.item,
      stage: 'apply',
      code: 'name-changed',
      effect: { type: 'degraded', field: 'files' },
      detail: `${renamed} images of more than ${MAX_PIXELS} pixels got the ending .bin, because the server loses posts with such images`,
    })
    return { ...op, files, revision: op.revision, summary: op.summary }
  }
  losses({ key }: PostOperation): readonly Loss[] {
    const loss = this.#losses.get(key)
    return loss === undefined ? [] : [loss]
  }
  async #isLarge(blob: BlobRef, signal: AbortSignal): Promise<boolean> {
    const known = this.#known.get(blob.sha256)
    if (known !== undefined) return known
    const stream = await this.#blobs.open(blob, signal)
    const reader = stream.getReader()
    let head = new Uint8Array()
    while (head.length < 256 * 1024) {
      const { value, done } = await reader.read()
      if (done) break
      head = Buffer.concat([head, value])
    }
    await reader.cancel().catch(() => undefined)
    const size = imageSize(Buffer.from(head))
    // Nobody can say how large it is: the server would not decode it either.
    const large = size !== undefined && size.width * size.height > MAX_PIXELS
    this.#known.set(blob.sha256, large)
    return large
  }
}

/** Width and height from the first bytes of a PNG, GIF, JPEG, BMP or WebP file; undefined for anything else. */
export function imageSize(head: Buffer): { readonly width: number; readonly height: number } | undefined {
  if (head.length < 30) return undefined
  if (head.readUInt32BE(0) === 0x89504e47) return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) }
  const tag = head.toString('latin1', 0, 4)
  if (tag === 'GIF8') return { width: head.readUInt16LE(6), height: head.readUInt16LE(8) }
  if (tag.startsWith('BM')) return { width: Math.abs(head.readInt32LE(18)), height: Math.abs(head.readInt32LE(22)) }
  if (tag === 'RIFF' && head.toString('latin1', 12, 16) === 'VP8X')
    return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 }
  if (head.readUInt16BE(0) !== 0xffd8) return undefined
  for (let at = 2; at + 9 < head.length;) {
    if (head[at] !== 0xff) return undefined
    const marker = head[at + 1] ?? 0
    // Start of frame: the one kind of segment that knows the size; C4, C8 and CC are tables.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { height: head.readUInt16BE(at + 5), width: head.readUInt16BE(at + 7) }
    at += 2 + head.readUInt16BE(at + 2)
  }
  return undefined
}
