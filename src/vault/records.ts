import type { Batch } from './batch.ts'
import { areaOf } from './names.ts'
import { sha256Of } from './pack.ts'

/** An entry closes at so many bytes, or when all open ones together reach the second number. */
const ENTRY_GOAL = 1 << 20
const TOTAL_GOAL = 16 << 20

/** Where lines go: those of one kind and month of one collection stand together. `month` undefined: only tombstones so far, the month is not known here. */
export interface Place {
  readonly c: string
  readonly folder: string
  readonly kind: string
  readonly part: string
  readonly month: string | null | undefined
}
interface OpenEntry {
  readonly serial: number
  place: Place
  readonly lines: string[]
  bytes: number
  again: boolean
}

/** Gathers lines of NDJSON into entries. Calls must not overlap. */
export class Recorder {
  readonly #batch: Batch
  /** Makes the names of this session's entries unlike all others. */
  readonly #tag: string
  readonly #open = new Map<string, OpenEntry>()
  #total = 0
  #serial = 0
  constructor(batch: Batch, tag: string) {
    this.#batch = batch
    this.#tag = tag
  }
  /** Returns the number of the entry the line will stand in. */
  add(place: Place, line: object, again: boolean): number {
    const key = `${place.c}${place.part}`
    let entry = this.#open.get(key)
    if (entry === undefined) this.#open.set(key, (entry = { serial: this.#serial++, place, lines: [], bytes: 0, again: false }))
    else if (entry.place.month === undefined) entry.place = place
    const text = JSON.stringify(line)
    entry.lines.push(text)
    entry.bytes += text.length + 1
    entry.again ||= again
    this.#total += text.length + 1
    return entry.serial
  }
  /** Writes what has grown large. */
  async settle(): Promise<void> {
    for (const [key, entry] of this.#open) if (entry.bytes >= ENTRY_GOAL) await this.#close(key, entry)
    while (this.#total >= TOTAL_GOAL) {
      const [key, entry] = [...this.#open].reduce((a, b) => (b[1].bytes > a[1].bytes ? b : a))
      await this.#close(key, entry)
    }
  }
  /** True when `settle` has something to do. */
  isDue(place: Place): boolean {
    return this.#total >= TOTAL_GOAL || (this.#open.get(`${place.c}${place.part}`)?.bytes ?? 0) >= ENTRY_GOAL
  }
  async flush(): Promise<void> {
    for (const [key, entry] of this.#open) await this.#close(key, entry)
  }
  async #close(key: string, entry: OpenEntry): Promise<void> {
    this.#open.delete(key)
    this.#total -= entry.bytes
    const { c, folder, kind, part, month } = entry.place
    const bytes = Buffer.from(`${entry.lines.join('\n')}\n`)
    const sha256 = sha256Of(bytes)
    const stem = month === undefined ? `gone-${part.slice(0, 6)}` : (month ?? kind)
    const path = `${areaOf(kind)}/${folder}/${stem}.${this.#tag}-${String(entry.serial).padStart(4, '0')}.ndjson`
    const line = {
      op: 'put',
      path,
      kind,
      part,
      month,
      items: entry.lines.length,
      ...(entry.again ? { again: true } : {}),
      size: bytes.length,
      sha256,
    } as const
    await this.#batch.entry(c, line, bytes)
    await this.#batch.ref({ o: 'entry', e: entry.serial, h: sha256 })
  }
}
