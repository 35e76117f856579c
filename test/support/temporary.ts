import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Everything that tests put into the temporary directory goes with them, also what a failed one left behind.
 * Every process of the run compiles what it loads once for all: most of what a start of fallreep costs is that.
 */
export default function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'fallreep-tests-'))
  process.env['TMPDIR'] = directory
  process.env['NODE_COMPILE_CACHE'] = join(directory, 'compiled')
  return () => rmSync(directory, { recursive: true, force: true })
}
