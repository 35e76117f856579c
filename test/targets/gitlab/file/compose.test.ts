import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Item, Kind } from '../../../../src/contract/item.ts'
import type { Repository } from '../../../../src/git/repository.ts'
import { definition } from '../../../../targets/gitlab/definition.ts'
import { writeFitting } from '../../../../targets/gitlab/file/fit.ts'
import type { Hanging } from '../../../../targets/gitlab/file/hanging.ts'
import { RelationFile } from '../../../../targets/gitlab/file/lines.ts'
import { formatFor } from '../../../../targets/gitlab/file/version.ts'
import type { Who } from '../../../../targets/gitlab/operations.ts'
import { noteRemote } from '../../../../targets/gitlab/remote.ts'
import { idempotencyKey } from '../../../../src/contract/ids.ts'
import { makeRepository } from '../../../src/git/made-repository.ts'
import * as the from '../items.ts'
import { acme } from './acme.ts'
import { type Made, type Order, Workshop, membersOf, relation } from './workshop.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = await Workshop.open()
})
afterAll(() => workshop[Symbol.asyncDispose]())

const users = ({ username }: Who) => ({
  id: username === null ? 1 : 100 + Number.parseInt(hash('sha256', username).slice(0, 4), 16),
  username: username ?? 'root',
  name: username ?? 'Administrator',
  email: `${username ?? 'root'}@example.test`,
})
async function make(items: readonly Item[], more: Partial<Order> = {}): Promise<Made> {
  const made = await workshop.make({
    items: [the.account(the.ada), the.account(the.bob), the.repository(), ...items],
    settings: the.settings(),
    users,
    ...more,
  })
  announced(made)
  return made
}
/** No loss is told that the capabilities do not announce for its kind. */
function announced({ losses }: Made): void {
  for (const { item, code } of losses) {
    const support = definition.capabilities[item.slice(0, item.indexOf('/')) as Kind]
    expect([item, support.level === 'partial' ? support.loses : []]).toEqual([item, expect.arrayContaining([code])])
  }
}
const codes = (made: Made, item: Item): string[] => made.losses.filter((loss) => loss.item === item.id).map(({ code }) => code)
const leftOut = (made: Made): string[] => made.composed.filter(({ remote }) => remote === null).map(({ item }) => item)
async function history(
  refs: Readonly<Record<string, number>> = {},
): Promise<{ readonly repository: Repository; readonly oids: readonly string[] }> {
  const { directory, oids } = await makeRepository([{ parents: [] }, { parents: [0] }, { parents: [1] }], { 'refs/heads/main': 2, ...refs })
  return { repository: await workshop.restored(directory), oids }
}

test('the same operations give the same bytes, in whatever order they come', async () => {
  const { items, ...rest } = await acme(workshop)
  const order = { settings: the.settings(), users, ...rest }
  const once = await workshop.make({ items, ...order })
  const again = await workshop.make({ items: items.toReversed(), ...order })
  expect(hash('sha256', await readFile(again.path))).toBe(hash('sha256', await readFile(once.path)))
  expect(again.composed).toEqual(once.composed)
  announced(once)
  const members = await membersOf(once.path)
  expect([...members.keys()]).toEqual([
    'VERSION',
    'GITLAB_VERSION',
    'max_iids.json',
    'tree/project.json',
    ...['issues', 'labels', 'merge_requests', 'milestones', 'project_feature', 'project_members', 'releases'].map(
      (name) => `tree/project/${name}.ndjson`,
    ),
    'project.bundle',
    expect.stringMatching(/^uploads\/[0-9a-f]{32}\/p\.png$/),
  ])
  expect([members.get('VERSION'), members.get('max_iids.json')]).toEqual([
    '0.2.4',
    '{"issues":5,"merge_requests":5,"project_milestones":1}',
  ])
})

