import { mkdtempDisposable, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HOSTILE, writeHostileExport, type Hostile } from './export/hostile.ts'
import { readZip, zipNames } from './read-zip.ts'

async function written<T>(what: Hostile, use: (path: string) => Promise<T>, options = {}): Promise<T> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'slack-hostile-'))
  const path = join(folder.path, 'export.zip')
  await writeHostileExport(path, what, options)
  return await use(path)
}
const raw = (what: Hostile) => written(what, (path) => readFile(path, 'latin1'))

const UNREADABLE: readonly Hostile[] = ['zip-slip', 'absolute-names', 'backslashes', 'bomb-that-lies', 'torn', 'no-zip', 'empty-file']

test.each(HOSTILE.filter((what) => !UNREADABLE.includes(what) && what !== 'empty-zip' && what !== 'many-entries'))(
  '%s is a zip that opens, with the good message in it',
  async (what) => {
    const zip = await written(what, readZip, { bombBytes: 1_000_000 })
    expect(zip.get('general/2026-03-02.json')).toMatch(/the good one|the same day again/)
  },
)

test.each(UNREADABLE)('%s is refused by a careful reader', async (what) => {
  await expect(written(what, readZip, { bombBytes: 1_000_000 })).rejects.toThrow(
    /invalid|absolute|relative|End of Central|too many bytes|not match|EOF|mismatch|exceeded/i,
  )
})

test('names stand in the archive as they were meant, not as a library tidied them', async () => {
  expect(await raw('zip-slip')).toContain('general/../../../etc/cron.d/x')
  expect(await raw('absolute-names')).toContain('C:/Windows/x.json')
  expect(await raw('nul-in-name')).toContain('2026-03-03.json\u0000.exe')
})

test('a bomb is small until it is opened', async () => {
  const bytes = await written('bomb', async (path) => (await stat(path)).size, { bombBytes: 32 * 1024 * 1024 })
  expect(bytes).toBeLessThan(64 * 1024)
})

test('an archive of more entries than fit the old directory opens by the new one', async () => {
  expect(await written('many-entries', zipNames)).toHaveLength(70_003)
})
