import { expect, test } from 'vitest'
import { Known } from '../../../connectors/google-workspace/mail/known.ts'

const filled = (count: number): Known => {
  const known = new Known()
  let seed = 1
  for (let n = 0; n < count; n++) {
    seed = (seed * 48_271) % 2_147_483_647
    known.set(((BigInt(1_700_000_000_000 + n * 300_000) << 20n) | BigInt(seed % 1_048_576)).toString(16), [`Label_${n % 40}`, 'INBOX'])
  }
  return known
}

test('comes back as it was, whatever order it was filled in', () => {
  const known = filled(500)
  known.set('no-hex', ['SENT'])
  known.set('ffffffffffffffff', [])
  const back = new Known(known.pack())
  expect(back.size).toBe(502)
  expect([...back.ids()].toSorted()).toEqual([...known.ids()].toSorted())
  for (const id of known.ids()) expect(back.labels(id)).toEqual(known.labels(id))
  const reversed = new Known()
  for (const id of [...known.ids()].toReversed()) reversed.set(id, known.labels(id))
  expect(reversed.pack()).toEqual(known.pack())
})

test('takes few bytes for a mail', () => {
  expect(JSON.stringify(filled(20_000).pack()).length / 20_000).toBeLessThan(9)
})

test('follows what is set and deleted after it was packed', () => {
  const known = new Known(filled(3).pack())
  const [first = '', second = ''] = [...known.ids()]
  known.set(first, ['TRASH'])
  known.delete(second)
  const back = new Known(known.pack())
  expect(back.labels(first)).toEqual(['TRASH'])
  expect(back.has(second)).toBe(false)
  expect(back.size).toBe(2)
})
