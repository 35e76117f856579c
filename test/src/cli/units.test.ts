import { describe, expect, test } from 'vitest'
import { exitCodeMeanings, exitCodeOf, exitCodes, worstOf } from '../../../src/cli/exit-code.ts'
import { failureOf, Interrupted } from '../../../src/cli/failure.ts'
import { bytesText, durationText, parseDuration, table } from '../../../src/cli/format.ts'
import { codeOf } from '../../../src/cli/import.ts'
import { failureText } from '../../../src/cli/render/text.ts'
import { lossTable } from '../../../src/cli/loss-text.ts'
import { ulid } from '../../../src/cli/run-id.ts'
import { Fault, type FaultCode } from '../../../src/fault.ts'
import { failedResult, sampleResult } from '../observe/report-fixture.ts'

const signal = new AbortController().signal
const context = { run: 'RUN', position: undefined, resume: undefined, signal }

describe('exit codes', () => {
  test.each<[FaultCode, number]>([
    ['usage', 2],
    ['config', 2],
    ['auth', 4],
    ['permission', 4],
    ['wrong-key', 12],
    ['no-vault', 10],
    ['locked', 11],
    ['throttled', 75],
    ['unavailable', 75],
    ['cancelled', 130],
    ['gone', 1],
    ['conflict', 1],
    ['corrupt', 1],
    ['rejected', 1],
  ])('%s is %i', (code, exit) => expect(exitCodeOf(code)).toBe(exit))

  test('every code has a meaning in help', () => {
    expect(exitCodeMeanings.map(([code]) => code)).toEqual(Object.values(exitCodes))
  })

  test('of several the gravest counts, and temporary is worse than partial', () => {
    expect(worstOf([])).toBe(0)
    expect(worstOf([0, 3, 75])).toBe(75)
    expect(worstOf([3, 5, 0])).toBe(5)
    expect(worstOf([4, 1])).toBe(1)
  })

  test('an import ends with 5 for what nothing explains, with 3 for what the target refused, else with 0', () => {
    expect(codeOf(sampleResult())).toBe(0)
    expect(codeOf(failedResult())).toBe(5)
    const { applied, snapshot } = sampleResult()
    expect(codeOf(sampleResult({ applied: { ...applied, failed: 1 } }))).toBe(3)
    expect(codeOf(sampleResult({ snapshot: { ...snapshot, state: 'partial' } }))).toBe(3)
  })
})

describe('errors', () => {
  test('a Fault inside other errors is found', () => {
    const fault = new Fault({ code: 'locked', what: 'Somebody writes here', remedy: 'Wait' })
    expect(failureOf(new Error('outer', { cause: fault }), context)).toMatchObject({
      code: 'locked',
      exitCode: 11,
      what: 'Somebody writes here',
      remedy: 'Wait',
    })
  })

  test('anything else is a defect, with its stack and without secrets', () => {
    const report = failureOf(new TypeError('cannot read xoxb-1234567890-secretpart'), context)
    expect(report).toMatchObject({ code: 'defect', exitCode: 1 })
    expect(`${report.what}${report.stack}`).not.toContain('secretpart')
    expect(report.stack).toContain('units.test.ts')
  })

  test('an interruption says that the checkpoint is saved and how to continue', () => {
    const controller = new AbortController()
    controller.abort(new Interrupted('SIGINT'))
    const report = failureOf(controller.signal.reason, {
      ...context,
      resume: 'fallreep backup acme',
      position: '41 of 412 collections',
      signal: controller.signal,
    })
    expect(report).toMatchObject({ code: 'cancelled', exitCode: 130, what: 'Stopped by SIGINT, checkpoint saved' })
    expect(failureText(report, { paint: (_, text) => text })).toContain(
      'state: 41 of 412 collections; rerun `fallreep backup acme` to continue',
    )
  })
})

describe('words for people', () => {
  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [812 * 2 ** 20, '812 MiB'],
  ])('%i bytes are %s', (bytes, text) => expect(bytesText(bytes)).toBe(text))
  test.each([
    [0.42, '0.4s'],
    [42, '42s'],
    [125, '2m 05s'],
    [59.7, '1m 00s'],
    [3_599.9, '1h 00m'],
    [11_220, '3h 07m'],
    [353_000, '4d 02h'],
  ])('%f seconds are %s', (seconds, text) => expect(durationText(seconds)).toBe(text))
  test.each([
    ['2h', 7_200_000],
    ['90m', 5_400_000],
    ['1.5 d', 129_600_000],
    ['2', undefined],
    ['h', undefined],
  ])('%s is %s ms', (text, ms) => expect(parseDuration(text)).toBe(ms))
  test('columns line up', () =>
    expect(
      table([
        ['a', 'bb'],
        ['ccc', 'd'],
      ]),
    ).toBe('a    bb\nccc  d'))
  test('run ids sort by time', () => {
    const ids = [1, 2, 3].map((at) => ulid(new Date(at * 1e12)))
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(Array.from({ length: 500 }, () => ulid(new Date(0)))).size).toBe(500)
  })
})

test('losses of all stages are told together, most frequent first, and a long list is cut', () => {
  const loss = (field: string, count: number, stage: 'map' | 'export' = 'map') =>
    ({ stage, code: 'text-changed', effect: 'degraded', field, kind: 'message', count }) as const
  const many = Array.from({ length: 13 }, (_, index) => loss(`f${index}`, 100 - index))
  const text = lossTable([...many, loss('f12', 900, 'export')])
  expect(text.split('\n').slice(0, 2)).toEqual(['2,122 losses:', '  988  message  text-changed  degraded: f12'])
  expect(text).toMatch(/\n {2}and 1 more reason$/)
  expect(lossTable([])).toBe('no losses')
})
