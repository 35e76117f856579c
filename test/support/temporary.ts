import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Everything that tests put into the temporary directory goes with them, also what a failed one left behind. */
export default function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'fallreep-tests-'))
  process.env['TMPDIR'] = directory
  return () => rmSync(directory, { recursive: true, force: true })
}
