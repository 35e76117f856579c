/**
 * Gives the bytes of a buffer back at once. The garbage collector sees no more of them than a handle, and would let tens of megabytes gather.
 * What shares its buffer with others is left alone.
 */
export function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !buffer.detached) buffer.transfer(0)
}
