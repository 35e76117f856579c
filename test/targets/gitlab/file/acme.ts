import type { Item } from '../../../../src/contract/item.ts'
import type { Repository } from '../../../../src/git/repository.ts'
import * as the from '../items.ts'
import { makeRepository } from '../../../src/git/made-repository.ts'
import type { Workshop } from './workshop.ts'

/** An organisation with one of everything that an import file carries, on a real history. */
export interface Acme {
  readonly items: readonly Item[]
  readonly blobs: the.Blobs
  readonly repository: Repository
}
const many = (from: number, to: number): string => Array.from({ length: to - from + 1 }, (_, n) => `line ${from + n}\n`).join('')

export async function acme(workshop: Workshop): Promise<Acme> {
  const { directory, oids } = await makeRepository(
    [
      { parents: [], files: { 'a.txt': many(1, 40), 'old.txt': 'old\n' } },
      {
        parents: [0],
        files: { 'a.txt': many(1, 40).replace('line 5\n', 'line five\nand more\n'), 'old.txt': null, 'new.txt': 'one\ntwo\n' },
      },
      { parents: [0], files: { 'b.txt': 'b\n' } },
      { parents: [2, 1], message: 'Merge pull request #3' },
      { parents: [0], files: { 'fork.txt': 'from a fork\n' } },
    ],
    { 'refs/heads/main': 3, 'refs/heads/topic': 1, 'refs/pull/3/head': 1, 'refs/pull/4/head': 4, 'refs/pull/5/head': 1, 'refs/tags/v1': 3 },
  )
  const [root = '', topic = '', , merge = '', fork = ''] = oids
  const blobs = new the.Blobs()
  const picture = blobs.put('a picture')
  const url = 'https://github.com/user-attachments/assets/0f1e2d3c'
  const at = (minute: number): string => `2024-05-06T08:${String(minute).padStart(2, '0')}:00Z`
  const main = { ref: 'main', oid: root, repository: 'acme/app' }
  const review = (id: number, more: Parameters<typeof the.comment>[2]) =>
    the.comment(`review/${id}`, 'change-request/1/3', { createdAt: at(id), updatedAt: at(id), ...more })
  const items: Item[] = [
    the.account(the.ada),
    the.account(the.bob),
    the.repository(),
    the.label('bug'),
    the.label('needs, comma'),
    the.milestone(1, 'v1'),
    the.issue(
      1,
      {
        title: 'It breaks',
        text: `See #3 and ![p](${url})`,
        labels: ['bug', 'needs, comma'],
        milestone: 'milestone/1/1',
        assignees: [the.bob],
        state: 'closed',
        closedAt: at(50),
        closedBy: the.bob,
        locked: true,
        reactions: [
          { content: '+1', by: the.bob, at: at(1) },
          { content: 'hooray', by: the.passer, at: at(1) },
        ],
        attachments: [the.file('p.png', url, 0)],
      },
      [picture],
    ),
    the.discussion(2),
    the.changeRequest(3, {
      title: 'Say five',
      state: 'merged',
      head: { ref: 'topic', oid: topic, repository: 'acme/app' },
      base: main,
      mergedAt: at(40),
      mergedBy: the.ada,
      closedAt: at(40),
      mergeCommit: merge,
      reviewers: [the.bob],
    }),
    the.changeRequest(4, {
      title: 'From afar',
      author: the.passer,
      draft: true,
      head: { ref: 'main', oid: fork, repository: 'passer-by/app' },
      base: main,
    }),
    the.changeRequest(5, {
      state: 'closed',
      closedAt: at(30),
      closedBy: the.ada,
      author: null,
      head: { ref: 'gone', oid: '9'.repeat(40), repository: null },
      base: main,
    }),
    the.thread('comment/1/review/11', 3, { resolved: true, resolvedBy: the.ada }),
    the.thread('comment/1/review/20', 3),
    ...[13, 14, 15, 16, 17, 30].map((id) => the.thread(`comment/1/review/${id}`, 3)),
    the.review(41, 3, { state: 'approved', text: 'Good', submittedAt: at(35) }),
    the.review(42, 3, { author: the.passer, state: 'changes-requested', submittedAt: at(36) }),
    the.review(43, 3, { text: '' }),
    the.comment('issue/1', 'issue/1/1', {
      text: 'One second',
      createdAt: at(1),
      updatedAt: at(2),
      reactions: [{ content: 'eyes', by: the.ada, at: null }],
    }),
    the.comment('issue/1001', 'issue/1/1', { text: 'The same millisecond', createdAt: at(1), updatedAt: at(1), author: null }),
    the.comment('discussion/5', 'discussion/1/2', { text: 'An answer' }),
    the.comment('discussion/6', 'discussion/1/2', { text: 'To it', replyTo: 'comment/1/discussion/5' }),
    review(11, { text: 'Why five?', anchor: the.anchor('a.txt', 5) }),
    review(12, { text: 'Because', author: the.ada, replyTo: 'comment/1/review/11', anchor: the.anchor('a.txt', 5) }),
    review(13, { text: 'Context', anchor: the.anchor('a.txt', 8, { startLine: 6, startSide: 'new' }) }),
    review(14, { text: 'The removed one', anchor: the.anchor('a.txt', 5, { side: 'old' }) }),
    review(15, { text: 'The file', anchor: the.anchor('old.txt', null, { subject: 'file' }) }),
    review(16, { text: 'Of a new file', anchor: the.anchor('new.txt', 2) }),
    review(17, { text: 'Of a file that went', anchor: the.anchor('old.txt', 1, { side: 'old' }) }),
    review(20, { text: 'Its line is gone', anchor: the.anchor('a.txt', null, { originalLine: 7 }) }),
    review(21, { text: 'Indeed', replyTo: 'comment/1/review/20', anchor: the.anchor('a.txt', null, { originalLine: 7 }) }),
    review(31, { text: 'Its question is gone', replyTo: 'comment/1/review/30', anchor: the.anchor('a.txt', 6) }),
    the.event(51, 'issue/1/1', 'labeled', { label: { name: 'bug', color: 'd73a4a' } }),
    the.event(52, 'issue/1/1', 'unlabeled', { label: { name: 'long gone', color: 'd73a4a' } }),
    the.event(53, 'issue/1/1', 'milestoned', { milestone: 'v1' }),
    the.event(54, 'issue/1/1', 'closed', { actor: the.bob, at: at(50) }),
    the.event(55, 'change-request/1/3', 'renamed', { rename: { from: 'Say 5', to: 'Say five' } }),
    the.event(56, 'change-request/1/3', 'merged', { at: at(40) }),
    the.release('v1', { assets: [the.file('app.zip', 'https://github.com/acme/app/releases/download/v1/app.zip', 0)] }, [blobs.put('zip')]),
  ]
  return { items, blobs, repository: await workshop.restored(directory) }
}
