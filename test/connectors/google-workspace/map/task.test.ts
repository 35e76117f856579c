import { expect, test } from 'vitest'
import type { Json } from '../../../../connectors/google-workspace/json.ts'
import { task } from '../../../../connectors/google-workspace/map/task.ts'
import { itemId } from '../../../../src/contract/ids.ts'
import { Task } from '../../../../src/model/task.ts'
import { linesOf } from './facts.ts'

const mapped = (more: Json) =>
  task(
    { id: 't1', title: 'Boxes', status: 'needsAction', updated: '2026-01-01T00:00:00.000Z', ...more },
    '100',
    'l1',
    itemId('tasklist', '100', 'l1'),
  )
const written = (more: Json): readonly string[] => linesOf(Task.parse(mapped(more).body).ics)

test.each<[string, Json, readonly string[]]>([
  ['open', {}, ['UID:t1', 'SUMMARY:Boxes', 'STATUS:NEEDS-ACTION', 'LAST-MODIFIED:20260101T000000Z']],
  ['due on a day, whatever time Google writes with it', { due: '2026-12-01T00:00:00.000Z' }, ['DUE;VALUE=DATE:20261201']],
  [
    'completed and hidden',
    { status: 'completed', completed: '2026-11-01T10:00:00.000Z', hidden: true },
    ['STATUS:COMPLETED', 'COMPLETED:20261101T100000Z', 'PERCENT-COMPLETE:100', 'X-GOOGLE-HIDDEN:TRUE'],
  ],
  ['part of another, at its place', { parent: 't0', position: '00000000000000000042' }, ['RELATED-TO:t0', 'X-APPLE-SORT-ORDER:42']],
  ['at a place longer than any number', { position: '09999999999999999999' }, ['X-GOOGLE-POSITION:09999999999999999999']],
  ['with notes and what no text may hold', { notes: 'one\ntwo\u0000' }, [String.raw`DESCRIPTION:one\ntwo`]],
  [
    'that was assigned in a document',
    { assignmentInfo: { surfaceType: 'DOCUMENT', linkToTask: 'https://docs.google.com/d/1', driveResourceInfo: { driveFileId: 'F' } } },
    [
      'URL:https://docs.google.com/d/1',
      String.raw`X-GOOGLE-ASSIGNMENT:{"driveResourceInfo":{"driveFileId":"F"}\,"linkToTask":"https://docs.google.com/d/1"\,"surfaceType":"DOCUMENT"}`,
    ],
  ],
  [
    'with a link',
    { links: [{ type: 'email', description: 'The mail', link: 'https://mail.example/1' }] },
    ['ATTACH;FILENAME=The mail:https://mail.example/1'],
  ],
])('a task %s', (_, more, lines) => {
  expect(written(more)).toEqual(expect.arrayContaining([...lines]))
})

test('a task names its parent as an item, and its links as files that lie elsewhere', () => {
  const { body } = mapped({ parent: 't0', links: [{ type: 'email', link: 'https://mail.example/1' }] })
  expect(body.parent).toBe('task/100/l1/t0')
  expect(body.attachments).toMatchObject([{ state: 'link', url: 'https://mail.example/1', blob: null }])
})

test.each<[string, Json, string]>([
  ['a day that is none', { due: 'tomorrow' }, 'due'],
  ['a time that is none', { status: 'completed', completed: 'yesterday' }, 'completed'],
])('%s is a loss, and the task stays', (_, more, field) => {
  const { body, losses } = mapped(more)
  expect(losses).toMatchObject([{ code: 'invalid-at-source', effect: { field } }])
  expect(linesOf(body.ics)).toContain('SUMMARY:Boxes')
})
