import { afterAll, beforeAll, expect, test } from 'vitest'
import { Bench } from './bench.ts'
import { Workshop } from './file/workshop.ts'
import * as the from './items.ts'
import { largeFile, wholeWorld } from './world.ts'

let bench: Bench
let first: Awaited<ReturnType<Bench['bring']>>
beforeAll(async () => {
  await using workshop = await Workshop.open()
  bench = await Bench.open(await wholeWorld(workshop))
  first = await bench.bring()
})
afterAll(() => bench[Symbol.asyncDispose]())

test('everything stands as it was said to', () => {
  expect(first.wrong).toEqual([])
  expect(first.run.applied.filter(({ outcome }) => outcome !== 'created')).toEqual([])
})

test('nobody is written to, nothing is built, nobody is left able to log in or a member without need', () => {
  const { mails, pipelines, world } = bench.bed
  expect([mails, pipelines]).toEqual([[], []])
  const shadows = [...world.users.values()].filter(({ email }) => email.endsWith('@github.invalid'))
  expect(shadows.map(({ username, state }) => `${username} ${state}`)).toEqual(
    ['ada', 'bob', 'ghost.deleted', 'passer-by'].map((name) => `${name} blocked`),
  )
  const project = world.projectAt('acme/app')
  expect([...world.membersOf(`project:${project?.id}`)]).toEqual([[world.userNamed('ada')?.id, 40]])
})

test('a second cutover asks little and changes nothing', async () => {
  const before = bench.writes
  const { wrong, outcomes } = await bench.bring()
  expect(wrong).toEqual([])
  expect([...outcomes.keys()]).toEqual(['unchanged'])
  expect(bench.writes - before).toBe(0)
})

test('what changed at the source comes by single calls, and nothing else', async () => {
  const { world } = bench
  world.edit('issue/1/1', { title: 'It breaks again', state: 'open', closedAt: null, closedBy: null, labels: [] })
  world.edit('comment/1/issue/1', { text: 'One second later' })
  world.remove('comment/1/issue/1001')
  world.edit('change-request/1/4', { state: 'closed', draft: false, closedAt: '2024-06-01T00:00:00Z', closedBy: the.ada })
  world.edit('thread/1/20', { resolved: true, resolvedBy: the.bob })
  world.edit('label/1/bug', { color: '00ff00' })
  world.put(
    the.comment('issue/2002', 'issue/1/1', { text: 'late\n/close\n\n@ada', author: the.passer }),
    the.comment('review/2003', 'change-request/1/3', {
      text: 'on a line',
      anchor: the.anchor('a.txt', 6),
      createdAt: '2024-06-02T00:00:00Z',
    }),
    the.comment('review/2004', 'change-request/1/3', {
      text: 'an answer',
      replyTo: 'comment/1/review/2003',
      createdAt: '2024-06-02T00:01:00Z',
    }),
    the.comment('review/2005', 'change-request/1/3', {
      text: 'another',
      replyTo: 'comment/1/review/11',
      createdAt: '2024-06-02T00:02:00Z',
    }),
    the.issue(6, { title: 'A late one', author: the.bob, labels: ['new one'] }),
    the.comment('issue/2006', 'issue/1/6', { text: 'on the late one' }),
    the.event(90, 'issue/1/1', 'reopened', { at: '2024-06-01T00:00:00Z' }),
    the.milestone(2, 'v2', { state: 'closed' }),
  )
  const { wrong, losses, run } = await bench.bring()
  expect(wrong).toEqual([])
  const changed = run.applied.filter(({ outcome }) => outcome !== 'unchanged').map(({ item, outcome }) => `${outcome} ${item}`)
  expect(changed.toSorted()).toEqual([
    'created comment/1/issue/2002',
    'created comment/1/issue/2006',
    'created comment/1/review/2003',
    'created comment/1/review/2004',
    'created comment/1/review/2005',
    'created issue/1/6',
    'created milestone/1/2',
    'deleted comment/1/issue/1001',
    'failed timeline-event/1/90',
    'updated change-request/1/4',
    'updated comment/1/issue/1',
    'updated issue/1/1',
    'updated label/1/bug',
    // Somebody has said something in it, which opens it again.
    'updated thread/1/11',
    'updated thread/1/20',
  ])
  const told = losses.filter(({ stage }) => stage === 'apply').map(({ item, code }) => `${code} ${item}`)
  expect(told).toEqual(
    expect.arrayContaining([
      'time-replaced milestone/1/2',
      'no-such-concept timeline-event/1/90',
      'time-replaced change-request/1/4',
      'name-changed change-request/1/4',
      'author-replaced thread/1/20',
      'text-changed comment/1/review/2003',
    ]),
  )
  const { mails, pipelines } = bench.bed
  expect([mails, pipelines]).toEqual([[], []])
})

test('settings, releases and large files follow, and what is gone at the source goes', async () => {
  const { world, bed } = bench
  const settings = { webhooks: [], variables: [{ name: 'STAGE', value: 'test', environment: null }], members: [], teams: [] }
  world.edit('repository-settings/1', settings)
  world.edit('release/1/v1', { name: 'The first', text: 'Other news' })
  world.put(largeFile(world, 'another large file'), the.label('fresh'))
  for (const id of ['issue/1/6', 'comment/1/issue/2006', 'label/1/needs, comma', 'change-request/1/5', 'milestone/1/2']) world.remove(id)
  const { wrong, run } = await bench.bring()
  expect(wrong).toEqual([])
  const gone = run.applied.filter(({ outcome }) => outcome === 'deleted').map(({ remote }) => remote)
  expect(gone).toEqual(
    expect.arrayContaining([
      'issue/acme/app/6',
      'merge-request/acme/app/5',
      'milestone/acme/app/v2',
      'member/acme/app/ada',
      'share/acme/app/acme/team-core',
    ]),
  )
  const project = bed.world.projectAt('acme/app')
  expect([...bed.world.membersOf(`project:${project?.id}`)]).toEqual([])
  expect(bed.world.hooks).toEqual([])
  expect([...(project?.shares ?? [])]).toEqual([])
  expect(bed.mails).toEqual([])
})

test('judged as a cutover is, everything is matched or explained, and nothing stands there that nobody asked for', async () => {
  const { totals, findings, foreign } = await bench.judged()
  expect(findings).toEqual([])
  expect(totals).toMatchObject({ differs: 0, missing: 0 })
  expect(totals.matched).toBeGreaterThan(10)
  expect(foreign).toBe(0)
})
