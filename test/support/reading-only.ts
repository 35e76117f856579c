import { readFile, writeFile } from 'node:fs/promises'
import { parseDocument } from 'yaml'
import { officeSources } from '../testbed/office.ts'

/** Has a configuration read these people alone, so that a test is quick. */
export async function readingOnly(config: string, people: readonly string[]): Promise<void> {
  const settings = parseDocument(await readFile(config, 'utf8'))
  for (const source of officeSources) settings.setIn(['sources', source, 'people'], { include: people })
  await writeFile(config, settings.toString())
}
