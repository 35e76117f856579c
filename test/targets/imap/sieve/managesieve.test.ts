import { assert, property, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../../../src/config/secret.ts'
import { ManageSieve } from '../../../../targets/imap/sieve/managesieve.ts'
import { tokensIn } from '../../../../targets/imap/sieve/managesieve-lines.ts'
import { sieveServer } from '../../../testbed/sieve/server.ts'

const never = new AbortController().signal
const access = (port: number, password = 'admin-secret') => ({
  host: '127.0.0.1',
  port,
  security: 'plain' as const,
  authorize: 'ada@acme.example',
  user: 'admin',
  password: new Secret(() => Promise.resolve(password)),
})

describe('scripts of a person', () => {
  test('are stored, listed, read back byte for byte, switched on and deleted', async () => {
    await using server = await sieveServer({ extensions: ['fileinto', 'Vacation'] })
    await using session = await ManageSieve.open(access(server.port), never)
    expect(session.extensions).toEqual(new Set(['fileinto', 'vacation']))
    const script = 'keep; # "quoted" {5}\r\n'
    await session.put('fallreep', script)
    expect(await session.list()).toEqual([{ name: 'fallreep', active: false }])
    expect(await session.get('fallreep')).toBe(script)
    await session.activate('fallreep')
    expect(await session.list()).toEqual([{ name: 'fallreep', active: true }])
    await expect(session.delete('fallreep')).rejects.toMatchObject({ code: 'rejected' })
    await session.activate('')
    await session.delete('fallreep')
    await expect(session.get('fallreep')).rejects.toMatchObject({ code: 'gone' })
    expect([...server.people.keys()]).toEqual(['ada@acme.example'])
  })

  test('a script the server cannot read is refused with its reason, and the session goes on', async () => {
    await using server = await sieveServer()
    await using session = await ManageSieve.open(access(server.port), never)
    await expect(session.put('bad', 'syntax error')).rejects.toMatchObject({ code: 'rejected', message: expect.stringContaining('line 3') })
    await session.put('good', 'keep;')
    expect(await session.list()).toHaveLength(1)
  })

  test('a refused login says so and never shows the password', async () => {
    await using server = await sieveServer()
    const error: unknown = await ManageSieve.open(access(server.port, 'hunter2'), never).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'auth', remedy: expect.stringContaining('master') })
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2')
    expect(String(error)).not.toContain(Buffer.from('hunter2').toString('base64').slice(0, 6))
  })

  test('a server without STARTTLS, one that is not there, and one that hangs up are told apart', async () => {
    await using server = await sieveServer({ dropAt: 'LISTSCRIPTS' })
    await expect(ManageSieve.open({ ...access(server.port), security: 'starttls' }, never)).rejects.toMatchObject({ code: 'config' })
    await using session = await ManageSieve.open(access(server.port), never)
    await expect(session.list()).rejects.toMatchObject({ code: 'unavailable', retry: { type: 'backoff' } })
    const { port } = server
    await server[Symbol.asyncDispose]()
    await expect(ManageSieve.open(access(port), never)).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('waiting ends with the abort', async () => {
    await using server = await sieveServer()
    const stop = new AbortController()
    await using session = await ManageSieve.open(access(server.port), stop.signal)
    const reason = new Error('enough')
    const waiting = session.list()
    stop.abort(reason)
    await waiting.catch(() => undefined)
    await expect(session.list()).rejects.toBe(reason)
  })
})

test('what a server says is read the same however it is cut, and never beyond its end', () => {
  const line = Buffer.from('"a \\"b\\"" {7}\r\nx\r\n"y}z (TAG) ACTIVE\r\nOK\r\n')
  const whole = tokensIn(line)
  expect(whole?.tokens.map(({ text }) => text)).toEqual(['a "b"', 'x\r\n"y}z', '(TAG)', 'ACTIVE'])
  for (let cut = 0; cut < (whole?.bytes ?? 0); cut++) expect(tokensIn(line.subarray(0, cut))).toBeUndefined()
  assert(
    property(uint8Array({ maxLength: 200 }), (bytes) => {
      const found = tokensIn(Buffer.from(bytes))
      expect(found === undefined || found.bytes <= bytes.length).toBe(true)
    }),
  )
})