describe('what is not there any more', () => {
  test('a change without commits keeps its words, and a loss says why its diff is empty', async () => {
    const { repository, oids } = await history()
    const gone = the.changeRequest(1, {
      state: 'closed',
      closedAt: the.T,
      base: { ref: 'main', oid: oids[0] ?? '', repository: 'acme/app' },
    })
    const merged = the.changeRequest(2, {
      state: 'merged',
      mergedAt: the.T,
      mergeCommit: '7'.repeat(40),
      head: { ref: 'x', oid: oids[1] ?? '', repository: 'acme/app' },
      base: { ref: 'main', oid: oids[0] ?? '', repository: 'acme/app' },
    })
    const made = await make([gone, merged, the.comment('issue/5', gone.id)], { repository })
    expect([codes(made, gone), codes(made, merged), leftOut(made)]).toEqual([['withheld-by-source'], ['withheld-by-source'], []])
    const [first, second] = relation(await membersOf(made.path), 'merge_requests')
    expect(first).toMatchObject({ merge_request_diff: { state: 'empty', head_commit_sha: '2'.repeat(40) }, notes: [{ note: 'A comment' }] })
    expect(second).toMatchObject({ merge_commit_sha: null, merge_request_diff: { state: 'collected', commits_count: 1 } })
  })
  test('a repository without history brings its issues and change requests', async () => {
    const open = the.changeRequest(1)
    const made = await make([open, the.issue(2)])
    expect(codes(made, open)).toEqual(['withheld-by-source', 'withheld-by-source'])
    expect([...(await membersOf(made.path)).keys()]).not.toContain('project.bundle')
  })
  test('what hangs on nothing is left out, and a loss says so', async () => {
    const orphan = the.comment('issue/5', 'issue/1/77')
    const silent = the.thread('comment/1/review/9', 1)
    const commit = the.comment('commit/6', `commit/1/${'a'.repeat(40)}`)
    const made = await make([the.changeRequest(1), orphan, silent, commit])
    expect(leftOut(made).toSorted()).toEqual([orphan.id, silent.id, commit.id].toSorted())
    expect([orphan, silent, commit].flatMap((item) => codes(made, item))).toEqual([
      'invalid-at-source',
      'invalid-at-source',
      'withheld-by-source',
    ])
  })
  test('a branch or tag named like a commit stays behind, and a loss says so', async () => {
    const { repository } = await history({ [`refs/heads/${'b'.repeat(40)}`]: 0, [`refs/tags/${'c'.repeat(40)}`]: 0 })
    expect(codes(await make([], { repository }), the.repository())).toEqual(['rejected-by-target', 'rejected-by-target'])
  })
  test('a merge that moved its own base is compared with what it was made on', async () => {
    const { directory, oids } = await makeRepository([{ parents: [] }, { parents: [0], files: { mine: 'x\n' } }, { parents: [0, 1] }], {
      'refs/heads/main': 2,
    })
    const [, head = '', merge = ''] = oids
    const item = the.changeRequest(1, {
      state: 'merged',
      mergedAt: the.T,
      mergeCommit: merge,
      head: { ref: 'x', oid: head, repository: 'acme/app' },
      base: { ref: 'main', oid: merge, repository: 'acme/app' },
    })
    const made = await make([item], { repository: await workshop.restored(directory) })
    const [line] = relation(await membersOf(made.path), 'merge_requests')
    expect(line).toMatchObject({ merge_request_diff: { merge_request_diff_files: [{ new_path: 'mine' }], commits_count: 1 } })
  })
})

test('an answer of the same second comes after its question, whatever their milliseconds say', async () => {
  const on = 'change-request/1/1'
  const question = the.comment('review/1999', on, { text: 'Why?' })
  const answer = the.comment('review/2001', on, { text: 'So.', replyTo: question.id })
  const made = await make([the.changeRequest(1), answer, question])
  const [line] = relation(await membersOf(made.path), 'merge_requests')
  expect(line?.['notes']).toMatchObject([
    { note: 'Why?', created_at: '2024-05-06T07:08:09.999Z' },
    { note: 'So.', created_at: '2024-05-06T07:08:10.000Z' },
  ])
  expect(made.composed.map(({ remote }) => remote)).toContain('note/acme/app/merge_requests/1/2024-05-06T07:08:10.000Z')
})

test('labels that would be called alike become one, and a loss says which', async () => {
  const made = await make([the.label('a,b'), the.label('a;b'), the.label('A;b')])
  expect(relation(await membersOf(made.path), 'labels').map(({ title }) => title)).toEqual(['A;b', 'a;b'])
  expect(leftOut(made)).toEqual(['label/1/a;b'])
})

