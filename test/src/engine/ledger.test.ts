import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { collectionId, idempotencyKey, itemId, remoteId } from '../../../src/contract/ids.ts'
import type { LedgerEntry } from '../../../src/contract/target.ts'
import { openLedger } from '../../../src/engine/ledger.ts'
import type { Fault } from '../../../src/fault.ts'

let path: string
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'fallreep-ledger-')), 'deep', 'ledger.db')
})
afterEach(() => rmSync(join(path, '..', '..'), { recursive: true }))

const entry = (key: string, part: Partial<LedgerEntry> = {}): LedgerEntry => ({
  key: idempotencyKey(key),
  item: itemId('message', key),
  collection: collectionId('channel/C1'),
  revision: 'r1',
  remote: remoteId(`post/${key}`),
  state: 'staged',
  notes: { createAt: 1 },
  ...part,
})

test('remembers entries after it was closed, and the last word wins', () => {
  {
    using ledger = openLedger(path)
    ledger.put([entry('a'), entry('b')])
    ledger.put([entry('a', { state: 'applied', notes: { createAt: 2 } })])
  }
  using again = openLedger(path)
  expect(again.get(idempotencyKey('a'))).toEqual(entry('a', { state: 'applied', notes: { createAt: 2 } }))
  expect(again.byRemote(remoteId('post/b'))?.key).toBe('b')
  expect(again.size).toBe(2)
})

test('lists by collection and by prefix in order, and may be written while listing', () => {
  using ledger = openLedger(path)
  const keys = Array.from({ length: 2500 }, (_, n) => `post/${String(n).padStart(5, '0')}`)
  ledger.put(keys.map((key, n) => entry(key, n % 2 === 0 ? {} : { collection: collectionId('channel/C2') })))
  ledger.put([entry('user/a')])
  const seen: string[] = []
  for (const { key } of ledger.entries({ prefix: 'post/' })) {
    seen.push(key)
    ledger.delete([key])
  }
  expect(seen).toEqual(keys)
  expect([...ledger.entries({ collection: collectionId('channel/C1') })].map(({ key }) => key)).toEqual(['user/a'])
})

test('a failed put leaves nothing of itself', () => {
  using ledger = openLedger(path)
  const broken = function* (): Generator<LedgerEntry> {
    yield entry('a')
    throw new Error('the source of the entries broke')
  }
  expect(() => ledger.put(broken())).toThrow('the source of the entries broke')
  expect(ledger.size).toBe(0)
})

test('a second run on the same ledger is told that it is locked', () => {
  using _first = openLedger(path)
  expect(() => openLedger(path)).toThrow(expect.objectContaining({ code: 'locked' }) as Fault)
})
