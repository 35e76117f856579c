import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { collectionId, itemId, remoteId } from '../../../src/contract/ids.ts'
import type { Finding } from '../../../src/engine/api.ts'
import { Spool, sum } from '../../../src/engine/spool.ts'

let dir: string
let findings: Finding[]
let spool: Spool
const item = (n: number) => ({ id: itemId('message', 'C1', String(n)), kind: 'message' as const, collection: collectionId('channel/C1') })
const place = (n: number) => remoteId(`post/t/c/${n}`)
const loss = (n: number, part: Partial<Loss> = {}): Loss => ({
  item: item(n).id,
  stage: 'map',
  code: 'no-such-concept',
  effect: { type: 'dropped' },
  detail: '',
  ...part,
})

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fallreep-spool-'))
  findings = []
  spool = new Spool(join(dir, 'spool.db'), (finding) => findings.push(finding))
})
afterEach(() => {
  spool[Symbol.dispose]()
  rmSync(dir, { recursive: true })
})
const totals = () => {
  spool.judge()
  return sum(spool.totals('kind').values())
}

test('an item whose place was found as expected matches', () => {
  spool.plan(item(1))
  spool.expect(item(1).id, place(1), { text: 'a', files: [{ b: 1, a: 2 }] })
  spool.observe(place(1), { files: [{ a: 2, b: 1 }], text: 'a', extra: true })
  expect(totals()).toEqual({ planned: 1, matched: 1, explained: 0, differs: 0, missing: 0 })
  expect(findings).toEqual([])
})

test('a difference is named with its field and the place where the values part', () => {
  spool.plan(item(1))
  spool.expect(item(1).id, place(1), { text: 'same beginning, then left' })
  spool.observe(place(1), { text: 'same beginning, then right' })
  expect(totals()).toEqual({ planned: 1, matched: 0, explained: 0, differs: 1, missing: 0 })
  expect(findings).toMatchObject([{ type: 'differs', field: 'text', item: item(1).id }])
  expect(findings[0]?.detail).toContain('left')
  expect(findings[0]?.detail).toContain('right')
})

test('a field that the target does not show is a difference, not a match', () => {
  spool.plan(item(1))
  spool.expect(item(1).id, place(1), { text: 'a', author: 'erika' })
  spool.observe(place(1), { text: 'a' })
  expect(totals().differs).toBe(1)
})

test('a difference that the target told of is explained', () => {
  spool.plan(item(1))
  spool.lose(loss(1, { stage: 'apply', effect: { type: 'degraded', field: 'reactions' } }))
  spool.expect(item(1).id, place(1), { text: 'a', reactions: ['x'] })
  spool.observe(place(1), { text: 'a', reactions: [] })
  expect(totals()).toEqual({ planned: 1, matched: 0, explained: 1, differs: 0, missing: 0 })
})

test('what was lost before the attempt is not expected any more, so it excuses no difference', () => {
  spool.plan(item(1))
  spool.lose(loss(1, { code: 'text-changed', effect: { type: 'degraded', field: 'text' } }))
  spool.expect(item(1).id, place(1), { text: 'as it was mapped' })
  spool.observe(place(1), { text: 'as somebody altered it' })
  expect(totals()).toMatchObject({ explained: 0, differs: 1 })
})

test('a loss on one field does not excuse another field', () => {
  spool.plan(item(1))
  spool.lose(loss(1, { stage: 'apply', effect: { type: 'degraded', field: 'reactions' } }))
  spool.expect(item(1).id, place(1), { text: 'a' })
  spool.observe(place(1), { text: 'b' })
  expect(totals()).toMatchObject({ explained: 0, differs: 1 })
})

test('one empty place of several makes an item missing', () => {
  spool.plan(item(1))
  spool.expect(item(1).id, place(1), { text: 'a' })
  spool.expect(item(1).id, place(2), { text: 'b' })
  spool.observe(place(1), { text: 'a' })
  expect(totals()).toMatchObject({ planned: 1, missing: 1 })
  expect(findings).toMatchObject([{ type: 'missing', item: item(1).id }])
})

test('an item that nobody mapped and nobody recorded is missing', () => {
  spool.plan(item(1))
  expect(totals()).toMatchObject({ planned: 1, missing: 1 })
})

test('an item dropped with a reason is explained', () => {
  spool.plan(item(1))
  spool.lose(loss(1))
  expect(totals()).toMatchObject({ planned: 1, explained: 1 })
})

test('what stands twice in one place differs', () => {
  spool.plan(item(1))
  spool.expect(item(1).id, place(1), { text: 'a' })
  spool.observe(place(1), { text: 'a' })
  spool.observe(place(1), { text: 'a' })
  expect(totals()).toMatchObject({ differs: 1 })
  expect(findings).toMatchObject([{ field: 'count' }])
})

test('what stands there without an item of ours is foreign and changes no sum', () => {
  spool.observe(place(9), { text: 'somebody wrote this' })
  expect(spool.foreign).toBe(1)
  expect(totals().planned).toBe(0)
})

test('an item that the source withheld whole enters the sum as explained', () => {
  spool.lose(loss(1, { stage: 'export', code: 'withheld-by-source' }))
  expect(totals()).toEqual({ planned: 1, matched: 0, explained: 1, differs: 0, missing: 0 })
})

test('a loss told by the export before its item is read counts for that item, and excuses no empty place', () => {
  spool.lose(loss(1, { stage: 'export', code: 'withheld-by-source' }))
  spool.lose(loss(2, { stage: 'export', code: 'withheld-by-source', effect: { type: 'degraded', field: 'files' } }))
  spool.plan(item(1))
  spool.plan(item(2))
  spool.expect(item(1).id, place(1), { text: 'a' })
  spool.expect(item(2).id, place(2), { text: 'b' })
  spool.observe(place(2), { text: 'b' })
  expect(totals()).toEqual({ planned: 2, matched: 0, explained: 1, differs: 0, missing: 1 })
})

test('a loss of an item that the snapshot holds no more changes no sum', () => {
  spool.lose(loss(1, { stage: 'export', code: 'withheld-by-source', effect: { type: 'degraded', field: 'files' } }))
  expect(totals().planned).toBe(0)
})
