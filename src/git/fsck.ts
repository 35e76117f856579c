import { git } from '../process/git.ts'
import { records } from '../process/records.ts'

export interface FsckFinding {
  /** `missing`: an object is not there. `broken`: another points to it, or its bytes are damaged. `error`, `warning`: git does not like its form. */
  readonly severity: 'missing' | 'broken' | 'error' | 'warning'
  readonly oid: string
  /** git's name for it (`zeroPaddedFilemode`), or its own words. Free of content. */
  readonly id: string
}

/** git adds up what it found in its exit code. */
const EXITS = Array.from({ length: 64 }, (_, code) => code)
const FORM = /^(error|warning) in \w+ ([0-9a-f]{40}): (\w+)/
const MISSING = /^missing (\w+) ([0-9a-f]{40})/
const LINK = /^(?:broken link from|\s+to)\s+(\w+) ([0-9a-f]{40})/
const DAMAGED = /^error: .*\b([0-9a-f]{40})\b/

/**
 * What `git fsck` finds in a whole repository: every object read, every link followed. Of findings about the form of objects git's first
 * 64 KiB are told; of missing ones all.
 * @throws Fault if git itself fails
 */
export async function* fsck(directory: string, signal: AbortSignal): AsyncGenerator<FsckFinding> {
  const args = ['fsck', '--full', '--no-dangling', '--no-reflogs', '--no-progress']
  let stderr = ''
  const output = git(args, { what: 'The repository could not be checked', directory, exits: EXITS }, signal)
  async function* listing(): AsyncGenerator<Buffer> {
    stderr = (yield* output).stderr
  }
  for await (const line of records(listing())) {
    const text = line.toString('latin1')
    const [, missing, oid] = MISSING.exec(text) ?? []
    const [, linked, end] = LINK.exec(text) ?? []
    if (oid !== undefined) yield { severity: 'missing', oid, id: missing ?? '' }
    else if (end !== undefined) yield { severity: 'broken', oid: end, id: linked ?? '' }
  }
  for (const line of stderr.split('\n')) {
    const [, severity, oid, id] = FORM.exec(line) ?? []
    const [, damaged] = DAMAGED.exec(line) ?? []
    if (oid !== undefined && id !== undefined) yield { severity: severity === 'error' ? 'error' : 'warning', oid, id }
    else if (damaged !== undefined) yield { severity: 'broken', oid: damaged, id: 'damaged' }
  }
}
