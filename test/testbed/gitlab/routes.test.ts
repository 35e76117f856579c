import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { coverage } from './coverage.ts'
import { Jobs } from './import/jobs.ts'
import { gitEnvironment } from './git/repository.ts'
import { addUser } from './people.ts'
import { addGroup, addProject } from './places.ts'
import { routesOf } from './routes/routes.ts'
import { type GitlabTestbed, gitlabTestbed } from './testbed.ts'

let bed: GitlabTestbed
beforeAll(async () => {
  bed = await gitlabTestbed({ limits: 'off' })
  const root = bed.world.userNamed('root')
  if (root === undefined) throw new Error('no root')
  const group = addGroup(bed.world, { path: 'g', owner: root })
  const project = addProject(bed.world, { path: 'p', namespace_id: group.id, creator: root })
  project.default_branch = 'main'
  addUser(bed.world, { username: 'ada', email: 'ada@example.test' })
  const stream = ['main', 'feature'].map((name, at) => {
    const who = `committer A <a@example.test> ${at} +0000\n`
    return `commit refs/heads/${name}\n${who}data 3\nA ${at}\n${at === 0 ? '' : 'from refs/heads/main\n'}M 100644 inline ${name}.md\ndata 2\nx\n\n`
  })
  const repository = bed.world.repository(project)
  execFileSync('git', ['-C', repository, 'fast-import', '--quiet'], {
    env: gitEnvironment,
    input: `${stream.join('')}reset refs/tags/v1\nfrom refs/heads/main\n\n`,
  })
  execFileSync('git', ['clone', '-q', '--bare', repository, bed.world.wiki(project)], { env: gitEnvironment })
})
afterAll(() => bed[Symbol.asyncDispose]())

