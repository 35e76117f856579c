import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { asking } from './asking.ts'
import { githubTestbed, type GithubTestbed } from './testbed.ts'

interface Batch {
  readonly objects: readonly {
    readonly oid: string
    readonly error?: { code: number }
    readonly actions?: { download: { href: string } }
  }[]
}
async function batch(bed: GithubTestbed, token: string, oids: readonly string[]): Promise<Batch['objects']> {
  const answer = await fetch(`${bed.url}/fallreep-demo/billing.git/info/lfs/objects/batch`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
      'content-type': 'application/vnd.git-lfs+json',
    },
    body: JSON.stringify({ operation: 'download', transfers: ['basic'], objects: oids.map((oid) => ({ oid, size: 1 })) }),
  })
  return ((await answer.json()) as Batch).objects
}

test('lfs.batch leads to store.lfs for what is there, says what is missing, and its addresses die', async () => {
  await using bed = await githubTestbed()
  const [kept = ''] = bed.sample.billing.lfs.keys()
  const missing = createHash('sha256').update('nobody uploaded this').digest('hex')
  const [found, lost] = await batch(bed, bed.token('app'), [kept, missing])
  expect(lost?.error?.code).toBe(404)
  const href = found?.actions?.download.href ?? ''
  const bytes = new Uint8Array(await (await fetch(href)).arrayBuffer())
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(kept)
  expect(bed.calls.count('lfs.batch')).toBe(1)
  bed.expireTokens()
  expect((await fetch(href)).status).toBe(403)
})

test('release assets lie in store.release-assets under another name than the host, where no token may arrive', async () => {
  await using bed = await githubTestbed()
  const token = bed.token('fine-grained')
  const { get } = asking(bed, token)
  const { json } = await get<{ assets: { id: number; url: string; browser_download_url: string; digest: string | null }[] }[]>(
    '/repos/fallreep-demo/billing/releases',
  )
  const asset = json.flatMap(({ assets }) => assets)[0]
  const there = await get(asset?.url ?? '', { accept: 'application/octet-stream' })
  const location = there.headers.get('location') ?? ''
  expect(there.status).toBe(302)
  expect(new URL(location).host).not.toBe(new URL(bed.url).host)
  const bytes = new Uint8Array(await (await fetch(location)).arrayBuffer())
  expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(asset?.digest)
  expect(bed.leaks).toEqual([])
  await fetch(location, { headers: { authorization: `Bearer ${token}` } })
  expect(bed.leaks).toHaveLength(1)
  // release-download: the address people click, behind the same door.
  expect((await fetch(asset?.browser_download_url ?? '')).status).toBe(404)
  expect((await fetch(asset?.browser_download_url ?? '', { headers: { authorization: `Bearer ${token}` } })).status).toBe(200)
})

test('private attachments open to classic and OAuth tokens only; pictures also by what markdown/render makes of them', async () => {
  await using bed = await githubTestbed()
  const picture = `${bed.url}/user-attachments/assets/11111111-1111-4111-8111-111111111111`
  const file = `${bed.url}/user-attachments/files/4711/log.txt`
  const status = async (address: string, token: string): Promise<number> =>
    (await fetch(address, { headers: { authorization: `Bearer ${token}` } })).status
  for (const kind of ['classic', 'oauth'] as const) expect(await status(picture, bed.token(kind))).toBe(200)
  for (const kind of ['fine-grained', 'app'] as const) expect(await status(picture, bed.token(kind))).toBe(404)
  expect((await fetch(picture)).status).toBe(404)
  const app = { authorization: `Bearer ${bed.token('app')}` }
  const page = await (
    await fetch(`${bed.apiUrl}/markdown`, { method: 'POST', headers: app, body: JSON.stringify({ text: `![x](${picture}) [y](${file})` }) })
  ).text()
  const [signed = ''] = /http[^)]+private-user-images[^)]+/.exec(page) ?? []
  expect((await fetch(signed)).headers.get('content-type')).toBe('image/png')
  expect(page).toContain(file)
  const whole = await asking(bed, bed.token('app')).get<{ body: string; body_html: string }>('/repos/fallreep-demo/website/issues/1', {
    accept: 'application/vnd.github.full+json',
  })
  expect(whole.json.body).toContain(picture)
  expect(whole.json.body_html).toContain('/private-user-images/')
  expect(bed.calls.count('store.private-user-images')).toBe(1)
  expect(bed.calls.count('store.attachments')).toBe(2)
  expect(bed.calls.count('attachments')).toBe(5)
})

test('old public pictures are in store.user-images and faces in store.avatars', async () => {
  await using bed = await githubTestbed()
  const { get } = asking(bed, bed.token('classic'))
  const { json } = await get<{ body: string; user: { avatar_url: string; login: string } }>('/repos/fallreep-demo/website/issues/6')
  const [address = ''] = /http:\/\/localhost[^)]+user-images[^)]+/.exec(json.body) ?? []
  expect((await fetch(address)).status).toBe(200)
  expect((await fetch(json.user.avatar_url)).status).toBe(200)
  expect(json.user.login).toBe('ghost')
})
