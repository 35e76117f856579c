import { mkdir, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { snapshotId } from '../../../src/contract/ids.ts'
import type { BackupSummary } from '../../../src/engine/api.ts'
import { backupSamples, importSamples, writeRunMetrics, type Measured } from '../../../src/cli/metrics.ts'
import { sampleResult } from '../observe/report-fixture.ts'

const summary = (source: string, state: 'complete' | 'partial', message: number): BackupSummary => ({
  command: 'backup',
  source,
  state,
  snapshot: {
    id: snapshotId('s'),
    source,
    startedAt: '2026-11-23T00:30:00Z',
    finishedAt: '2026-11-23T00:41:12Z',
    state,
    counts: { message },
    changed: { added: 0, updated: 0, deleted: 0 },
    losses: 0,
    root: '',
  },
  collections: { total: 1, failed: 0 },
  losses: [],
  requests: 1,
  seconds: 1,
})

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fallreep-metrics-'))
  await mkdir(join(directory, 'prom'))
})
const measured = (run: Partial<Measured>): Measured => ({
  command: 'backup',
  subject: 'acme',
  exitCode: 0,
  seconds: 12,
  samples: [],
  ...run,
})
const write = (run: Measured, atMs: number): Promise<void> => writeRunMetrics(join(directory, 'prom'), join(directory, 'state'), run, atMs)
const text = (): Promise<string> => readFile(join(directory, 'prom', 'fallreep.prom'), 'utf8')

test('all sources and targets stand in one file, each series once', async () => {
  await write(measured({ samples: backupSamples(summary('acme', 'complete', 3)) }), 1)
  await write(measured({ subject: 'other', exitCode: 3, seconds: 7, samples: backupSamples(summary('other', 'partial', 5)) }), 2)
  await write(measured({ command: 'rehearse', subject: 'chat', exitCode: 5, samples: importSamples(sampleResult()) }), 3)
  const lines = (await text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  expect(lines).toEqual([
    'fallreep_last_complete_snapshot_timestamp_seconds{source="acme"} 1795394472',
    'fallreep_items{source="acme",kind="message"} 3',
    'fallreep_items{source="other",kind="message"} 5',
    'fallreep_losses{target="chat",code="text-changed"} 240',
    'fallreep_losses{target="chat",code="name-changed"} 32',
    'fallreep_losses{target="chat",code="withheld-by-source"} 20',
    'fallreep_losses{target="chat",code="too-large"} 4',
    'fallreep_run_duration_seconds{command="backup"} 7',
    'fallreep_run_duration_seconds{command="rehearse"} 12',
    'fallreep_last_exit_code 5',
  ])
})

test('a run that failed keeps what the last good one measured, so that its age can alarm', async () => {
  await write(measured({ samples: backupSamples(summary('acme', 'complete', 3)) }), 1)
  await write(measured({ exitCode: 4 }), 2)
  expect(await text()).toContain('fallreep_last_complete_snapshot_timestamp_seconds{source="acme"} 1795394472')
  expect(await text()).toContain('fallreep_last_exit_code 4')
})
