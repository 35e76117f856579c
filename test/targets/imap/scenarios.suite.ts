import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { itemId } from '../../../src/contract/ids.ts'
import type { Ledger } from '../../../src/contract/target.ts'
import { openLedger } from '../../../src/engine/ledger.ts'
import { definition } from '../../../targets/imap/definition.ts'
import type { Settings } from '../../../targets/imap/settings.ts'
import { lineProxy } from '../../testbed/imap/proxy.ts'
import { company } from './company.ts'
import { OtherClient } from './other-client.ts'
import { type RunOutcome, MailWorld, letter, outcomes, ports, run, settingsFor, signal } from './world.ts'

export interface MailServer extends AsyncDisposable {
  readonly host: string
  readonly port: number
}
export interface ServerOptions {
  readonly people: readonly string[]
  readonly quotaKiB?: Readonly<Record<string, number>>
}
const ADA = 'ada@example.test'
const BEN = 'ben@example.test'

/** What must come of it on every mail server, seen through a client that is not ours. */
export function mailScenarios(name: string, start: (options: ServerOptions) => Promise<MailServer>): void {
  describe(`mailboxes on ${name}`, () => {
    let server: MailServer
    let ledger: Ledger & Disposable
    const begin = async (options: Partial<ServerOptions> = {}): Promise<void> => {
      server = await start({ people: [ADA, BEN], ...options })
    }
    beforeEach(() => {
      ledger = openLedger(':memory:')
    })
    afterEach(async () => {
      ledger[Symbol.dispose]()
      await server[Symbol.asyncDispose]()
    })
    const settings = (more: Partial<Settings> = {}): Settings => settingsFor(server, more)
    const picture = async (login: string): Promise<readonly string[]> => {
      await using client = await OtherClient.open(server, login)
      return await client.picture()
    }
    const good = ({ wrong }: RunOutcome): void => expect(wrong).toEqual([])

    test('brings folders and mails with their bytes, flags, keywords and times', async () => {
      await begin()
      const world = company()
      good(await run(world, settings(), ledger))
      expect(await picture(ADA)).toEqual(['Archive: ada/4', 'INBOX: ada/1 ada/5', 'Work/Acme_Ltd: ada/3', 'Work: ada/2'].toSorted())
      expect(await picture(BEN)).toEqual(['INBOX/Projekte: ben/2', 'INBOX: ben/1', 'Trash: ben/4', 'Ämter & Behörden: ben/3'].toSorted())
      await using ada = await OtherClient.open(server, ADA)
      const [work] = await ada.mails('Work')
      expect(work).toMatchObject({ flags: ['Inbox', '\\Flagged'], date: '2026-03-02T08:00:00Z', source: letter('ada/2') })
      expect((await ada.mails('INBOX')).map(({ flags }) => flags)).toEqual(expect.arrayContaining([['$Important'], ['\\Seen']]))
      await using ben = await OtherClient.open(server, BEN)
      expect((await ben.mails('INBOX'))[0]?.flags).toEqual(['Red_category'])
      expect((await ben.mails('INBOX/Projekte'))[0]?.flags).toEqual(['$Forwarded', '\\Seen'])
      expect((await ben.mails('Ämter & Behörden'))[0]?.source).toEqual(letter('ben/3', 'Grüße', 'X-Trace: 8-bit ü\r\n'))
    })

    test('changes nothing the second time, and only what the source changed after that', async () => {
      await begin()
      const world = company()
      await run(world, settings(), ledger)
      expect(outcomes((await run(world, settings(), ledger)).applied)).toEqual({ unchanged: 19 })
      await using ada = await OtherClient.open(server, ADA)
      const one = (await ada.mails('INBOX')).find(({ source }) => source.includes('Subject: ada/1'))
      await ada.mark('INBOX', one?.uid ?? 0, 'mine')
      world.edit('ada/1', (mail) => ({ flags: { ...mail.flags, seen: false, flagged: true } }))
      world.edit('ada/2', () => ({ mailboxes: [itemId('mailbox', 'ada/inbox')] }))
      world.mail('ben/9', ['ben/umlaut'])
      world.remove(itemId('mail', 'ben/1'))
      const second = await run(world, settings(), ledger)
      good(second)
      expect(outcomes(second.applied)).toEqual({ created: 1, updated: 2, deleted: 1, unchanged: 16 })
      const inbox = await ada.mails('INBOX')
      expect(inbox.find(({ source }) => source.includes('Subject: ada/1'))?.flags).toEqual(['\\Flagged', 'mine'])
      expect(inbox.find(({ source }) => source.includes('Subject: ada/2'))?.flags).toEqual([])
      expect(await picture(ADA)).toEqual(['Archive: ada/4', 'INBOX: ada/1 ada/2 ada/5', 'Work/Acme_Ltd: ada/3'])
      expect(await picture(BEN)).toEqual(['INBOX/Projekte: ben/2', 'Trash: ben/4', 'Ämter & Behörden: ben/3 ben/9'].toSorted())
    })

    test('keeps what the source deleted, unless told otherwise', async () => {
      await begin()
      const world = company()
      await run(world, settings({ deletions: 'keep' }), ledger)
      world.remove(itemId('mail', 'ben/1'))
      const { applied } = await run(world, settings({ deletions: 'keep' }), ledger)
      expect(outcomes(applied)).toEqual({ unchanged: 19 })
      expect(await picture(BEN)).toContain('INBOX: ben/1')
    })

    test('takes mails that are there already for what they are, and never touches them', async () => {
      await begin()
      const world = company()
      await using ada = await OtherClient.open(server, ADA)
      await ada.add('INBOX', letter('ada/1'), ['\\Answered'], '2020-01-01T00:00:00Z')
      await ada.add('INBOX', letter('stranger/1'), ['\\Seen'])
      await ada.add('Work', letter('ada/2'), [], '2026-03-02T08:00:00Z')
      const before = await ada.mails('INBOX')
      const first = await run(world, settings(), ledger)
      good(first)
      world.edit('ada/1', (mail) => ({ flags: { ...mail.flags, flagged: true } }))
      world.remove(itemId('mail', 'ada/2'))
      good(await run(world, settings(), ledger))
      expect(await picture(ADA)).toEqual(
        ['Archive: ada/4', 'INBOX: ada/1 ada/5 stranger/1', 'Work/Acme_Ltd: ada/3', 'Work: ada/2'].toSorted(),
      )
      expect((await ada.mails('INBOX')).slice(0, 2)).toEqual(before)
    })

    test('tells mails without an id, and twins, by their bytes', async () => {
      await begin()
      const world = company()
      const bare = (text: string): Buffer => Buffer.from(`Subject: nameless\r\n\r\n${text}\r\n`)
      world.mail('ada/n1', ['ada/inbox'], { bytes: bare('one'), at: '2026-05-01T00:00:00.000000Z' })
      world.mail('ada/n2', ['ada/inbox'], { bytes: bare('two'), at: '2026-05-02T00:00:00.000000Z' })
      world.mail('ada/n3', ['ada/inbox'], { bytes: bare('two'), at: '2026-05-03T00:00:00.000000Z' })
      await using ada = await OtherClient.open(server, ADA)
      await ada.add('INBOX', bare('two'), [], '2026-05-03T00:00:00Z')
      await ada.add('INBOX', bare('six'), [], '2026-05-02T00:00:00Z')
      good(await run(world, settings(), ledger))
      const texts = (await ada.mails('INBOX')).map(({ source }) => source.toString()).filter((text) => text.includes('nameless'))
      expect(texts.toSorted()).toEqual([bare('one'), bare('six'), bare('two'), bare('two')].map(String).toSorted())
    })

    test('a line that is cut in the middle of the mails loses none and doubles none', async () => {
      await begin()
      const world = crowd(400)
      const whole = 400 * 2200
      for (const share of [0.1, 0.5, 0.9]) {
        await using fresh = await start({ people: [ADA] })
        await using proxy = await lineProxy(fresh)
        using memory = openLedger(':memory:')
        proxy.cutAfter(Math.round(whole * share))
        const outcome = await run(world, settingsFor(proxy, { connections: 2 }), memory)
        expect([share, proxy.cuts, ...outcome.wrong]).toEqual([share, 1])
        await using ada = await OtherClient.open(fresh, ADA)
        let count = 0
        for (const folder of await ada.folders()) count += (await ada.mails(folder)).length
        expect([share, count]).toEqual([share, 400])
      }
    })

    test('stopped anywhere and run again it ends with every mail once', async () => {
      await begin()
      const world = crowd(400)
      for (const after of [1, 2, 3, 4, 6, 9]) {
        await using fresh = await start({ people: [ADA] })
        using memory = openLedger(':memory:')
        const stop = new AbortController()
        let steps = 0
        const stopped = run(world, settingsFor(fresh), memory, stop.signal, () => {
          if (++steps === after) stop.abort(new Error('stopped'))
        })
        await expect(stopped).rejects.toThrow('stopped')
        const again = await run(world, settingsFor(fresh), memory)
        expect([after, ...again.wrong]).toEqual([after])
        await using ada = await OtherClient.open(fresh, ADA)
        let count = 0
        for (const folder of await ada.folders()) count += (await ada.mails(folder)).length
        expect([after, count]).toEqual([after, 400])
      }
    })

    test('puts a mail into the folder of every label by having the server copy it', async () => {
      await begin()
      const world = company()
      const config = settings({ labels: 'copies' })
      good(await run(world, config, ledger))
      expect(await picture(ADA)).toEqual(
        ['Archive: ada/4', 'Gesendet: ada/3', 'INBOX: ada/1 ada/2 ada/5', 'Work/Acme_Ltd: ada/3', 'Work: ada/2'].toSorted(),
      )
      expect(outcomes((await run(world, config, ledger)).applied)).toEqual({ unchanged: 21 })
      world.edit('ada/1', (mail) => ({ mailboxes: [...mail.mailboxes, itemId('mailbox', 'ada/work')].toSorted() }))
      world.edit('ada/3', (mail) => ({ mailboxes: mail.mailboxes.filter((id) => !id.endsWith('sent')) }))
      const second = await run(world, config, ledger)
      good(second)
      expect(outcomes(second.applied)).toEqual({ created: 1, deleted: 1, unchanged: 20 })
      expect(await picture(ADA)).toEqual(
        ['Archive: ada/4', 'INBOX: ada/1 ada/2 ada/5', 'Work/Acme_Ltd: ada/3', 'Work: ada/1 ada/2'].toSorted(),
      )
    })

    test('puts everything but the usual folders into the archive, with its labels as keywords', async () => {
      await begin()
      const { wrong, losses } = await run(company(), settings({ labels: 'archive' }), ledger)
      expect(wrong).toEqual([])
      expect(await picture(ADA)).toEqual(['Archive: ada/4', 'Gesendet: ada/3', 'INBOX: ada/1 ada/2 ada/5'])
      expect(losses.filter(({ item }) => item === 'mailbox/ada/work').map(({ code }) => code)).toEqual(['no-such-concept'])
      await using ada = await OtherClient.open(server, ADA)
      expect((await ada.mails('Gesendet'))[0]?.flags).toEqual(['Work/Acme/Ltd', '\\Answered', '\\Seen'])
    })

    test('somebody whose mailbox is closed is told, and their neighbours get theirs', async () => {
      await begin({ people: [BEN] })
      const { applied, wrong, losses } = await run(company(), settings(), ledger)
      expect(wrong).toEqual([])
      expect(new Set(applied.filter(({ item }) => item.includes('/ada/')).map(({ outcome }) => outcome))).toEqual(new Set(['failed']))
      expect(losses.filter(({ item, code }) => item.startsWith('mail/ada') && code === 'rejected-by-target')).toHaveLength(5)
      expect(await picture(BEN)).toHaveLength(4)
    })

    test('a full mailbox ends its owner’s mail with that reason, and nobody else’s', async () => {
      await begin({ quotaKiB: { [ADA]: 64 } })
      const world = company()
      for (let at = 0; at < 40; at++)
        world.mail(`ada/big${at}`, ['ada/work'], { bytes: letter(`ada/big${at}`, 'x'.repeat(70).concat('\r\n').repeat(60)) })
      const { applied, wrong } = await run(world, settings(), ledger)
      expect(wrong).toEqual([])
      const failed = applied.filter(({ outcome }) => outcome === 'failed')
      expect(failed.length).toBeGreaterThan(10)
      expect(new Set(failed.flatMap(({ losses }) => losses.map(({ code }) => code)))).toEqual(new Set(['too-large']))
      expect(failed.every(({ item }) => item.startsWith('mail/ada/'))).toBe(true)
      expect(await picture(BEN)).toHaveLength(4)
    })

    test('a rehearsal stands below a folder of its own, and goes without a trace', async () => {
      await begin()
      const world = company()
      await using ada = await OtherClient.open(server, ADA)
      const before = await ada.folders()
      const config = definition.scratch(settings(), '261125abcd')
      good(await run(world, config, ledger))
      expect(await picture(ADA)).toContain('fallreep-rehearsal-261125abcd/INBOX: ada/1 ada/5')
      await using target = await definition.open('post', config, ports, signal)
      await target.survey(world.directory, signal)
      expect(await Array.fromAsync(target.scratch?.destroy(signal) ?? [])).toEqual([])
      expect(await ada.folders()).toEqual(before)
    })

    test('names that no server takes are changed, told, and never fall together', async () => {
      await begin()
      const world = new MailWorld()
      world.account('ada')
      const names = [
        'a/b',
        'a_b',
        'A_B',
        'tab\there',
        'star*',
        'inbox',
        '~home',
        '  spaced  ',
        'x'.repeat(300),
        '箱'.repeat(120),
        '..',
        'Acme Ltd.',
        'v1.2',
        'quo"te\\',
        '{3}',
        '&',
        '日本語',
        'Ünï',
      ]
      for (const [at, name] of names.entries()) {
        world.mailbox(`ada/f${at}`, [name])
        world.mail(`ada/m${at}`, [`ada/f${at}`])
      }
      world.mailbox(
        'ada/deep',
        Array.from({ length: 12 }, (_, at) => `level ${at} ${'y'.repeat(30)}`),
      )
      world.mail('ada/mdeep', ['ada/deep'])
      const outcome = await run(world, settings(), ledger)
      good(outcome)
      expect(outcome.losses.filter(({ stage }) => stage === 'apply')).toEqual([])
      const pictures = await picture(ADA)
      expect(pictures).toHaveLength(names.length + 1)
      expect(new Set(outcome.losses.filter(({ item }) => item.startsWith('mailbox/')).map(({ code }) => code))).toEqual(
        new Set(['name-changed']),
      )
    })

    test('asks once whether it may come in, with what it must know for mapping', async () => {
      await begin()
      await using target = await definition.open('post', settings(), ports, signal)
      const survey = await target.survey(company().directory, signal)
      expect(survey).toMatchObject({
        mailboxes: 2,
        mailboxesRefused: 0,
        people: [{ login: ADA, prefix: '', delimiter: '/' }, { login: BEN }],
      })
      const checks = await Array.fromAsync(
        (
          await definition.open('post', settings({ access: { ...settings().access, test: ADA } as Settings['access'] }), ports, signal)
        ).check(signal),
      )
      expect(checks.filter(({ status }) => status === 'fail')).toEqual([])
      expect(checks.map(({ name }) => name)).toContain('capabilities')
    })
  })
}

/** Many mails of about two kilobytes in seven folders. */
function crowd(count: number): MailWorld {
  const world = new MailWorld()
  world.account('ada')
  for (let folder = 0; folder < 7; folder++) world.mailbox(`ada/f${folder}`, [`Folder ${folder}`])
  for (let at = 0; at < count; at++)
    world.mail(`ada/${at}`, [`ada/f${at % 7}`], {
      bytes: letter(`ada/${at}`, `${at} `.repeat(10).padEnd(2000, '.')),
      at: `2026-01-01T${String(Math.floor(at / 60) % 24).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}:00.000000Z`,
    })
  return world
}
