import type { Socket } from 'node:net'

/** Bytes collected before the socket is given them in one go. */
const GATHERED = 256 << 10

/** What is on its way out: gathered into few writes, and never more of it in memory than the socket takes. */
export class Outgoing {
  #chunks: Uint8Array[] = []
  #bytes = 0
  /** Words behind the last chunk: they come in many small pieces, and become one. */
  #text = ''

  add(bytes: Uint8Array | string): void {
    this.#bytes += bytes.length
    if (typeof bytes === 'string') this.#text += bytes
    else {
      this.#endText()
      this.#chunks.push(bytes)
    }
  }
  #endText(): void {
    if (this.#text !== '') this.#chunks.push(Buffer.from(this.#text))
    this.#text = ''
  }
  get full(): boolean {
    return this.#bytes >= GATHERED
  }
  /** Resolves when the socket takes more, or is closed. */
  async flush(socket: Socket): Promise<void> {
    this.#endText()
    const chunks = this.#chunks
    this.#chunks = []
    this.#bytes = 0
    socket.cork()
    for (const chunk of chunks) socket.write(chunk)
    socket.uncork()
    if (!socket.writableNeedDrain) return
    await new Promise<void>((resolve) => {
      const go = (): void => {
        socket.off('drain', go).off('close', go)
        resolve()
      }
      socket.on('drain', go).on('close', go)
    })
  }
}
