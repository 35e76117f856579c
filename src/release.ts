/**
 * Gives the bytes of a buffer back at once. The garbage collector sees no more of them than a handle, and would let tens of megabytes gather.
 * What shares its buffer with others is left alone.
 */
export function release(bytes: Uint8Array): void {
  if (bytes.buffer.byteLength === bytes.byteLength) releaseBuffer(bytes)
}

/** The same for a piece of a buffer, of which nobody uses any other piece. */
export function releaseBuffer({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0)
}
