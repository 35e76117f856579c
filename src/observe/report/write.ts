import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RunFiles, RunResult } from '../../engine/api.ts'
import { linesOf, readLists } from './lists.ts'
import type { Lang } from './locale.ts'
import { reportPage } from './page.ts'

/**
 * Writes `BASE.html` and `BASE.json`. The HTML holds the head of each long list and says how long it is;
 * the JSON holds all of it: `{type, version, result, losses, findings}`.
 */
export async function writeReport(
  result: RunResult,
  files: Pick<RunFiles, 'losses' | 'findings'>,
  to: { readonly base: string; readonly lang: Lang },
  signal: AbortSignal,
): Promise<{ readonly html: string; readonly json: string }> {
  const { base } = to
  await mkdir(dirname(base), { recursive: true, mode: 0o700 })
  const page = reportPage(result, await readLists(files, signal), to.lang)
  await writeFile(`${base}.html.tmp`, page, { mode: 0o600 })
  await rename(`${base}.html.tmp`, `${base}.html`)
  await writeJsonReport(`${base}.json`, result, files, signal)
  return { html: `${base}.html`, json: `${base}.json` }
}

/** One line per entry, so that a list of a million is written and read without holding it. */
async function writeJsonReport(
  path: string,
  result: RunResult,
  files: Pick<RunFiles, 'losses' | 'findings'>,
  signal: AbortSignal,
): Promise<void> {
  const out = createWriteStream(`${path}.tmp`, { mode: 0o600, signal })
  const put = async (text: string): Promise<void> => {
    if (!out.write(text)) await once(out, 'drain', { signal })
  }
  const list = async (name: string, file: string): Promise<void> => {
    let between = '\n'
    await put(`,\n"${name}":[`)
    for await (const line of linesOf(file, signal)) {
      await put(between + line)
      between = ',\n'
    }
    await put(']')
  }
  await put(`{"type":"report","version":1,\n"result":${JSON.stringify(result)}`)
  await list('losses', files.losses)
  await list('findings', files.findings)
  out.end('}\n')
  await once(out, 'close', { signal })
  await rename(`${path}.tmp`, path)
}
