import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redactJson, redactText, redactUrl } from '../../../src/http/redact.ts'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'.split('')
const canary = fc.array(fc.constantFrom(...letters), { minLength: 16, maxLength: 40 }).map((all) => `cAnArY${all.join('')}`)
const prose = fc.string({ unit: fc.constantFrom(...'abc äé {}[]"\',;:\n\t/-_.<>'.split('')), maxLength: 20 })

/** Every shape in which a secret has been seen to travel. */
const shapes: readonly (readonly [string, (secret: string) => string])[] = [
  ['bot token', (secret) => `xoxb-1234-5678-${secret}`],
  ['rotated token', (secret) => `xoxe.xoxp-1-${secret}`],
  ['app token', (secret) => `xapp-1-A0-${secret}`],
  ['export link', (secret) => `https://files.slack.com/files-pri/T1-F1/a.png?t=xoxe-1-${secret}`],
  ['export link, rewritten', (secret) => `https://files.example/a.png?x=1&t=${secret}`],
  ['header', (secret) => `Authorization: Bearer ${secret}`],
  ['header in JSON', (secret) => JSON.stringify({ authorization: `Bearer ${secret}` })],
  ['JSON in JSON', (secret) => JSON.stringify(JSON.stringify({ access_token: secret }))],
  ['form', (secret) => `token=${secret}&channel=C1`],
  ['query', (secret) => `/oauth?client_secret=${secret}&code=${secret}`],
  ['signed link', (secret) => `https://s3.example/b?X-Amz-Signature=${secret}&X-Amz-Credential=${secret}`],
  ['user info', (secret) => `https://admin:${secret}@cloud.example/dav`],
  ['cookie', (secret) => `cookie: ${secret}`],
  ['GitHub', (secret) => `ghp_${secret}`],
  ['inspected object', (secret) => `{ password: '${secret}' }`],
]

describe('redaction of text', () => {
  test.each(shapes)('takes out a %s, whatever stands around it', (_name, shape) => {
    fc.assert(
      fc.property(canary, prose, prose, (secret, before, after) => {
        expect(redactText(`${before} ${shape(secret)} ${after}`)).not.toContain(secret)
      }),
      { numRuns: 60 },
    )
  })

  test('leaves ordinary lines as they are', () => {
    const line = '{"level":"info","msg":"41 of 412 channels saved","source":"acme-slack","route":"conversations.history","status":200}'
    expect(redactText(line)).toBe(line)
    expect(redactText('Slack says that token verification failed')).toBe('Slack says that token verification failed')
    expect(redactUrl('https://slack.com/api/users.list?limit=200&cursor=dXNlcg')).toBe(
      'https://slack.com/api/users.list?limit=200&cursor=dXNlcg',
    )
  })

  test('done twice equals done once', () => {
    fc.assert(
      fc.property(fc.constantFrom(...shapes), canary, prose, ([, shape], secret, around) => {
        const once = redactText(`${around} ${shape(secret)} ${around}`)
        expect(redactText(once)).toBe(once)
      }),
    )
  })

  test('keeps a JSON line parseable', () => {
    fc.assert(
      fc.property(
        canary,
        fc.dictionary(fc.constantFrom('token', 'password', 'authorization', 'msg', 'url'), fc.string()),
        (secret, fields) => {
          const line = JSON.stringify({ ...fields, token: secret, url: `https://x.example/?t=${secret}`, header: `Bearer ${secret}` })
          const redacted = redactText(line)
          expect(() => JSON.parse(redacted) as unknown).not.toThrow()
          expect(redacted).not.toContain(secret)
        },
      ),
    )
  })
})

describe("redaction of a vendor's JSON", () => {
  test('takes tokens out of addresses and out of fields that are a token', () => {
    expect(
      redactJson({
        files: [{ url_private: 'https://files.slack.com/a.png?t=xoxe-1-abc', size: 3, mode: null }],
        token: 'xoxb-1-2-abc',
        deep: { ok: true },
      }),
    ).toEqual({
      files: [{ url_private: 'https://files.slack.com/a.png?t=[redacted]', size: 3, mode: null }],
      token: '[redacted]',
      deep: { ok: true },
    })
  })

  test('never touches prose', () => {
    const text = 'the password: swordfish, Bearer of bad news, see https://x.example/?t=1 and xoxb-1-2-abc'
    expect(redactJson({ text })).toEqual({ text })
  })
})
