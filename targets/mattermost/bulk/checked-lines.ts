import { Fault } from '../../../src/fault.ts'
import type { Features } from '../features.ts'
import type { ImportLine } from './lines.ts'
import { MAX_LINE_BYTES, assertAccepted } from './validate.ts'

/** Makes lines text, each one checked against what the lines before it made known. */
export class CheckedLines {
  readonly teams: Set<string>
  readonly channels: Set<string>
  readonly users: Set<string>
  readonly #features: Features
  /** Lines so far. */
  count = 0
  /** The names that are known before the first line. */
  constructor(team: string, channels: Iterable<string>, users: Iterable<string>, features: Features) {
    this.teams = new Set([team])
    this.channels = new Set(channels)
    this.users = new Set(users)
    this.#features = features
  }
  /** @throws Fault `rejected` if the server would refuse it */
  text(line: ImportLine): string {
    assertAccepted(line, this, this.#features)
    this.count++
    const text = JSON.stringify(line)
    if (text.length > MAX_LINE_BYTES / 4 && Buffer.byteLength(text) > MAX_LINE_BYTES)
      throw new Fault({
        code: 'rejected',
        what: `A ${line.type} line is longer than the server reads`,
        remedy: 'Nothing was uploaded. Please report this with the output of `fallreep plan`',
      })
    return text
  }
}
