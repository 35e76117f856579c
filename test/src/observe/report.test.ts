import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LossCode } from '../../../src/contract/fidelity.ts'
import { escaped, markup } from '../../../src/observe/report/html.ts'
import { readLists } from '../../../src/observe/report/lists.ts'
import { localeOf } from '../../../src/observe/report/locale.ts'
import { reportPage } from '../../../src/observe/report/page.ts'
import { writeReport } from '../../../src/observe/report/write.ts'
import { failedResult, sampleFiles, sampleResult } from './report-fixture.ts'

const { signal } = new AbortController()
const pageOf = async (result = sampleResult()): Promise<string> => reportPage(result, await readLists(await sampleFiles(), signal), 'en')

describe('the page', () => {
  test('holds both languages and shows the wanted one first', async () => {
    const lists = await readLists(await sampleFiles(), signal)
    const german = reportPage(sampleResult(), lists, 'de')
    expect(german).toContain('<html lang="de">')
    expect(german).toContain('id="show-de" checked>')
    expect(german).toContain('<h1>Probebericht</h1>')
    expect(german).toContain('<h1>Rehearsal report</h1>')
  })

  test('asks nothing of the network and runs nothing', async () => {
    const page = await pageOf()
    expect(page).not.toMatch(/<script|<iframe|<link (?!rel="icon" href="data:,")|\bstyle="|\bon\w+="|@import|url\(/)
    expect(page).not.toMatch(/(?:src|href)="(?!#|data:,)/)
    expect(page).toMatch(/Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-/)
  })

  test('shows hostile names as text', async () => {
    const page = await pageOf()
    expect(page).toContain('büro-münchen &lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page).toContain('file was deleted at Slack &lt;b&gt;&amp;amp;&quot;quoted&quot;&lt;/b&gt;')
  })

  test('has every id once, and every link leads somewhere', async () => {
    const page = await pageOf()
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target)
  })

  test('says in words, not in colours, whether it passed', async () => {
    expect(await pageOf()).toContain('Passed: everything arrived, or a recorded loss says why not.')
    const failed = await pageOf(failedResult())
    expect(failed).toContain('Not passed: some items differ or are missing')
    expect(failed).toContain('expected 1700000001000, found 1700000001001')
  })

  test('calls itself invalid when the sum does not hold', async () => {
    const page = await pageOf(sampleResult({ totals: { planned: 10, matched: 8, explained: 1, differs: 0, missing: 0 } }))
    expect(page).toContain('THE SUM DOES NOT HOLD')
    expect(page).toContain('Not passed')
  })

  test('shows the head of a long list and says how much there is', async () => {
    const page = await pageOf()
    expect(page).toContain('240 entries')
    expect(page).toContain('and 190 more for this reason, in full in the JSON file beside this report')
    expect(page.length).toBeLessThan(250_000)
  })

  test('a cutover without losses is a short report', async () => {
    const clean = sampleResult({
      command: 'cutover',
      totals: { planned: 5, matched: 5, explained: 0, differs: 0, missing: 0 },
      losses: [],
      lossesTotal: 0,
      leftovers: [],
      foreign: 0,
    })
    const page = reportPage(clean, { losses: new Map(), findings: { shown: [], total: 0 } }, 'en')
    for (const text of ['Cutover report', 'Passed: everything arrived as it was.', 'Nothing was lost.', 'Nichts ging verloren.'])
      expect(page).toContain(text)
  })
})

describe('the JSON beside it', () => {
  test('holds every loss and finding, however many', async () => {
    const files = await sampleFiles(3_000)
    const { json, html: page } = await writeReport(
      failedResult(),
      files,
      { base: join(files.directory, 'out', 'report'), lang: 'en' },
      signal,
    )
    const report = JSON.parse(await readFile(json, 'utf8')) as {
      type: string
      result: object
      losses: readonly object[]
      findings: readonly object[]
    }
    expect(report.losses).toHaveLength(3_056)
    expect(report.findings).toHaveLength(3)
    expect(report).toMatchObject({ type: 'report', version: 1, result: JSON.parse(JSON.stringify(failedResult())) as object })
    expect(await readFile(page, 'utf8')).toContain('and 2,950 more for this reason')
  })

  test('is written for a run without losses too', async () => {
    const { directory } = await sampleFiles()
    const { json } = await writeReport(
      sampleResult(),
      { losses: join(directory, 'none'), findings: join(directory, 'none') },
      { base: join(directory, 'report'), lang: 'de' },
      signal,
    )
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({ losses: [], findings: [] })
  })
})

test('markup escapes everything that is not markup, and drops what a page cannot hold', () => {
  expect(markup`<p>${'<b>'}${markup`<i>${"'"}</i>`}${[1, undefined, '&']}</p>`.text).toBe('<p>&lt;b&gt;<i>&#39;</i>1&amp;</p>')
  expect(escaped('a\u0000b\ud800c\td')).toBe('a\uFFFDb\uFFFDc\td')
})

describe('languages', () => {
  const [en, de] = [localeOf('en'), localeOf('de')]
  test('numbers, sizes, durations and times follow the language', () => {
    expect([en.count(12_418), de.count(12_418)]).toEqual(['12,418', '12.418'])
    expect([en.bytes(1_536), de.bytes(1_536)]).toEqual(['1.5 KiB', '1,5 KiB'])
    expect([en.duration(2_551), de.duration(2_551)]).toEqual(['42m 31s', '42 Min. 31 Sek.'])
    expect([en.time('2026-11-23T03:12:00Z'), de.time('2026-11-23T03:12:00Z')]).toEqual([
      '23 November 2026 at 03:12 UTC',
      '23. November 2026 um 03:12 UTC',
    ])
  })

  test('a share is never rounded up to all', () => {
    expect(en.percent(999_999, 1_000_000)).toBe('99.99%')
    expect(en.percent(5, 5)).toBe('100.00%')
  })

  test('every reason has a text in both languages', () => {
    const codes: Readonly<Record<LossCode, true>> = {
      'no-such-concept': true,
      'too-large': true,
      'author-replaced': true,
      'time-replaced': true,
      'access-narrowed': true,
      'withheld-by-source': true,
      'name-changed': true,
      'text-changed': true,
      'invalid-at-source': true,
      'rejected-by-target': true,
      'excluded-by-policy': true,
    }
    for (const { say } of [en, de]) expect(Object.keys(say.codes).toSorted()).toEqual(Object.keys(codes).toSorted())
  })
})
