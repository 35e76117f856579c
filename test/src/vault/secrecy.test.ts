import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cursor } from '../../../src/contract/ids.ts'
import { decryptBytes } from '../../../src/vault/age.ts'
import { channel, message, never, newSubject, streamOf, type Subject, textsIn } from '../../support/vault/subject.ts'

const CANARIES = ['Weihnachtsgratifikation', 'Kanarienvogel', 'geheimplan', 'gehaltsliste']
const secretive = channel('C1', 'geheimplan')

async function fill(subject: Subject): Promise<void> {
  await using host = await subject.host()
  await using writer = await host.begin('acme', never)
  await writer.begin(secretive)
  const blob = await writer.putBlob(
    streamOf('Kanarienvogel'),
    { mediaType: 'text/plain', name: 'gehaltsliste.txt', key: 'F1', collection: secretive.id },
    never,
  )
  await writer.write(secretive.id, {
    type: 'upsert',
    item: message(secretive.id, '2026-03-01T00:00:00.000000Z', 'Weihnachtsgratifikation', [blob]),
  })
  await writer.write(secretive.id, {
    type: 'loss',
    loss: {
      item: message(secretive.id, 'x', '').id,
      stage: 'export',
      code: 'too-large',
      effect: { type: 'dropped' },
      detail: 'Kanarienvogel',
    },
  })
  await writer.write(secretive.id, { type: 'checkpoint', cursor: cursor('c') })
  await writer.commit('complete')
}
async function everyFile(dir: string): Promise<{ readonly name: string; readonly bytes: Buffer }[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => ({ name: join(entry.parentPath, entry.name), bytes: await readFile(join(entry.parentPath, entry.name)) })),
  )
}

describe('what the nightly host can see', () => {
  test('its keys open index and refs, no pack, no manifest and no key', async () => {
    await using subject = await newSubject()
    await fill(subject)
    const opened: string[] = []
    for (const { name, bytes } of await everyFile(subject.dir)) {
      if (!name.endsWith('.age')) continue
      const plain = await decryptBytes(bytes, [subject.keys.index.identity]).catch(() => undefined)
      if (plain !== undefined) opened.push(name.slice(subject.dir.length + 1).split('/')[0] ?? '')
    }
    expect([...new Set(opened)].toSorted()).toEqual(['index', 'refs'])
  })

  test('no name, text or file name stands in any file of the vault or of its state directory', async () => {
    await using subject = await newSubject()
    await fill(subject)
    const files = [...(await everyFile(subject.dir)), ...(await everyFile(subject.stateDir))]
    expect(files.some(({ name }) => name.endsWith('.db'))).toBe(true)
    for (const { name, bytes } of files) {
      // The compressed stream of an index file is looked into as well: nobody but us would find a name there, but nobody should.
      const inside = name.endsWith('.age')
        ? await decryptBytes(bytes, [subject.keys.index.identity]).catch(() => Buffer.alloc(0))
        : Buffer.alloc(0)
      for (const canary of CANARIES)
        expect(bytes.includes(canary) || inside.includes(canary) || name.includes(canary), `${canary} in ${name}`).toBe(false)
    }
  })

  test('each escrow identity alone reads everything; the index identity and a stranger read nothing', async () => {
    await using subject = await newSubject()
    await fill(subject)
    for (const { identity } of subject.keys.escrow) {
      await using holder = await subject.holder({ contentKey: identity })
      expect(await textsIn(holder)).toEqual(['Weihnachtsgratifikation'])
    }
    await using stranger = await subject.holder({ contentKey: subject.keys.index.identity })
    await expect(textsIn(stranger)).rejects.toMatchObject({ code: 'wrong-key' })
    await expect(Array.fromAsync(stranger.verify('every-byte', never))).rejects.toMatchObject({ code: 'wrong-key' })
    await using host = await subject.host()
    await expect(textsIn(host)).rejects.toMatchObject({ code: 'wrong-key' })
  })
})

describe('two writers', () => {
  test('of one source exclude each other; of two sources do not', async () => {
    await using subject = await newSubject()
    await using one = await subject.host()
    await using two = await subject.host()
    await using writer = await one.begin('acme', never)
    await expect(two.begin('acme', never)).rejects.toMatchObject({ code: 'locked', why: `process ${process.pid} holds the lock` })
    await using other = await two.begin('beta', never)
    await Promise.all([writer.commit('complete'), other.commit('complete')])
    expect((await Array.fromAsync(one.list())).map(({ source }) => source).toSorted()).toEqual(['acme', 'beta'])
  })

  test('that share no lock (two state directories) meet at the commit, where one wins', async () => {
    await using subject = await newSubject()
    await using one = await subject.host()
    await using two = await subject.host({ stateDir: join(subject.stateDir, 'other') })
    await using first = await one.begin('acme', never)
    await using second = await two.begin('acme', never)
    for (const [writer, text] of [
      [first, 'one'],
      [second, 'two'],
    ] as const) {
      await writer.begin(secretive)
      await writer.write(secretive.id, { type: 'upsert', item: message(secretive.id, '2026-03-01T00:00:00.000000Z', text) })
    }
    await first.commit('complete')
    await expect(second.commit('complete')).rejects.toMatchObject({ code: 'locked' })
    await using holder = await subject.holder()
    expect(await textsIn(holder)).toEqual(['one'])
    expect((await Array.fromAsync(holder.verify('every-byte', never))).filter(({ status }) => status === 'fail')).toEqual([])
  })

  test('a lost catalog is rebuilt from refs with the index identity alone', async () => {
    await using subject = await newSubject()
    await fill(subject)
    await using host = await subject.host({ stateDir: join(subject.stateDir, 'new') })
    await using writer = await host.begin('acme', never)
    await writer.begin(secretive)
    const known = writer.knownBlob('F1')
    expect(known).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: 13, mediaType: 'text/plain' })
    const item = message(secretive.id, '2026-03-01T00:00:00.000000Z', 'Weihnachtsgratifikation', [known ?? null])
    expect(writer.has(secretive.id, item.id, item.revision)).toBe(true)
    expect((await writer.commit('complete')).changed).toEqual({ added: 0, updated: 0, deleted: 0 })
  })
})
