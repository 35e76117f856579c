import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeReport } from '../../src/observe/report/write.ts'
import { failedResult, sampleFiles, sampleResult } from '../src/observe/report-fixture.ts'
import { openPage, type Page } from './chromium.ts'

let page: Page
let directory: string
beforeAll(async () => {
  page = await openPage()
  directory = process.env['FALLREEP_SCREENSHOTS'] ?? (await mkdtemp(join(tmpdir(), 'fallreep-screenshots-')))
})
afterAll(() => page[Symbol.asyncDispose]())

async function openReport(lang: 'de' | 'en', result = sampleResult()): Promise<string> {
  const files = await sampleFiles()
  const { html } = await writeReport(result, files, { base: join(files.directory, 'report'), lang }, new AbortController().signal)
  const url = pathToFileURL(html).href
  await page.goto(url)
  return url
}
async function screen(width: number, name: string): Promise<void> {
  await page.send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 })
  const height = Math.min(8_000, Number(await page.evaluate('document.documentElement.scrollHeight')))
  const { data } = await page.send('Page.captureScreenshot', { captureBeyondViewport: true, clip: { x: 0, y: 0, width, height, scale: 1 } })
  await writeFile(join(directory, `${name}.png`), Buffer.from(String(data), 'base64'))
}
const visible = (): Promise<unknown> =>
  page.evaluate(`[...document.querySelectorAll('main')].filter((main) => main.offsetHeight > 0).map((main) => main.lang).join()`)

describe.each(['de', 'en'] as const)('the report, opened in %s', (lang) => {
  test('shows its language, and the other one at a click, without a script', async () => {
    await openReport(lang)
    expect(await visible()).toBe(lang)
    const other = lang === 'de' ? 'en' : 'de'
    await page.evaluate(`document.querySelector('label[for="show-${other}"]').click()`)
    expect(await visible()).toBe(other)
  })

  test('asks for nothing but itself and leaves the console empty', async () => {
    const [requests, lines] = [page.requests.length, page.console.length]
    const url = await openReport(lang, failedResult())
    expect(page.requests.slice(requests).filter((asked) => !asked.startsWith('data:'))).toEqual([url])
    expect(page.console.slice(lines)).toEqual([])
  })

  test('its style sheet counts although the policy forbids everything else', async () => {
    await openReport(lang)
    expect(await page.evaluate(`getComputedStyle(document.querySelector('main table')).borderCollapse`)).toBe('collapse')
    await page.evaluate(
      `document.body.insertAdjacentHTML('beforeend', '<img src="https://example.org/x.png" onerror="window.ran = true">')`,
    )
    expect(await page.evaluate('window.ran')).toBeUndefined()
  })

  test.each([1100, 390, 320])('fits a screen of %i pixels without scrolling sideways', async (width) => {
    await openReport(lang, failedResult())
    await screen(width, `report-${lang}-${width}`)
    expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(true)
  })

  test('prints on A4 in the chosen language, with nothing cut off', async () => {
    await openReport(lang)
    const { data } = await page.send('Page.printToPDF', { preferCSSPageSize: true, printBackground: true })
    const pdf = Buffer.from(String(data), 'base64')
    await writeFile(join(directory, `report-${lang}.pdf`), pdf)
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    const pages = pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0
    expect(pages).toBeGreaterThan(3)
    expect(pages).toBeLessThan(20)
  })
})

test('is readable by a screen reader: names, headings in order, tables with headers', async () => {
  await openReport('en', failedResult())
  await page.send('Accessibility.enable')
  const { nodes } = (await page.send('Accessibility.getFullAXTree')) as {
    nodes: readonly {
      ignored: boolean
      role?: { value: string }
      name?: { value: string }
      properties?: readonly { name: string; value: { value: unknown } }[]
    }[]
  }
  const shown = nodes.filter(({ ignored }) => !ignored)
  const named = (role: string) => shown.filter((node) => node.role?.value === role).map((node) => node.name?.value ?? '')
  for (const role of ['heading', 'table', 'radio', 'image', 'link', 'navigation']) {
    expect(named(role).length).toBeGreaterThan(0)
    expect(named(role)).not.toContain('')
  }
  const levels = shown
    .filter((node) => node.role?.value === 'heading')
    .map((node) => Number(node.properties?.find(({ name }) => name === 'level')?.value.value))
  expect(levels[0]).toBe(1)
  for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1)
  expect(named('columnheader')).toContain('Planned')
  expect(named('rowheader')).toContain('Messages')
})

test('keeps a contrast of 4.5 to 1 for every text, by day and by night', async () => {
  for (const scheme of ['light', 'dark']) {
    await page.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] })
    await openReport('en', failedResult())
    const poor = await page.evaluate(`(() => {
      const channel = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
      const luminance = (css) => { const [r, g, b] = css.match(/[\\d.]+/g).map(Number); return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b) }
      const background = (node) => { for (; node; node = node.parentElement) { const css = getComputedStyle(node).backgroundColor; if (!/, 0\\)$/.test(css)) return css } return 'rgb(255, 255, 255)' }
      return [...document.querySelectorAll('body *')].filter((node) => node.checkVisibility() && [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim() !== '')).flatMap((node) => {
        if (node.closest('svg')) return []
        const [a, b] = [luminance(getComputedStyle(node).color), luminance(background(node))]
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
        return ratio < 4.5 ? [node.className + ' ' + node.textContent.slice(0, 40) + ' ' + ratio.toFixed(2)] : []
      })
    })()`)
    expect([scheme, poor]).toEqual([scheme, []])
  }
  await page.send('Emulation.setEmulatedMedia', { features: [] })
})
