import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Collection } from '../../../src/contract/connector.ts'
import { collectionId, cursor, itemId } from '../../../src/contract/ids.ts'
import { inboxOf, mailOf } from '../../support/mail-items.ts'
import { bytesOf, never, newSubject, streamOf } from '../../support/vault/subject.ts'

const mails: Collection = {
  id: collectionId('mail/ada'),
  title: 'ada@acme.example',
  kinds: ['mailbox', 'mail'],
  owner: itemId('account', 'ada'),
}

test('mails come newest first when asked to, across months and within one, and keep their bytes and their owner', async () => {
  await using subject = await newSubject()
  await using host = await subject.host()
  await using writer = await host.begin('acme', never)
  await writer.begin(mails)
  const bytes = 'From: a@b.example\r\n\r\nÿ not UTF-8 \0'
  const init = { mediaType: 'message/rfc822', name: '2026-03-02_1.eml', key: 'gmail/ada/1', kind: 'mail', collection: mails.id } as const
  const blob = await writer.putBlob(streamOf(Buffer.from(bytes, 'latin1')), init, never)
  await writer.write(mails.id, { type: 'upsert', item: inboxOf('ada') })
  const times = ['2026-03-02', '2026-02-01', '2026-03-31', '2026-02-28'].map((day) => `${day}T10:00:00.000000Z`)
  for (const [at, time] of times.entries())
    await writer.write(mails.id, { type: 'upsert', item: mailOf('ada', String(at), time, at === 0 ? blob : null) })
  await writer.write(mails.id, { type: 'checkpoint', cursor: cursor('c1') })
  const manifest = await writer.commit('complete')

  await using holder = await subject.holder()
  await using reader = await holder.read(manifest.id, never)
  expect(await Array.fromAsync(reader.collections())).toEqual([mails])
  const ids = async (newestFirst: boolean) =>
    (await Array.fromAsync(reader.items({ kinds: ['mail'], newestFirst }, never))).map(({ id }) => id.slice(-1))
  expect(await ids(true)).toEqual(['2', '0', '3', '1'])
  expect(await ids(false)).toEqual(['1', '3', '0', '2'])
  expect((await bytesOf(reader, blob)).toString('latin1')).toBe(bytes)
  // No name of anybody stands in the open; that a hash holds the three letters happens.
  expect((await readdir(subject.dir, { recursive: true })).join('\n').replaceAll(/[0-9a-f]{64}/g, '')).not.toMatch(/ada|acme\.example/)
})
