import { describe, expect, test } from 'vitest'
import { Fault } from '../../../src/fault.ts'
import { createLog, type LogOptions } from '../../../src/observe/log.ts'

const CANARY = 'xoxb-1234-canarycanarycanary'

function world(options: Partial<LogOptions> = {}) {
  const lines: string[] = []
  return { lines, log: createLog({ level: 'debug', format: 'json', write: (line) => void lines.push(line), ...options }) }
}

describe('the log', () => {
  test('writes one JSON object a line, with what the run is about', () => {
    const { log, lines } = world({ fields: { run: 'r1' } })
    log.with({ source: 'acme' }).warn('a node failed', { status: 503 })
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', msg: 'a node failed', run: 'r1', source: 'acme', status: 503 })
  })

  test('is quiet below its level', () => {
    const { log, lines } = world({ level: 'warn' })
    log.debug('x')
    log.info('x')
    log.warn('y')
    expect(lines).toHaveLength(1)
  })

  test.each(['json', 'text'] as const)('lets no secret through as %s, wherever it hides', (format) => {
    const { log, lines } = world({ format, fields: { where: `https://x.example/?token=${CANARY}` } })
    log.info(`got ${CANARY}`, { headers: { authorization: `Bearer ${CANARY}` }, url: `https://x.example/?t=${CANARY}`, list: [CANARY] })
    log.warn('failed', { err: new Error(CANARY), cause: new Fault({ code: 'auth', what: `refused ${CANARY}` }) })
    expect(lines.join('')).not.toContain('canary')
    expect(lines).toHaveLength(2)
  })

  test('keeps the messages of foreign errors out, for they may quote what was read', () => {
    const { log, lines } = world()
    log.warn('failed', { err: Object.assign(new TypeError('cannot read "Dear Ada"'), { code: 'EBAD' }) })
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ err: { name: 'TypeError', code: 'EBAD' } })
    expect(lines[0]).not.toContain('Ada')
  })

  test('reads as text, and a value cannot forge a line', () => {
    const { log, lines } = world({ format: 'text' })
    log.warn('request will be sent again', { route: 'users.list', title: 'a\n12:00:00 warn  forged' })
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d warn {2}request will be sent again {2}route=users\.list title="a\\n12:00:00 warn {2}forged"\n$/,
    )
  })
})