test('a wiki travels in a bundle of its own', async () => {
  const { repository: wiki } = await history()
  const members = await membersOf((await make([], { wiki })).path)
  expect(members.get('project.wiki.bundle')).toMatch(/^# v2 git bundle\n[0-9a-f]{40} HEAD\n[0-9a-f]{40} refs\/heads\/main\n/)
})

describe('large files', () => {
  const object = (content: string, blobs: the.Blobs): Item<'lfs-object'> => {
    const blob = blobs.put(content)
    const body = { repository: the.R, oid: blob.sha256, bytes: blob.bytes, file: the.file(blob.sha256, '', 0) }
    return the.item('lfs-object', `lfs-object/1/${blob.sha256}` as Item['id'], body, [blob])
  }
  test('travel in the file while they are small enough together', async () => {
    const blobs = new the.Blobs()
    const items = [object('large', blobs), object('larger', blobs)]
    const remotes = async (maxLfsBytes: number) => {
      const made = await make(items, { blobs, maxLfsBytes })
      const members = [...(await membersOf(made.path)).keys()].filter((name) => name.startsWith('lfs-objects/'))
      return [members.length, made.composed.filter(({ remote }) => remote?.startsWith('lfs/') === true).length]
    }
    expect([await remotes(11), await remotes(10)]).toEqual([
      [2, 2],
      [0, 0],
    ])
  })
})

describe('a line that is longer than GitLab reads', () => {
  const note = (n: number) => ({ note: `${n}`.repeat(1000) })
  const hanging: Hanging = {
    notes: Array.from({ length: 10 }, (_, n) => note(n)),
    labelEvents: [],
    milestoneEvents: [],
    stateEvents: [],
    approvals: [],
    approvedBy: [],
    composed: Array.from({ length: 10 }, (_, n) => ({
      key: idempotencyKey(`k${n}`),
      item: the.issue(n).id,
      remote: noteRemote('acme/app', { type: 'issues', iid: 1 }, `2024-01-01T00:00:0${n}.000Z`),
      expect: {},
      losses: [],
    })),
  }
  const write = (limit: number) => {
    using file = new RelationFile(join(process.env['TMPDIR'] ?? '/tmp', `fallreep-line-${process.pid}`), limit)
    return writeFitting(file, the.issue(1).id, hanging, ({ notes }, diffs) => ({ notes, diff: diffs ? 'd'.repeat(5000) : '' }))
  }
  test.each([
    [20_000, 0, []],
    [12_000, 0, ['diff']],
    [7_000, 4, ['diff', 'comments']],
  ])('is shortened to %i bytes: first its diffs, then its last notes', (limit, gone, fields) => {
    const written = write(limit)
    if (!written.written) throw new Error('not written')
    expect(written.composed.filter(({ remote }) => remote === null)).toHaveLength(gone)
    expect(written.composed.findLastIndex(({ remote }) => remote !== null)).toBe(9 - gone)
    expect(written.losses.map(({ effect }) => (effect.type === 'dropped' ? '' : effect.field))).toEqual(fields)
  })
  test('is not written if nothing helps', () => {
    expect(write(20)).toEqual({ written: false })
  })
})

test.each([
  ['17.11.0', '0.2.4'],
  ['18.6.1-ee', '0.2.4'],
  ['11.5.0', '0.2.3'],
  ['something new', '0.2.4'],
])('GitLab %s reads the format %s', (server, format) => {
  expect(formatFor(server)).toBe(format)
})

test('called off in the middle, it ends with the reason and leaves no file under its name', async () => {
  const { repository } = await history()
  const stop = new AbortController()
  const items = [the.account(the.ada), the.account(the.bob), the.repository(), ...[1, 2, 3].map((number) => the.changeRequest(number))]
  const composing = await workshop.compose({ items, settings: the.settings(), users, repository }, stop.signal)
  let seen = 0
  const all = (async () => {
    for await (const one of composing.composed)
      if (one.remote?.startsWith('merge-request/') === true && ++seen === 1) stop.abort(new Error('enough'))
  })()
  await expect(all).rejects.toThrow('enough')
  expect([seen, existsSync(composing.path), existsSync(`${composing.path}.partial`)]).toEqual([1, false, false])
})
