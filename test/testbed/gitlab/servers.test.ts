import { openAsBlob } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Gitlab } from '@gitbeaker/rest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sample, writeProjectFile } from './project-file.ts'
import { gitlabTestbed } from './testbed.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gitlab-servers-'))
})
afterAll(() => rm(directory, { recursive: true }))

test('numbers are reserved by servers that read max_iids.json only', async () => {
  const next = async (version: string): Promise<number> => {
    await using bed = await gitlabTestbed({ version })
    const name = join(directory, `${version}.tar.gz`)
    await writeProjectFile(name, { members: { 'max_iids.json': JSON.stringify({ issues: 500 }) } })
    const form = new FormData()
    form.set('path', 'p')
    form.set('file', await openAsBlob(name), 'a.tar.gz')
    await fetch(`${bed.url}/api/v4/projects/import`, { method: 'POST', headers: { 'private-token': bed.token }, body: form })
    await bed.idle()
    return (await new Gitlab({ host: bed.url, token: bed.token }).Issues.create('root/p', 'next')).iid
  }
  expect([await next('17.11.0'), await next('19.3.0')]).toEqual([1, 501])
})

test('importing is limited to six a minute and person, and can be switched off', async () => {
  await using bed = await gitlabTestbed()
  const send = async (): Promise<number> => {
    const form = new FormData()
    form.set('path', `p${bed.calls.count()}`)
    form.set('file', new Blob(['x'.repeat(1 << 20)]), 'a.tar.gz')
    return (await fetch(`${bed.url}/api/v4/projects/import`, { method: 'POST', headers: { 'private-token': bed.token }, body: form }))
      .status
  }
  const statuses: number[] = []
  for (let at = 0; at < 7; at++) statuses.push(await send())
  bed.world.settings['import_sources'] = []
  expect([...statuses, await send()]).toEqual([201, 201, 201, 201, 201, 201, 429, 403])
  await bed.idle()
  expect(bed.world.projects.get(1)?.import).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('Unable to decompress') as string,
  })
})

test('a server that dies in the middle leaves the job started for ever', async () => {
  await using bed = await gitlabTestbed({ limits: 'off' })
  const headers = { 'private-token': bed.token }
  const name = join(directory, 'cut.tar.gz')
  await writeProjectFile(name, { tree: { issues: [1, 2, 3].map((iid) => sample.issue(iid)) } })
  const form = new FormData()
  form.set('path', 'cut')
  form.set('file', await openAsBlob(name), 'project.tar.gz')
  bed.outage.duringImport(2)
  expect((await fetch(`${bed.url}/api/v4/projects/import`, { method: 'POST', headers, body: form })).status).toBe(201)
  await bed.idle()
  await expect(fetch(`${bed.url}/api/v4/version`, { headers })).rejects.toThrow('fetch failed')
  bed.outage.end()
  const project = await (await fetch(`${bed.url}/api/v4/projects/root%2Fcut/import`, { headers })).json()
  expect(project).toMatchObject({ import_status: 'started' })
  expect(await (await fetch(`${bed.url}/api/v4/projects/root%2Fcut/issues`, { headers })).json()).toHaveLength(2)
})
