import { z } from 'zod'
import { Fault } from '../../fault.ts'

const Blobs = z.looseObject({
  blobs: z.array(z.union([z.null(), z.looseObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) })])).optional(),
})

/** Finds the blobs that the lines of a record entry name. Holds one line at a time; `push` may get its bytes in any pieces. */
export class RecordLines {
  readonly #named: (blob: string) => void
  #held: Buffer[] = []
  constructor(named: (blob: string) => void) {
    this.#named = named
  }
  /** @throws Fault `corrupt` for a line that is no record */
  push(bytes: Buffer): void {
    let from = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      const line = bytes.subarray(from, end)
      this.#line(this.#held.length === 0 ? line : Buffer.concat([...this.#held.splice(0), line]))
      from = end + 1
    }
    // Copied: the bytes are only lent.
    if (from < bytes.length) this.#held.push(Buffer.from(bytes.subarray(from)))
  }
  /** @throws Fault `corrupt` when the last line has no end */
  end(): void {
    if (this.#held.length > 0) throw new Fault({ code: 'corrupt', what: 'An entry of records ends within a line' })
  }
  #line(line: Buffer): void {
    // Most lines name none and need not be parsed.
    if (!line.includes('"sha256":"')) return
    const { data } = Blobs.safeParse(parsed(line.toString('utf8')))
    if (data === undefined) throw new Fault({ code: 'corrupt', what: 'A line of records names its blobs in no known way' })
    for (const blob of data.blobs ?? []) if (blob !== null) this.#named(blob.sha256)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Fault({ code: 'corrupt', what: 'A line of records is no JSON', cause })
  }
}
