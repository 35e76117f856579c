import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Item } from '../../src/contract/item.ts'
import { everyFile } from '../support/files.ts'
import { dayInGoogle, dayInMicrosoft } from '../support/office-days.ts'
import { officeWorkshop, type OfficeWorkshop } from '../support/office-workshop.ts'

const run = promisify(execFile)
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

let shop: OfficeWorkshop
let tree: string
/** What is alive in the newest snapshots of both sources. */
let alive: readonly Item[]
beforeAll(async () => {
  shop = await officeWorkshop()
  await shop.night()
  dayInGoogle(shop.google)
  dayInMicrosoft(shop.graph)
  await shop.night()
  alive = [...(await shop.items('google')), ...(await shop.items('m365'))]
  const key = join(shop.stateDir, '..', 'escrow.key')
  await writeFile(key, `${shop.vault.keys.escrow[1].identity}\n`, { mode: 0o600 })
  const out = join(shop.stateDir, '..', 'restored')
  const { stderr } = await run('sh', [join(shop.vault.dir, 'restore.sh'), key, out])
  if (!stderr.includes('restored to')) throw new Error(stderr)
  tree = join(out, 'tree')
})
afterAll(() => shop[Symbol.asyncDispose]())

/** The commands that stand in RESTORE.md below a heading. */
async function recipe(heading: string): Promise<string> {
  const guide = await readFile(join(shop.vault.dir, 'RESTORE.md'), 'utf8')
  const from = guide.indexOf(`### ${heading}`)
  expect(from).toBeGreaterThan(0)
  const part = guide.slice(from).split(/\n##/)[0] ?? ''
  return part
    .split('\n')
    .filter((line) => line.startsWith('    '))
    .map((line) => line.slice(4))
    .join('\n')
}

describe("with Debian's tools and nothing of ours", () => {
  test('every mail is a file that a mail program opens, byte for byte as it was', async () => {
    const files = (await everyFile(tree)).filter(({ name }) => name.endsWith('.eml'))
    const restored = new Set(files.map(({ bytes }) => sha256(bytes)))
    const mails = alive.flatMap((item) => (item.kind === 'mail' ? item.blobs : [])).flatMap((blob) => (blob === null ? [] : [blob.sha256]))
    expect(mails.length).toBeGreaterThan(40)
    expect(mails.filter((hash) => !restored.has(hash))).toEqual([])
    // And these are the bytes that Gmail gave, of every broken mail too.
    const box = shop.google.mail.of('ada')
    const given = box.ids.flatMap((id) => box.mail(id).bytes?.() ?? []).map(sha256)
    expect(given.length).toBeGreaterThan(20)
    expect(given.filter((hash) => !restored.has(hash))).toEqual([])
  })

  test('events, tasks and contacts become files by the commands of RESTORE.md, the last state of each and none that is gone', async () => {
    const commands = await recipe('Events, tasks and contacts as files')
    const made = { ics: [] as string[], vcf: [] as string[], pictures: [] as string[] }
    const folders = (await readdir(tree, { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isDirectory() && /tree\/(calendar|tasks|contacts)/.test(join(entry.parentPath, entry.name)),
    )
    for (const { parentPath, name } of folders) {
      const folder = join(parentPath, name)
      if (!(await readdir(folder)).some((file) => file.endsWith('.ndjson'))) continue
      const { stdout } = await run('sh', ['-e', '-c', commands], { cwd: folder })
      made.pictures.push(...stdout.split('\n').filter((line) => line.includes('\t')))
      for (const file of await readdir(folder)) {
        if (file.endsWith('.ics')) made.ics.push(await readFile(join(folder, file), 'utf8'))
        if (file.endsWith('.vcf')) made.vcf.push(await readFile(join(folder, file), 'utf8'))
      }
    }
    const dates = alive.flatMap((item) => (item.kind === 'event' || item.kind === 'task' ? [item.body.ics] : []))
    expect(dates.length).toBeGreaterThan(20)
    expect(made.ics.toSorted(byText)).toEqual(dates.toSorted(byText))
    const cards = alive.flatMap((item) => (item.kind === 'contact' ? [item.body.vcf] : []))
    const inBooks = made.vcf.flatMap((book) => book.split(/(?<=END:VCARD\r\n)/))
    expect(inBooks.filter((card) => card !== '').toSorted(byText)).toEqual(cards.toSorted(byText))
    const pictures = new Set((await everyFile(join(tree, 'files'))).map(({ bytes }) => sha256(bytes)))
    expect(made.pictures.length).toBeGreaterThan(1)
    for (const line of made.pictures) expect(pictures.has(line.split('\t')[1] ?? '')).toBe(true)
  })
})
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
