import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Unzip } from '../../../src/bundle/unzip.ts'
import { collectionId, cursor } from '../../../src/contract/ids.ts'
import type { BlobRef, Item } from '../../../src/contract/item.ts'
import { exportSnapshot } from '../../../src/engine/export.ts'
import { codeKinds } from '../../../src/model/code-kinds.ts'
import { fileAt, issueOf, remarkOf, repositoryOf } from '../../support/code-items.ts'
import { memoryVault } from '../../support/memory-vault.ts'

const never = new AbortController().signal
const id = collectionId('repository/7')

test('a repository comes out as bundles and pages: what was said stands under its own issue, in the order of time', async () => {
  const vault = memoryVault()
  const writer = await vault.begin('acme', never)
  await writer.begin({ id, title: 'acme/../web', kinds: codeKinds })
  const stored = (content: string): Promise<BlobRef> =>
    writer.putBlob(new Blob([content]).stream(), { mediaType: 'x/y', name: 'x', key: content, kind: 'repository', collection: id }, never)
  const bundles = [await stored('first'), await stored('second'), await stored('of the wiki')]
  const git = { head: 'refs/heads/main', refs: 1, bundles: [fileAt(0, 'a'), fileAt(1, 'b')] }
  const items: readonly Item[] = [
    repositoryOf('7', 'web', { git, wiki: { head: null, refs: 1, bundles: [fileAt(2, 'c')] } }, bundles),
    issueOf('7', 12, { text: 'It is broken.', attachments: [fileAt(0, '../shot.png')] }, [await stored('picture')]),
    issueOf('7', 2, { title: 'No\nanswer', author: null, createdAt: '2026-02-01T00:00:00Z' }),
    remarkOf('7', '2', 'issue/7/12', { text: 'Later.', createdAt: '2026-03-01T00:00:00Z' }),
    remarkOf('7', '1', 'issue/7/12', { text: 'Sooner.', createdAt: '2026-02-01T00:00:00Z' }),
    remarkOf('7', '3', 'issue/7/999', { text: 'Under nothing.', createdAt: '2026-02-01T00:00:00Z' }),
  ]
  for (const item of items) await writer.write(id, { type: 'upsert', item })
  await writer.write(id, { type: 'checkpoint', cursor: cursor('1') })
  const manifest = await writer.commit('complete')

  const path = join(await mkdtemp(join(tmpdir(), 'export-')), 'out.zip')
  await using reader = await vault.read(manifest.id, never)
  await exportSnapshot(reader, path, 'zip', never)
  await using zip = await Unzip.open(path, never)
  const read = async (name: string): Promise<string> => {
    const entry = zip.entries.get(`code/acme/_._web/${name}`) ?? zip.entries.get(`code/${name}`)
    return entry === undefined ? 'missing' : Buffer.from(await zip.read(entry, never)).toString()
  }
  const names = [...zip.entries.keys()].filter((name) => name.startsWith('code/'))
  const folder = (names[0] ?? '').split('/').slice(1, 4).join('/')
  expect(names.some((name) => name.split('/').includes('..'))).toBe(false)
  expect(await read(`${folder}/git/0001.bundle`)).toBe('first')
  expect(await read(`${folder}/git/0002.bundle`)).toBe('second')
  expect(await read(`${folder}/wiki/0001.bundle`)).toBe('of the wiki')
  const page = await read(`${folder}/issues/12.md`)
  expect(page.indexOf('It is broken.')).toBeLessThan(page.indexOf('Sooner.'))
  expect(page.indexOf('Sooner.')).toBeLessThan(page.indexOf('Later.'))
  expect(await read(`${folder}/issues/2.md`)).toContain('# 2 No answer\n\n- by: (deleted account)')
  const pages = await Promise.all([12, 2].map((number) => read(`${folder}/issues/${number}.md`)))
  expect(pages.join('')).not.toContain('Under nothing.')
  expect(await read(`${folder}/comment 2026-02.jsonl`)).toContain('Under nothing.')
  expect(JSON.parse((await read(`${folder}/issue 2026-01.jsonl`)).trim())).toMatchObject({
    number: 12,
    blobs: [expect.stringContaining('shot.png')],
  })
})
