import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { decryptBytes, encryptBytes, generateIdentity } from '../../src/vault/age.ts'
import { channel, message, messageId, never, newSubject, streamOf } from '../support/vault/subject.ts'

const run = promisify(execFile)

/** Debian's own programs; `apt install age zstd jq` brings what is missing. */
async function piped(program: string, args: readonly string[], input: Buffer): Promise<Buffer> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(input)
  const out = Buffer.concat(await Array.fromAsync(child.stdout as AsyncIterable<Buffer>))
  const code = child.exitCode ?? (await new Promise((resolve) => child.once('close', resolve)))
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}`)
  return out
}

describe("Debian's tools", () => {
  test('age opens what we encrypt, and we open what age encrypts', async () => {
    await using subject = await newSubject()
    const { identity, recipient } = generateIdentity()
    const key = join(subject.dir, 'peer.key')
    await writeFile(key, `${identity}\n`, { mode: 0o600 })
    for (const size of [0, 1, 65_535, 65_536, 65_537, 500_000]) {
      const plain = randomBytes(size)
      expect(plain.equals(await piped('age', ['-d', '-i', key], encryptBytes(plain, [generateIdentity().recipient, recipient])))).toBe(true)
      expect(plain.equals(await decryptBytes(await piped('age', ['-r', recipient], plain), [identity]))).toBe(true)
    }
  })

  test('restore.sh brings everything back, byte-identical, under hostile names, and finds damage', async () => {
    await using subject = await newSubject()
    const eng = channel('C1', '../../etc')
    const names = ['..', '/etc/passwd', 'a\0b', 'x'.repeat(300), '文件.txt', 'README.md', 'readme.MD', '-rf', "it's $(here).txt", 'a b\tc']
    const files = names.map((name) => ({ name, bytes: randomBytes(3000) }))
    const large = randomBytes(9 << 20)
    {
      await using host = await subject.host({ partSize: 4 << 20 })
      await using writer = await host.begin('acme', never)
      await writer.begin(eng)
      const refs = []
      for (const { name, bytes } of files)
        refs.push(await writer.putBlob(streamOf(bytes), { mediaType: 'text/plain', name, key: name, collection: eng.id }, never))
      refs.push(
        await writer.putBlob(
          streamOf(large),
          { mediaType: 'text/plain', name: 'large.bin', key: 'large', collection: eng.id, bytes: large.length },
          never,
        ),
      )
      await writer.write(eng.id, { type: 'upsert', item: message(eng.id, '2026-03-01T00:00:00.000000Z', 'hello', refs) })
      await writer.commit('complete')
      await using again = await host.begin('beta', never)
      await again.begin(eng)
      await again.write(eng.id, { type: 'upsert', item: message(eng.id, '2026-03-02T00:00:00.000000Z', 'other source') })
      await again.commit('complete')
    }
    const key = join(subject.stateDir, 'escrow.key')
    await writeFile(key, `${subject.keys.escrow[1].identity}\n`, { mode: 0o600 })
    const out = join(subject.stateDir, 'restored')
    const { stderr } = await run('sh', [join(subject.dir, 'restore.sh'), key, out])
    expect(stderr).toContain('restored to')

    const restored = (await readdir(join(out, 'tree'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
    const contents = await Promise.all(restored.map((path) => readFile(path)))
    expect(files.filter(({ bytes }) => !contents.some((content) => content.equals(bytes))).map(({ name }) => name)).toEqual([])
    expect(contents.some((content) => content.equals(large))).toBe(true)
    expect(restored.length).toBe(files.length + 3)
    const record = restored.find((path) => path.endsWith('.ndjson') && path.includes('2026-03'))
    const { stdout } = await run('jq', ['-r', 'select(.op == "put") | [.id, .body.text[0]] | @tsv', record ?? ''])
    expect([
      `${messageId(eng.id, '2026-03-01T00:00:00.000000Z')}\thello\n`,
      `${messageId(eng.id, '2026-03-02T00:00:00.000000Z')}\tother source\n`,
    ]).toContain(stdout)

    const pack = (await readdir(join(subject.dir, 'packs'), { recursive: true, withFileTypes: true })).find((entry) => entry.isFile())
    const path = join(pack?.parentPath ?? '', pack?.name ?? '')
    const bytes = await readFile(path)
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1
    await writeFile(path, bytes)
    await expect(run('sh', [join(subject.dir, 'restore.sh'), key, join(subject.stateDir, 'again')])).rejects.toMatchObject({ code: 1 })
  })
})
