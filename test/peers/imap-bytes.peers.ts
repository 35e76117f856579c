import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Item } from '../../src/contract/item.ts'
import { collectionId } from '../../src/contract/ids.ts'
import type { RunResult } from '../../src/engine/api.ts'
import { cutover } from '../../src/engine/cutover.ts'
import { systemClock } from '../../src/http/system-clock.ts'
import { definition } from '../../targets/imap/definition.ts'
import type { Settings } from '../../targets/imap/settings.ts'
import { linesIn } from '../support/lines.ts'
import { never, newSubject, streamOf } from '../support/vault/subject.ts'
import { brokenMails } from '../testbed/imap/broken-mails.ts'
import { startDovecot } from '../testbed/imap/dovecot.ts'
import { realMails } from '../testbed/imap/real-mails.ts'
import { OtherClient } from '../targets/imap/other-client.ts'
import { MailWorld, ports, settingsFor } from '../targets/imap/world.ts'

const ADA = 'ada@example.test'
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

describe('bytes through the vault into Dovecot', () => {
  test('at least 300 mails of other people’s test suites stand there as they were', async () => {
    const mails = await realMails()
    expect(mails.length).toBeGreaterThanOrEqual(300)
    await using dovecot = await startDovecot({ people: [ADA] })
    const { result, there } = await imported(
      mails.map(({ bytes }) => bytes),
      settingsFor(dovecot),
    )
    expect([result.findingsTotal, result.applied.failed]).toEqual([0, 0])
    const unchanged = mails.filter(({ bytes }) => there.has(sha256(bytes)))
    const odd = mails.filter((mail) => !unchanged.includes(mail))
    // What Dovecot mends has a line end of its own kind, and each is told.
    expect(odd.filter(({ bytes }) => !/(?<!\r)\n|\0/.test(bytes.toString('latin1'))).map(({ path }) => path)).toEqual([])
    expect(result.losses.filter(({ stage, kind }) => stage === 'apply' && kind === 'mail').reduce((all, { count }) => all + count, 0)).toBe(
      odd.length,
    )
    expect(unchanged.length).toBeGreaterThanOrEqual(300)
    console.log(`${unchanged.length} of ${mails.length} mails unchanged byte by byte, ${odd.length} with mended line ends and told`)
  })

  test('broken mails too; what a server mends is told', async () => {
    const mails = brokenMails()
    await using dovecot = await startDovecot({ people: [ADA] })
    const { result, there } = await imported(
      mails.map(({ bytes }) => bytes),
      settingsFor(dovecot),
    )
    expect([result.findingsTotal, result.applied.failed]).toEqual([0, 0])
    const changed = mails.filter(({ bytes }) => !there.has(sha256(bytes)))
    expect(changed.map(({ name }) => name)).toEqual(mails.filter(({ odd }) => odd).map(({ name }) => name))
    expect(result.byKind.mail).toMatchObject({ matched: mails.length - changed.length, explained: changed.length })
  })

  test('a mail of 100 MB among small ones too', async () => {
    const head = 'From: ada@example.test\r\nSubject: plans\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n'
    const line = `${'0123456789abcdef'.repeat(4)}\r\n`
    const large = Buffer.concat([Buffer.from(head), Buffer.alloc(100_000_000, line), Buffer.from('\r\n')])
    const mails = [Buffer.from('Subject: before\r\n\r\nx\r\n'), large, Buffer.from('Subject: after\r\n\r\ny\r\n')]
    await using dovecot = await startDovecot({ people: [ADA] })
    const { result, there } = await imported(mails, settingsFor(dovecot))
    expect([result.findingsTotal, result.applied.failed]).toEqual([0, 0])
    expect(mails.map((bytes) => there.has(sha256(bytes)))).toEqual([true, true, true])
  })

  test('over TLS, over STARTTLS, and not past a certificate that nobody vouches for', async () => {
    await using dovecot = await startDovecot({ people: [ADA] })
    const { caFile, port, tlsPort } = dovecot
    for (const more of [
      { security: 'tls', port: tlsPort },
      { security: 'starttls', port },
    ] as const) {
      const config = settingsFor({ host: 'localhost', port: more.port }, { ...more, caFile })
      expect((await imported([Buffer.from('Subject: x\r\n\r\ny\r\n')], config)).result.findingsTotal).toBe(0)
      await using target = await definition.open('post', { ...config, caFile: undefined }, ports, never)
      const checks = await Array.fromAsync(target.check(never))
      expect(checks).toMatchObject([{ name: 'reach', status: 'fail', remedy: expect.stringContaining('caFile') }])
    }
  })
})

/** Puts mails into a real vault, from there into the mailbox, and reads the mailbox with another client. */
async function imported(mails: readonly Buffer[], config: Settings): Promise<{ result: RunResult; there: ReadonlySet<string> }> {
  const world = new MailWorld()
  world.account('ada')
  world.mailbox('ada/inbox', ['Inbox'], { role: 'inbox' })
  for (const [at, bytes] of mails.entries()) world.mail(`ada/${at}`, ['ada/inbox'], { bytes })
  await using subject = await newSubject()
  {
    await using host = await subject.host()
    await using writer = await host.begin('acme', never)
    await writer.begin({ id: collectionId('directory'), title: 'People', kinds: ['account'] })
    await writer.begin({ id: collectionId('mail/ada'), title: 'Ada', kinds: ['mailbox', 'mail'] })
    for (const item of world.ordered()) {
      const blobs = []
      for (const blob of item.blobs) {
        const bytes = mails[Number(item.id.split('/')[2])]
        if (blob !== null && bytes !== undefined)
          blobs.push(
            await writer.putBlob(
              streamOf(bytes),
              { mediaType: blob.mediaType, name: `${item.id}.eml`, key: item.id, kind: 'mail', collection: item.collection },
              never,
            ),
          )
      }
      await writer.write(item.collection, { type: 'upsert', item: { ...item, blobs } as Item })
    }
    await writer.commit('complete')
  }
  const stateDir = await mkdtemp(join(tmpdir(), 'fallreep-mail-'))
  try {
    await using vault = await subject.holder()
    const [manifest] = await Array.fromAsync(vault.list('acme'))
    if (manifest === undefined) throw new Error('no snapshot')
    const result = await cutover(
      {
        source: { name: 'acme', connector: undefined, title: 'Acme' },
        target: { name: 'post', definition, config },
        snapshot: manifest.id,
        person: undefined,
        since: { startedMs: 0, milestones: [] },
        tool: 'test',
      },
      { vault, portsFor: () => ports, clock: systemClock, stateDir, people: [], emit: () => undefined },
      never,
    )
    for (const line of await linesIn(join(stateDir, 'runs', result.run, 'findings.ndjson')).catch(() => [])) console.log(line)
    const client = await OtherClient.open({ host: '127.0.0.1', port: config.security === 'tls' ? 0 : (config.port ?? 0) }, ADA).catch(
      () => undefined,
    )
    const there = new Set((await client?.mails('INBOX'))?.map(({ sha256 }) => sha256))
    await client?.[Symbol.asyncDispose]()
    return { result, there }
  } finally {
    await rm(stateDir, { recursive: true, force: true })
  }
}
