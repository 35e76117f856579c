import { afterEach, describe, expect, test } from 'vitest'
import type { ItemId } from '../../../src/contract/ids.ts'
import { definition } from '../../../targets/carddav/definition.ts'
import type { Settings } from '../../../targets/carddav/settings.ts'
import { access, peopled } from '../../testbed/dav/bench.ts'
import { card } from '../../testbed/dav/bodies.ts'
import { type Importing, importing } from '../../testbed/dav/importing.ts'
import type { Mode } from '../../testbed/dav/mode.ts'
import { Source } from '../../testbed/dav/source.ts'
import type { DavTestbed } from '../../testbed/dav/testbed.ts'

let bed: DavTestbed
let source: Source
let book: ItemId
let job: Importing
const start = async (mode: Mode['name'], settings: Partial<Settings> = {}): Promise<void> => {
  bed = await peopled(mode)
  source = new Source()
  source.account('ada')
  book = source.addressbook('ada', 'Contacts')
  job = importing(definition, bed.url, source, { access, ...settings })
}
afterEach(async () => {
  job[Symbol.dispose]()
  await bed[Symbol.asyncDispose]()
})
const texts = (): readonly string[] =>
  bed.state.placesOf('ada@example.org', 'addressbook').flatMap((place) => [...place.objects.values()].map(({ text }) => text))
const picture = (bytes: number) => ({ bytes: new Uint8Array(bytes).fill(7), mediaType: 'image/jpeg' })
const mail = (value: string) => ({ value, types: ['work'], label: null, preferred: false })

describe('cards', () => {
  test('arrive as version 3.0 with their picture, and are read back byte by byte', async () => {
    await start('nextcloud')
    source.contact(book, 'a', card('a', { emails: [mail('a@example.org')], categories: ['Friends', 'A, B'] }), picture(5000))
    const run = await job.once()
    expect([run.wrong, run.losses]).toEqual([[], []])
    const [text = ''] = texts()
    expect(text).toContain('VERSION:3.0')
    expect(text.replaceAll('\r\n ', '')).toContain(`PHOTO;ENCODING=b;TYPE=JPEG:${Buffer.alloc(5000, 7).toString('base64')}`)
    expect(text).toContain('CATEGORIES:Friends,A\\, B')
    const photo = run.observed.find(({ fields }) => fields['PHOTO'] !== undefined)
    expect(JSON.stringify(photo?.fields['PHOTO'])).toContain('sha256:')
  })

  test('arrive as version 4.0 where that is asked for', async () => {
    await start('generic', { version: '4.0' })
    source.contact(book, 'a', card('a'), picture(10))
    expect((await job.once()).wrong).toEqual([])
    expect(texts()[0]).toMatch(/VERSION:4\.0[\s\S]*PHOTO:data:image\/jpeg;base64,/)
  })

  test('leave a picture out that is too large, and say so', async () => {
    await start('nextcloud', { photos: { upTo: 100 } })
    const id = source.contact(book, 'a', card('a'), picture(101))
    const run = await job.once()
    expect([run.outcome(id), run.lost(id), run.wrong, texts()[0]?.includes('PHOTO')]).toEqual(['created', ['too-large'], [], false])
  })

  test('that cannot be read are losses; four hundred neighbours arrive', async () => {
    await start('radicale')
    for (let n = 0; n < 400; n++)
      source.contact(book, String(n).padStart(3, '0'), card(`card-${n}`, { emails: [mail(`${n}@example.org`)] }))
    const broken = source.contact(book, 'zz', 'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\nEND:VCARD\r\nBEGIN:VCARD\r\nEND:VCARD\r\n')
    const run = await job.once()
    expect([run.lost(broken), run.wrong, texts().length, bed.calls.count('PUT place')]).toEqual([['invalid-at-source'], [], 400, 1])
    expect((await job.once()).applied.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([])
  })

  test('that the server refuses whole are tried one by one, and only the bad one is lost', async () => {
    await start('radicale', { version: '4.0' })
    for (const name of ['a', 'b', 'c']) source.contact(book, name, card(name))
    bed.faults.next('PUT place', { type: 'status', status: 400 })
    const bad = source.contact(book, 'd', card('d').replace('END:VCARD', 'X-BAD:\u0001\r\nEND:VCARD'))
    const run = await job.once()
    expect([run.lost(bad), run.wrong, texts().length]).toEqual([['rejected-by-target'], [], 3])
  })

  test('of a rehearsal leave nothing behind', async () => {
    await start('nextcloud')
    source.contact(book, 'a', card('a'))
    expect(await job.rehearse('r1')).toEqual([])
    expect(bed.state.placesOf('ada@example.org', 'addressbook').map(({ name }) => name)).toEqual(['contacts'])
  })
})

describe('a server with one login for all', () => {
  test('gets what is everybody’s, and a rehearsal is found and removed by whoever comes later', async () => {
    bed = await peopled('radicale', { privileged: { login: 'root', password: 'r' } })
    source = new Source()
    for (const name of ['ada', 'ken']) {
      source.account(name)
      source.contact(source.addressbook(name, 'Contacts'), 'a', card(`of ${name}`))
    }
    source.account('ghost')
    const lost = source.contact(source.addressbook('ghost', 'Contacts'), 'a', card('ghost'))
    const { secret } = await import('../../testbed/dav/ports.ts')
    job = importing(definition, bed.url, source, {
      access: { type: 'privileged', login: 'root', password: secret('r'), principal: '/{login}/', makeHomes: false },
    })
    const run = await job.once()
    expect([run.wrong, run.outcome(lost), run.lost(lost)]).toEqual([[], 'failed', ['rejected-by-target']])
    expect(bed.state.places.filter(({ name }) => name.startsWith('fallreep-')).map(({ login }) => login)).toEqual([
      'ada@example.org',
      'ken@example.org',
    ])
    expect(await job.rehearse('r1')).toEqual([])
    expect(bed.state.places.filter(({ name }) => name.startsWith('rehearsal-'))).toEqual([])
  })
})