const P = '/projects/g%2Fp'
type Row = Readonly<Record<string, unknown>>
async function call(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly body: unknown }> {
  const headers = { 'private-token': bed.token, 'content-type': 'application/json' }
  const response = await fetch(`${bed.url}/api/v4${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body) })
  const text = await response.text()
  return {
    status: response.status,
    body: response.headers.get('content-type')?.startsWith('application/json') === true ? JSON.parse(text) : text,
  }
}
const row = async (method: string, path: string, body?: object): Promise<Row> =>
  z.record(z.string(), z.unknown()).parse((await call(method, path, body)).body)
const rows = async (path: string): Promise<Row[]> => z.array(z.record(z.string(), z.unknown())).parse((await call('GET', path)).body)

interface Kept {
  readonly what: string
  readonly room: string
  readonly make: object
  /** The field that stands in the path of one. */
  readonly key: string
  readonly change?: readonly [sent: object, seen: object]
}
/** Made, found in its list and by itself, changed, taken away, gone. */
test.each([
  {
    what: 'people',
    room: '/users',
    make: { username: 'eve', name: 'Eve', email: 'eve@example.test', force_random_password: true, skip_confirmation: true },
    key: 'id',
    change: [{ name: 'E' }, { name: 'E' }],
  },
  { what: 'groups', room: '/groups', make: { path: 'h', name: 'H' }, key: 'id', change: [{ description: 'd' }, { description: 'd' }] },
  {
    what: 'projects',
    room: '/projects',
    make: { name: 'Q', path: 'q' },
    key: 'id',
    change: [
      { description: 'd', topics: ['a'] },
      { description: 'd', topics: ['a'] },
    ],
  },
  {
    what: 'members of projects',
    room: `${P}/members`,
    make: { user_id: 2, access_level: 30 },
    key: 'id',
    change: [{ access_level: 40 }, { access_level: 40 }],
  },
  {
    what: 'members of groups',
    room: '/groups/g/members',
    make: { user_id: 2, access_level: 30 },
    key: 'id',
    change: [{ access_level: 20 }, { access_level: 20 }],
  },
  { what: 'labels', room: `${P}/labels`, make: { name: 'l', color: '#fff' }, key: 'id', change: [{ new_name: 'm' }, { name: 'm' }] },
  {
    what: 'milestones',
    room: `${P}/milestones`,
    make: { title: 'v1' },
    key: 'id',
    change: [{ state_event: 'close' }, { state: 'closed' }],
  },
  {
    what: 'issues',
    room: `${P}/issues`,
    make: { title: 't' },
    key: 'iid',
    change: [
      { state_event: 'close', labels: 'x,y' },
      { state: 'closed', labels: ['x', 'y'] },
    ],
  },
  {
    what: 'merge requests',
    room: `${P}/merge_requests`,
    make: { title: 't', source_branch: 'feature', target_branch: 'main' },
    key: 'iid',
    change: [
      { title: 'Draft: t', add_labels: 'z' },
      { title: 'Draft: t', labels: ['z'] },
    ],
  },
  {
    what: 'releases',
    room: `${P}/releases`,
    make: { tag_name: 'v1', released_at: '2020-01-01T00:00:00Z' },
    key: 'tag_name',
    change: [{ name: 'One' }, { name: 'One' }],
  },
  { what: 'protected branches', room: `${P}/protected_branches`, make: { name: 'r/*' }, key: 'name' },
  { what: 'protected tags', room: `${P}/protected_tags`, make: { name: 'v*' }, key: 'name' },
  {
    what: 'variables of projects',
    room: `${P}/variables`,
    make: { key: 'A', value: '1' },
    key: 'key',
    change: [{ value: '2' }, { value: '2' }],
  },
  {
    what: 'variables of groups',
    room: '/groups/g/variables',
    make: { key: 'A', value: '1' },
    key: 'key',
    change: [{ value: '2' }, { value: '2' }],
  },
  { what: 'branches', room: `${P}/repository/branches`, make: { branch: 'b', ref: 'main' }, key: 'name' },
] satisfies Kept[] as Kept[])('$what are kept', async ({ room, make, key, change }) => {
  const made = await call('POST', room, make)
  expect(made.status).toBe(201)
  const found = z.record(z.string(), z.unknown()).parse(made.body)
  const one = `${room}/${encodeURIComponent(String(found[key]))}`
  expect((await rows(room)).map((each) => each[key])).toContain(found[key])
  expect(await row('GET', one)).toMatchObject({ [key]: found[key] })
  if (change !== undefined) await call('PUT', one, change[0])
  expect(await row('GET', one)).toMatchObject(change?.[1] ?? {})
  expect((await call('DELETE', one)).status).toBeLessThan(300)
  expect((await call('GET', one)).status).toBe(404)
})

test.each(['issues', 'merge_requests'])('notes, threads, reactions and events of %s', async (room) => {
  const made = await row('POST', `${P}/${room}`, { title: 't', labels: 'a', source_branch: 'feature', target_branch: 'main' })
  const item = `${P}/${room}/${String(made['iid'])}`
  const note = await row('POST', `${item}/notes`, { body: 'one' })
  expect(await row('PUT', `${item}/notes/${String(note['id'])}`, { body: 'two' })).toMatchObject({ body: 'two', resolvable: false })
  expect(await rows(`${item}/notes`)).toMatchObject([{ id: note['id'] }])
  const award = await row('POST', `${item}/notes/${String(note['id'])}/award_emoji`, { name: 'heart' })
  expect(await rows(`${item}/notes/${String(note['id'])}/award_emoji`)).toMatchObject([{ id: award['id'], awardable_type: 'Note' }])
  const own = await row('POST', `${item}/award_emoji`, { name: 'rocket' })
  expect(await rows(`${item}/award_emoji`)).toHaveLength(1)
  expect((await call('DELETE', `${item}/award_emoji/${String(own['id'])}`)).status).toBe(204)
  const thread = await row('POST', `${item}/discussions`, { body: 'thread' })
  const discussion = `${item}/discussions/${String(thread['id'])}`
  await call('POST', `${discussion}/notes`, { body: 'reply' })
  expect(z.array(z.unknown()).parse((await row('GET', discussion))['notes'])).toHaveLength(2)
  await call('PUT', discussion, { resolved: true })
  expect(await rows(`${item}/discussions`)).toHaveLength(2)
  expect((await call('DELETE', `${item}/notes/${String(note['id'])}`)).status).toBe(204)
  expect((await call('GET', `${item}/notes/${String(note['id'])}`)).status).toBe(404)
  await call('PUT', item, { state_event: 'close' })
  expect(await rows(`${item}/resource_label_events`)).toMatchObject([{ action: 'add' }])
  expect(await rows(`${item}/resource_state_events`)).toMatchObject([{ state: 'closed' }])
  expect(await rows(`${item}/resource_milestone_events`)).toEqual([])
  await call('DELETE', item)
})

test('a merge request tells its changes and commits', async () => {
  const { iid } = await row('POST', `${P}/merge_requests`, { title: 't', source_branch: 'feature', target_branch: 'main' })
  const item = `${P}/merge_requests/${String(iid)}`
  const [version] = await rows(`${item}/versions`)
  expect(await row('GET', `${item}/versions/${String(version?.['id'])}`)).toMatchObject({
    commits: [{ title: 'A 1' }],
    diffs: [{ new_path: 'feature.md' }],
  })
  expect(await rows(`${item}/diffs`)).toMatchObject([{ new_file: true, diff: '@@ -0,0 +1 @@\n+x\n' }])
  expect(await row('GET', `${item}/changes`)).toMatchObject({ changes: [{ new_path: 'feature.md' }] })
  expect(await rows(`${item}/commits`)).toMatchObject([{ title: 'A 1' }])
  expect([await row('GET', `${item}/approvals`), await rows(`${item}/reviewers`)]).toMatchObject([{ approved_by: [] }, []])
})

test('people are moved between states, get addresses and tokens', async () => {
  for (const [act, state] of [
    ['block', 'blocked'],
    ['unblock', 'active'],
    ['deactivate', 'deactivated'],
    ['activate', 'active'],
  ]) {
    expect((await call('POST', `/users/2/${act ?? ''}`)).status).toBe(201)
    expect(await row('GET', '/users/2')).toMatchObject({ state })
  }
  await call('POST', '/users/2/emails', { email: 'ada2@example.test', skip_confirmation: true })
  expect(await rows('/users/2/emails')).toMatchObject([{ email: 'ada2@example.test' }])
  expect(await row('PUT', '/users/2', { public_email: 'ada2@example.test' })).toMatchObject({ public_email: 'ada2@example.test' })
  expect(await rows('/users?search=ada2@example.test')).toMatchObject([{ username: 'ada' }])
  expect(await row('POST', '/users/2/personal_access_tokens', { name: 't', scopes: ['read_api'] })).toMatchObject({
    scopes: ['read_api'],
    active: true,
  })
  expect(await row('GET', '/personal_access_tokens/self')).toMatchObject({ scopes: expect.arrayContaining(['sudo']) as string[] })
})

test('groups tell what is in them', async () => {
  await call('POST', '/groups/g/labels', { name: 'everywhere', color: '#fff' })
  expect(await rows('/groups/g/labels')).toMatchObject([{ name: 'everywhere', is_project_label: false }])
  expect(await rows('/groups/g/projects?include_subgroups=true')).toMatchObject([{ path: 'p' }])
  expect(await rows('/groups/g/subgroups')).toEqual([])
  expect(await rows('/groups/g/members/all')).toMatchObject([{ username: 'root' }])
  expect(await rows(`${P}/members/all`)).toMatchObject([{ username: 'root', access_level: 50 }])
})

test('a project is shared, put away, and has a wiki, tags, webhooks and packages', async () => {
  const other = await row('POST', '/groups', { path: 'other', name: 'Other' })
  await call('POST', `${P}/share`, { group_id: other['id'], group_access: 30 })
  expect(await row('GET', P)).toMatchObject({ shared_with_groups: [{ group_full_path: 'other', group_access_level: 30 }] })
  expect((await call('DELETE', `${P}/share/${String(other['id'])}`)).status).toBe(204)
  expect([await row('POST', `${P}/archive`), await row('POST', `${P}/unarchive`)]).toMatchObject([{ archived: true }, { archived: false }])
  expect(await rows(`${P}/wikis`)).toMatchObject([{ slug: 'main', content: 'x' }])
  const [tag] = await rows(`${P}/repository/tags`)
  expect(tag).toMatchObject({ name: 'v1' })
  expect(await row('GET', `${P}/repository/commits/v1`)).toMatchObject({ title: 'A 0' })
  const hook = await row('POST', `${P}/hooks`, { url: 'https://a.example.test' })
  expect(await rows(`${P}/hooks`)).toMatchObject([{ id: hook['id'] }])
  expect(await row('PUT', `${P}/hooks/${String(hook['id'])}`, { push_events: false })).toMatchObject({ push_events: false })
  expect((await call('DELETE', `${P}/hooks/${String(hook['id'])}`)).status).toBe(204)
  await call('PUT', `${P}/packages/generic/a/1/f.bin`)
  const [made] = await rows(`${P}/packages`)
  expect(await row('GET', `${P}/packages/${String(made?.['id'])}`)).toMatchObject({ name: 'a' })
  expect((await call('DELETE', `${P}/packages/${String(made?.['id'])}`)).status).toBe(204)
  await call('POST', `${P}/releases`, { tag_name: 'v1' })
  const link = await row('POST', `${P}/releases/v1/assets/links`, { name: 'f', url: 'https://a.example.test/f', direct_asset_path: '/f' })
  expect(await rows(`${P}/releases/v1/assets/links`)).toMatchObject([{ direct_asset_url: `${bed.url}/g/p/-/releases/v1/downloads/f` }])
  expect((await call('DELETE', `${P}/releases/v1/assets/links/${String(link['id'])}`)).status).toBe(200)
  const form = new FormData()
  form.set('file', new Blob(['x']), 'a.png')
  const upload = z
    .object({ id: z.number() })
    .parse(
      await (await fetch(`${bed.url}/api/v4${P}/uploads`, { method: 'POST', headers: { 'private-token': bed.token }, body: form })).json(),
    )
  expect([await call('GET', `${P}/uploads/${upload.id}`), await call('DELETE', `${P}/uploads/${upload.id}`)]).toMatchObject([
    { body: 'x' },
    { status: 204 },
  ])
  expect(await row('GET', '/application/settings')).toMatchObject({ notes_create_limit: 0, import_sources: ['gitlab_project'] })
})

test('every route stands in the coverage table once, and those it says are tested here were asked', () => {
  const routes = routesOf(new Jobs(bed.world, 1)).map(({ route }) => route)
  const table = coverage.flatMap(({ routes }) => routes)
  expect(table.toSorted()).toEqual(routes.toSorted())
  const asked = new Set(Object.keys(bed.calls.byRoute))
  const here = coverage.filter(({ testedBy }) => testedBy === 'routes.test.ts').flatMap(({ routes }) => routes)
  expect(here.filter((route) => !asked.has(route))).toEqual([])
})
