import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Unzip } from '../../../src/bundle/unzip.ts'
import { collectionId, cursor, itemId } from '../../../src/contract/ids.ts'
import type { Item, Kind } from '../../../src/contract/item.ts'
import { exportSnapshot } from '../../../src/engine/export.ts'
import { calendarOf, inboxOf, itemOf, mailOf } from '../../support/mail-items.ts'
import { memoryVault } from '../../support/memory-vault.ts'

const never = new AbortController().signal
const ics = 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:e1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'

test('a person’s mail, calendar and contacts come out as files that other programs open, each mail once', async () => {
  const vault = memoryVault()
  const writer = await vault.begin('acme', never)
  const put = async (service: string, kinds: readonly Kind[], items: readonly Item[]): Promise<void> => {
    const collection = { id: collectionId(`${service}/ada`), title: 'ada@acme.example', kinds, owner: itemId('account', 'ada') }
    await writer.begin(collection)
    for (const item of items) await writer.write(collection.id, { type: 'upsert', item })
    await writer.write(collection.id, { type: 'checkpoint', cursor: cursor('1') })
  }
  const init = { mediaType: 'message/rfc822', name: '1.eml', key: '1', kind: 'mail', collection: collectionId('mail/ada') } as const
  await writer.begin({ id: init.collection, title: 'ada@acme.example', kinds: ['mailbox', 'mail'], owner: itemId('account', 'ada') })
  const blob = await writer.putBlob(new Blob(['Subject: x\r\n\r\nbody']).stream(), init, never)
  await put('mail', ['mailbox', 'mail'], [inboxOf('ada'), mailOf('ada', 'm1', '2026-03-05T10:00:00.000000Z', blob)])
  const event = itemOf('event', 'e1', collectionId('calendars/ada'), {
    calendar: 'calendar/ada-Work',
    uid: 'e1',
    ics,
    start: null,
    recurring: false,
    attachments: [],
  })
  await put(
    'calendars',
    ['calendar', 'event'],
    [calendarOf('ada', 'Work/../x'), { ...event, body: { ...event.body, calendar: calendarOf('ada', 'Work/../x').id } }],
  )
  const manifest = await writer.commit('complete')

  const dir = await mkdtemp(join(tmpdir(), 'fallreep-export-'))
  try {
    await using reader = await vault.read(manifest.id, never)
    await exportSnapshot(reader, join(dir, 'out.zip'), 'zip', never)
    await using zip = await Unzip.open(join(dir, 'out.zip'), never)
    const names = [...zip.entries.keys()].filter((name) => name.startsWith('people/'))
    expect(names.toSorted()).toEqual([
      'people/ada@acme.example/calendars.jsonl',
      'people/ada@acme.example/calendars/Work_.._x.ics',
      'people/ada@acme.example/mail 2026-03.jsonl',
      'people/ada@acme.example/mail/INBOX/2026-03-05_m1.eml',
      'people/ada@acme.example/mailboxes.jsonl',
    ])
    const read = async (name: string): Promise<string> => {
      const entry = zip.entries.get(name)
      return entry === undefined ? '' : Buffer.from(await zip.read(entry, never)).toString()
    }
    expect(await read('people/ada@acme.example/mail/INBOX/2026-03-05_m1.eml')).toBe('Subject: x\r\n\r\nbody')
    expect(await read('people/ada@acme.example/calendars/Work_.._x.ics')).toContain('UID:e1\r\n')
    expect(JSON.parse(await read('people/ada@acme.example/mail 2026-03.jsonl'))).toMatchObject({
      mailboxes: ['mailbox/ada/INBOX'],
      blobs: ['people/ada@acme.example/mail/INBOX/2026-03-05_m1.eml'],
    })
  } finally {
    await rm(dir, { recursive: true })
  }
})
