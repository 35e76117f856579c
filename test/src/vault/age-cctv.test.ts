import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import * as cctv from 'cctv-age'
import { describe, expect, test } from 'vitest'
import { decrypting } from '../../../src/vault/age.ts'
import { faultIn } from '../../../src/fault.ts'

interface Vector {
  readonly name: string
  readonly fields: Readonly<Record<string, readonly string[]>>
  readonly file: Buffer
}

function parse(name: string, bytes: Uint8Array): Vector {
  const all = Buffer.from(bytes)
  const end = all.indexOf('\n\n')
  const fields: Record<string, string[]> = {}
  for (const line of all.toString('utf8', 0, end).split('\n')) {
    const [key = '', value = ''] = line.split(/: (.*)/s)
    fields[key] = [...(fields[key] ?? []), value]
  }
  const body = all.subarray(end + 2)
  return { name, fields, file: fields['compressed'] === undefined ? body : inflateSync(body) }
}

/** The features the vault does not use: armor, passphrases, post-quantum keys. */
const applies = ({ fields }: Vector): boolean =>
  fields['armored'] === undefined &&
  fields['passphrase'] === undefined &&
  (fields['identity'] ?? []).every((identity) => identity.startsWith('AGE-SECRET-KEY-1'))

async function outcome(vector: Vector, pieceSize: number): Promise<{ readonly verdict: string; readonly payload: string }> {
  const hash = createHash('sha256')
  async function* pieces() {
    for (let at = 0; at < vector.file.length; at += pieceSize) yield vector.file.subarray(at, at + pieceSize)
  }
  try {
    for await (const plain of decrypting(pieces(), vector.fields['identity'] ?? [])) hash.update(plain)
    return { verdict: 'success', payload: hash.digest('hex') }
  } catch (error) {
    const fault = faultIn(error)
    if (fault === undefined) throw error
    if (fault.code === 'wrong-key') return { verdict: 'no match', payload: '' }
    const why = fault.why ?? ''
    const verdict = why.includes('checksum of its header is wrong')
      ? 'HMAC failure'
      : /header|begin/.test(why)
        ? 'header failure'
        : 'payload failure'
    return { verdict, payload: hash.digest('hex') }
  }
}

const all = Object.entries<Uint8Array>(cctv).map(([name, bytes]) => parse(name, bytes))
const ours = all.filter(applies)

describe('age, against the vectors of C2SP/CCTV', () => {
  test('most vectors are about what the vault uses', () => {
    expect(ours.length).toBeGreaterThanOrEqual(60)
  })
  test.each(ours.map((vector) => [vector.name, vector] as const))('%s', async (_, vector) => {
    for (const pieceSize of [vector.file.length, 65_552, 1000]) {
      const { verdict, payload } = await outcome(vector, Math.max(1, pieceSize))
      const released = verdict === 'success' || verdict === 'payload failure'
      expect({ verdict, payload: released ? payload : undefined }).toEqual({
        verdict: vector.fields['expect']?.[0],
        payload: vector.fields['payload']?.[0],
      })
    }
  })
})
