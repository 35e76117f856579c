import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { metricsText, type Sample, writeMetrics } from '../../../src/observe/metrics.ts'

const samples: readonly Sample[] = [
  { name: 'fallreep_items', labels: { source: 'acme', kind: 'message' }, value: 12 },
  { name: 'fallreep_last_exit_code', labels: {}, value: 3 },
  { name: 'fallreep_items', labels: { source: 'a "quoted" \\ name\n', kind: 'file' }, value: 1.5 },
]

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'fallreep-metrics-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

test('groups samples by name, escapes labels and gives no times', () => {
  expect(metricsText(samples)).toBe(
    [
      '# HELP fallreep_items Items alive in the last snapshot of a source',
      '# TYPE fallreep_items gauge',
      'fallreep_items{source="acme",kind="message"} 12',
      'fallreep_items{source="a \\"quoted\\" \\\\ name\\n",kind="file"} 1.5',
      '# HELP fallreep_last_exit_code Exit code of the last run',
      '# TYPE fallreep_last_exit_code gauge',
      'fallreep_last_exit_code 3',
      '',
    ].join('\n'),
  )
})

test('replaces the file in one step, readable for the collector, and leaves nothing beside it', async () => {
  const path = join(await folder(), 'fallreep.prom')
  await writeMetrics(path, samples.slice(0, 1))
  await writeMetrics(path, samples)
  expect(await readFile(path, 'utf8')).toBe(metricsText(samples))
  expect((await stat(path)).mode & 0o044).toBe(0o044)
  expect(await readdir(join(path, '..'))).toEqual(['fallreep.prom'])
})

test('refuses a name the collector would pass over, and says what failed otherwise', async () => {
  const path = await folder()
  await expect(writeMetrics(join(path, 'fallreep.txt'), samples)).rejects.toMatchObject({ code: 'config' })
  await expect(writeMetrics(join(path, 'missing', 'fallreep.prom'), samples)).rejects.toMatchObject({ code: 'unavailable', why: 'ENOENT' })
})
