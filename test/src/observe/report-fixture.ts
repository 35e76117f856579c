import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { itemId } from '../../../src/contract/ids.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Finding, RunResult } from '../../../src/engine/api.ts'

/** A rehearsal with everything a report can show: losses of several reasons, a difference, leftovers, hostile names. */
export function sampleResult(changes: Partial<RunResult> = {}): RunResult {
  const totals = { planned: 12_418, matched: 12_101, explained: 317, differs: 0, missing: 0 }
  return {
    version: 1,
    command: 'rehearse',
    run: '20261123t0312-4f9a',
    tool: 'fallreep 0.1.0',
    source: { name: 'acme-slack', connector: 'slack', title: 'Slack' },
    target: { name: 'chat', kind: 'mattermost', title: 'Mattermost', survey: { version: '10.11.4' } },
    snapshot: {
      id: '01M7ZQ0000',
      startedAt: '2026-11-23T00:30:00Z',
      finishedAt: '2026-11-23T00:41:12Z',
      state: 'complete',
      ageSeconds: 9_720,
    },
    startedAt: '2026-11-23T03:12:00.000Z',
    finishedAt: '2026-11-23T03:54:31.000Z',
    seconds: 2_551,
    stages: [
      { stage: 'directory', seconds: 3.2 },
      { stage: 'survey', seconds: 12 },
      { stage: 'map', seconds: 41 },
      { stage: 'apply', seconds: 1_620 },
      { stage: 'observe', seconds: 702 },
      { stage: 'compare', seconds: 58 },
      { stage: 'clean-up', seconds: 114 },
    ],
    totals,
    byKind: {
      account: { planned: 212, matched: 180, explained: 32, differs: 0, missing: 0 },
      group: { planned: 14, matched: 14, explained: 0, differs: 0, missing: 0 },
      emoji: { planned: 92, matched: 88, explained: 4, differs: 0, missing: 0 },
      channel: { planned: 100, matched: 79, explained: 21, differs: 0, missing: 0 },
      message: { planned: 12_000, matched: 11_740, explained: 260, differs: 0, missing: 0 },
    },
    byCollection: [
      { id: 'channel/C1', title: 'allgemein', planned: 4_100, matched: 4_020, explained: 80, differs: 0, missing: 0 },
      {
        id: 'channel/C2',
        title: 'büro-münchen <script>alert(1)</script>',
        planned: 2_300,
        matched: 2_290,
        explained: 10,
        differs: 0,
        missing: 0,
      },
      { id: 'channel/C3', title: '開発', planned: 1_800, matched: 1_700, explained: 100, differs: 0, missing: 0 },
    ],
    applied: { created: 12_418, updated: 0, unchanged: 0, deleted: 0, failed: 0 },
    blobs: { count: 842, bytes: 3_221_225_472 },
    losses: [
      { stage: 'map', code: 'text-changed', effect: 'degraded', field: 'text', kind: 'message', count: 240 },
      { stage: 'map', code: 'name-changed', effect: 'substituted', field: 'username', kind: 'account', count: 32 },
      { stage: 'export', code: 'withheld-by-source', effect: 'dropped', field: undefined, kind: 'message', count: 20 },
      { stage: 'apply', code: 'too-large', effect: 'degraded', field: 'files', kind: 'message', count: 4 },
    ],
    lossesTotal: 296,
    findingsTotal: 0,
    foreign: 3,
    leftovers: [
      {
        what: '212 user accounts',
        why: 'Mattermost has no call that removes them',
        remedy: 'mmctl user delete, see the README of the target',
      },
    ],
    milestones: [{ target: 'chat', kinds: ['account', 'message'], items: 12_418, newest: false, seconds: 1_800 }],
    uncarried: {},
    ...changes,
  }
}

export const failedResult = (): RunResult =>
  sampleResult({
    totals: { planned: 12_418, matched: 12_100, explained: 315, differs: 2, missing: 1 },
    byKind: { message: { planned: 12_418, matched: 12_100, explained: 315, differs: 2, missing: 1 } },
    findingsTotal: 3,
  })

/** Files as a run leaves them, with so many losses of the first reason. */
export async function sampleFiles(
  textChanged = 240,
): Promise<{ readonly directory: string; readonly losses: string; readonly findings: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'fallreep-report-'))
  const loss = (code: Loss['code'], index: number, detail: string, stage: Loss['stage'] = 'map'): Loss => ({
    item: itemId('message', 'C1', `1700000000.${String(index).padStart(6, '0')}`),
    stage,
    code,
    effect: code === 'withheld-by-source' ? { type: 'dropped' } : { type: 'degraded', field: 'text' },
    detail,
  })
  const losses = [
    ...Array.from({ length: textChanged }, (_, index) => loss('text-changed', index, 'split into 2 posts: 18,230 letters')),
    ...Array.from({ length: 32 }, (_, index) => loss('name-changed', index, `handle "root" is reserved, carried as "root-${index}"`)),
    ...Array.from({ length: 20 }, (_, index) =>
      loss('withheld-by-source', index, 'file was deleted at Slack <b>&amp;"quoted"</b>', 'export'),
    ),
    ...Array.from({ length: 4 }, (_, index) => loss('too-large', index, 'file of 812 MiB, the server takes 100 MiB', 'apply')),
  ]
  const findings: Finding[] = [
    {
      item: 'message/C1/1700000001.000100',
      kind: 'message',
      collection: 'channel/C1',
      type: 'differs',
      field: 'create_at',
      detail: 'expected 1700000001000, found 1700000001001',
    },
    {
      item: 'message/C2/1700000002.000200',
      kind: 'message',
      collection: 'channel/C2',
      type: 'differs',
      field: 'message',
      detail: 'expected hash 4f1c, found hash 99ab',
    },
    {
      item: 'message/C3/1700000003.000300',
      kind: 'message',
      collection: 'channel/C3',
      type: 'missing',
      field: undefined,
      detail: 'not found on the target',
    },
  ]
  const files = { directory, losses: join(directory, 'losses.ndjson'), findings: join(directory, 'findings.ndjson') }
  await writeFile(files.losses, losses.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  await writeFile(files.findings, findings.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
  return files
}
