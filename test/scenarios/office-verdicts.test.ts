import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { codeOf } from '../../src/cli/import.ts'
import type { RunResult } from '../../src/engine/api.ts'
import { runFiles } from '../../src/engine/runs.ts'
import { writeReport } from '../../src/observe/report/write.ts'
import { subjectOf } from '../support/office-picture.ts'
import { officeWorkshop, type OfficeWorkshop } from '../support/office-workshop.ts'
import { never } from '../support/vault/subject.ts'
import type { StoredFolder, StoredMail } from '../testbed/imap/store.ts'

const ada = 'ada@example.org'
const found = <T>(thing: T | undefined): T => {
  if (thing === undefined) throw new Error('this testbed has no such thing')
  return thing
}
/** A workshop in which a server does this to what stands on it, once all has been written and before it is read back. */
async function tampered(tamper: (shop: OfficeWorkshop) => void): Promise<OfficeWorkshop> {
  const shop = await officeWorkshop({
    people: [ada],
    google: { contactsEach: 2 },
    onEvent: (event, on) => {
      if (event.type === 'stage' && event.stage === 'observe' && event.state === 'started') tamper(on)
    },
  })
  await shop.backup('google')
  return shop
}
/** What was found, as `kind type field`, and that each is named in the report. */
async function verdict(shop: OfficeWorkshop, result: RunResult): Promise<readonly string[]> {
  const findings = await shop.findings(result)
  expect(result.findingsTotal).toBe(findings.length)
  const { differs, missing } = result.totals
  expect(new Set(findings.map(({ item }) => item)).size).toBe(differs + missing)
  expect(codeOf(result)).toBe(5)
  const files = runFiles(shop.stateDir, result.run)
  const { html } = await writeReport(result, files, { base: join(files.directory, 'report'), lang: 'de' }, never)
  const report = await readFile(html, 'utf8')
  for (const { item } of findings) expect(report).toContain(item)
  return findings.map(({ kind, type, field }) => `${kind} ${type} ${field ?? ''}`.trim()).toSorted()
}

function folderOf(shop: OfficeWorkshop, name: string): StoredFolder {
  return found(shop.imap.store.accounts.get(ada)?.folders.get(name))
}
function change(folder: StoredFolder, subject: string, to: (mail: StoredMail) => readonly StoredMail[]): void {
  const at = folder.mails.findIndex(({ bytes }) => subjectOf(bytes) === subject)
  folder.mails.splice(at, 1, ...to(found(folder.mails[at])))
}

describe('a mail server that keeps something else than it was given', () => {
  const clients = 'Clients/Acme'
  test('is caught: a byte, a flag, a time, a mail that is gone, a folder nobody subscribes to', async () => {
    await using shop = await tampered((on) => {
      const folder = folderOf(on, clients)
      change(folder, 'long', (mail) => [{ ...mail, bytes: Buffer.from(mail.bytes.toString('latin1').replace('xxxx', 'xxxy'), 'latin1') }])
      change(folder, 'sealed', (mail) => [{ ...mail, flags: new Set([...mail.flags, '\\Seen']) }])
      change(folder, 'bare', (mail) => [{ ...mail, date: '2026-01-05T00:00:00Z' }])
      change(folder, 'twin', () => [])
      folderOf(on, 'Clients').subscribed = false
    })
    const result = await shop.cutover('google', 'mail')
    expect(await verdict(shop, result)).toEqual([
      'mail differs bytes',
      'mail differs flags',
      'mail differs receivedAt',
      'mail missing',
      'mailbox differs subscribed',
    ])
  })

  test('is caught when it adds a copy of its own: a thing that nobody of ours explains, told and not touched', async () => {
    await using shop = await tampered((on) => {
      const folder = folderOf(on, 'INBOX')
      const [mail] = folder.mails
      on.imap.store.add(folder, found(mail).bytes, found(mail).flags, found(mail).date)
    })
    const result = await shop.cutover('google', 'mail')
    expect([result.foreign, result.totals.differs, result.totals.missing]).toEqual([1, 0, 0])
    expect(folderOf(shop, 'INBOX').mails.length).toBeGreaterThan(1)
  })

  test('is caught by a later run as well, which tells what people did from what was lost', async () => {
    await using shop = await tampered(() => undefined)
    expect(codeOf(await shop.cutover('google', 'mail'))).toBe(0)
    const folder = folderOf(shop, clients)
    // Somebody reads a mail: theirs to do. A byte and a mail are nobody's to lose.
    change(folder, 'sealed', (mail) => [{ ...mail, flags: new Set([...mail.flags, '\\Seen']) }])
    expect(codeOf(await shop.cutover('google', 'mail'))).toBe(0)
    change(folder, 'long', (mail) => [{ ...mail, bytes: Buffer.from(mail.bytes.toString('latin1').replace('xxxx', 'xxxy'), 'latin1') }])
    change(folder, 'twin', () => [])
    expect(await verdict(shop, await shop.cutover('google', 'mail'))).toEqual(['mail differs bytes', 'mail missing'])
  })
})

