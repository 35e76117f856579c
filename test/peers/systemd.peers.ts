import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const units = fileURLToPath(new URL('../../config/systemd', import.meta.url))

test('systemd finds nothing wrong with the units', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fallreep-units-'))
  await cp(units, directory, { recursive: true })
  const service = join(directory, 'fallreep-backup@.service')
  // The verifier insists that the program is there.
  await writeFile(service, (await readFile(service, 'utf8')).replace('/usr/local/bin/fallreep', '/bin/true'))
  const instances = ['fallreep-backup@acme.service', 'fallreep-backup@acme.timer', 'fallreep-alert@acme.service'].map((name) =>
    join(directory, name),
  )
  const { stdout, stderr } = await promisify(execFile)('systemd-analyze', ['verify', '--man=no', ...instances])
  expect(stdout + stderr).toBe('')
})