describe('a calendar and contact server that keeps something else than it was given', () => {
  const objects = ({ dav }: OfficeWorkshop) =>
    dav.state.places
      .filter(({ login }) => login === ada)
      .flatMap((place) => [...place.objects.values()].map((object) => ({ place, object })))
  const holding = (shop: OfficeWorkshop, text: string) => found(objects(shop).find(({ object }) => object.text.includes(text)))

  test('is caught: a title, a time, an occurrence, a guest, an event that is gone, one that is there twice, a task, a title of a calendar', async () => {
    await using shop = await tampered((on) => {
      const { state } = on.dav
      const edit = (holds: string, from: string | RegExp, to: string): void => {
        const { place, object } = holding(on, holds)
        const text = object.text.replace(from, to)
        expect(text).not.toBe(object.text)
        state.put(place, object.name, text)
      }
      edit('SUMMARY:Lunch', 'SUMMARY:Lunch', 'SUMMARY:Launch')
      edit('SUMMARY:Stand-up', /EXDATE.*\r\n/, '')
      edit('SUMMARY:Kick-off', /ATTENDEE[^\n]*\n( [^\n]*\n)*/, '')
      edit('SUMMARY:Board', /DTSTART(.*)T110000/, 'DTSTART$1T120000')
      edit('SUMMARY:Move house', 'DUE;VALUE=DATE:20261201', 'DUE;VALUE=DATE:20261202')
      const gone = holding(on, 'SUMMARY:Holiday')
      state.remove(gone.place, gone.object.name, false)
      const twice = holding(on, 'SUMMARY:Open day')
      state.put(twice.place, 'again.ics', twice.object.text)
      twice.place.props.set('displayname', 'Partners')
    })
    const result = await shop.cutover('google', 'dates')
    expect(await verdict(shop, result)).toEqual([
      'calendar differs title',
      'event differs ATTENDEE',
      'event differs EXDATE',
      'event differs SUMMARY',
      'event differs count',
      'event differs exception "20260401T110000"',
      'event missing',
      'task differs DUE',
    ])
  })

  test('is caught: a number, a picture, a card that is gone', async () => {
    await using shop = await tampered((on) => {
      const { state } = on.dav
      const grace = holding(on, 'Grace Hopper')
      state.put(grace.place, grace.object.name, grace.object.text.replace(/PHOTO[^\n]*\n( [^\n]*\n)*/, ''))
      const first = holding(on, 'contact0@')
      state.put(first.place, first.object.name, first.object.text.replace('contact0@', 'contact9@'))
      const second = holding(on, 'contact1@')
      state.remove(second.place, second.object.name, false)
    })
    const result = await shop.cutover('google', 'cards')
    const findings = await verdict(shop, result)
    expect(findings.filter((line) => line === 'contact missing')).toHaveLength(1)
    expect(result.totals).toMatchObject({ differs: 2, missing: 1 })
  })
})
