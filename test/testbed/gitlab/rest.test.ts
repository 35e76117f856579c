import { Gitlab } from '@gitbeaker/rest'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addToken, addUser } from './people.ts'
import { addGroup, addProject } from './places.ts'
import type { GroupRow, ProjectRow, UserRow } from './rows.ts'
import { type GitlabTestbed, gitlabTestbed } from './testbed.ts'

let bed: GitlabTestbed
let api: InstanceType<typeof Gitlab>
let now = Date.parse('2026-11-25T12:00:00Z')
let root: UserRow
let ada: UserRow
let group: GroupRow
let project: ProjectRow
let count = 0
const headers = () => ({ 'private-token': bed.token, 'content-type': 'application/json' })
const as = (user: UserRow, scopes = ['api']) => new Gitlab({ host: bed.url, token: addToken(bed.world, user, scopes).token })

beforeAll(async () => {
  bed = await gitlabTestbed({ clock: () => now })
  api = new Gitlab({ host: bed.url, token: bed.token })
  const user = bed.world.userNamed('root')
  if (user === undefined) throw new Error('no root')
  root = user
  ada = addUser(bed.world, { username: 'ada', email: 'ada@example.test' })
})
afterAll(() => bed[Symbol.asyncDispose]())
beforeEach(() => {
  group = addGroup(bed.world, { path: `g${count++}`, owner: root })
  project = addProject(bed.world, { path: 'p', namespace_id: group.id, creator: root })
  bed.world.mails.length = 0
  now += 3_600_000
})

describe('people', () => {
  test('are made by administrators, silently only with skip_confirmation and without reset_password', async () => {
    const person = (n: number) => ({ username: `new${n}`, name: 'New', email: `new${n}@example.test` })
    await api.Users.create({ ...person(1), forceRandomPassword: true, skipConfirmation: true })
    expect(bed.mails).toEqual([])
    await api.Users.create({ ...person(2), resetPassword: true })
    expect(bed.mails.map(({ reason }) => reason)).toEqual(['confirmation', 'account created'])
    await expect(api.Users.create({ ...person(1), forceRandomPassword: true })).rejects.toThrow('Email has already been taken')
    await expect(as(ada).Users.create(person(3))).rejects.toThrow('403 Forbidden')
  })
  test('who are blocked are told nothing and refused', async () => {
    const bob = await api.Users.create({
      username: 'bob',
      name: 'Bob',
      email: 'bob@example.test',
      forceRandomPassword: true,
      skipConfirmation: true,
    })
    await api.Users.block(bob.id)
    await api.ProjectMembers.add(project.id, 30, { userId: bob.id })
    expect(bed.mails).toEqual([])
    await api.ProjectMembers.add(project.id, 30, { userId: ada.id })
    expect(bed.mails).toMatchObject([{ to: 'ada@example.test', reason: 'access granted' }])
    const { token } = addToken(bed.world, bed.world.userNamed('bob') ?? root, ['api'])
    await expect(new Gitlab({ host: bed.url, token }).Users.showCurrentUser()).rejects.toThrow('blocked')
  })
  test('can be acted for with Sudo by administrators whose token may', async () => {
    bed.world.membersOf(`project:${project.id}`).set(ada.id, 20)
    expect(await api.Issues.create(project.id, 'A', { sudo: 'ada' })).toMatchObject({ author: { username: 'ada' } })
    await expect(as(root).Issues.create(project.id, 'B', { sudo: 'ada' })).rejects.toThrow('insufficient_scope')
    await expect(as(ada, ['api', 'sudo']).Issues.create(project.id, 'C', { sudo: 'root' })).rejects.toThrow('Must be admin to use sudo')
  })
})

describe('quick actions', () => {
  test('run and vanish from notes and descriptions, but not from code', async () => {
    const issue = await api.Issues.create(project.id, 'A', { description: 'text\n/confidential\n```\n/close\n```' })
    expect(issue).toMatchObject({ state: 'opened', confidential: true, description: 'text\n```\n/close\n```' })
    expect(await api.IssueNotes.create(project.id, issue.iid, 'done\n/close')).toMatchObject({ body: 'done' })
    expect(await api.Issues.show(issue.iid, { projectId: project.id })).toMatchObject({ state: 'closed' })
    expect(await api.IssueNotes.create(project.id, issue.iid, '/reopen')).toMatchObject({ commands_changes: { state_event: 'reopen' } })
    expect(await api.IssueNotes.all(project.id, issue.iid)).toHaveLength(1)
  })
})

describe('mails', () => {
  test('go to people who are named, take part or are assigned, unless mails are off', async () => {
    bed.world.membersOf(`project:${project.id}`).set(ada.id, 20)
    const { iid } = await api.Issues.create(project.id, 'A', { description: 'for @ada, not `@ada`' })
    await api.IssueNotes.create(project.id, iid, 'hello @ada')
    expect(bed.mails.map(({ to, reason }) => [to, reason])).toEqual([
      ['ada@example.test', 'new issue'],
      ['ada@example.test', 'new note'],
    ])
    await api.Projects.edit(project.id, { emailsDisabled: true })
    await api.IssueNotes.create(project.id, iid, 'hello @ada')
    expect(bed.mails).toHaveLength(2)
  })
})

describe('issues', () => {
  test('take number and dates from owners and ignore those of others', async () => {
    bed.world.membersOf(`project:${project.id}`).set(ada.id, 30)
    const given = { iid: 40, createdAt: '2020-01-02T03:04:05Z' }
    expect(await api.Issues.create(project.id, 'A', given)).toMatchObject({ iid: 40, created_at: '2020-01-02T03:04:05.000Z' })
    expect(await as(ada).Issues.create(project.id, 'B', given)).toMatchObject({ iid: 41, created_at: new Date(now).toISOString() })
    await expect(api.Issues.create(project.id, 'C', given)).rejects.toThrow('Duplicated issue')
  })
})

describe('system notes', () => {
  test('tell changes and mentions, once, and not those in code', async () => {
    const first = await api.Issues.create(project.id, 'A')
    const { iid } = await api.Issues.create(project.id, 'B', {
      description: `as in #${first.iid}, not \`#${first.iid}\``,
      assigneeIds: [root.id],
    })
    await api.IssueNotes.create(project.id, iid, `again #${first.iid}`)
    await api.Issues.edit(project.id, iid, { title: 'C' })
    const notes = async (of: number) =>
      (await api.IssueNotes.all(project.id, of, { sort: 'asc' })).map(({ system, body }) => (system ? `* ${body}` : body))
    expect(await notes(first.iid)).toEqual([`* mentioned in issue #${iid}`])
    expect(await notes(iid)).toEqual(['* assigned to @root', `again #${first.iid}`, '* changed title from **B** to **C**'])
  })
})

describe('pages', () => {
  test('by number have totals, up to ten thousand rows', async () => {
    for (let at = 0; at < 3; at++) await api.Issues.create(project.id, `issue ${at}`)
    const asked = `${bed.url}/api/v4/projects/${project.id}/issues?per_page=2`
    const first = await fetch(asked, { headers: headers() })
    expect(['x-total', 'x-total-pages', 'x-next-page'].map((name) => first.headers.get(name))).toEqual(['3', '2', '2'])
    expect(first.headers.get('link')).toContain('rel="next"')
    for (let at = 0; at < 10_000; at++)
      bed.world.labels.set(-at - 1, {
        id: -at - 1,
        owner: `project:${project.id}`,
        title: `l${at}`,
        color: '#fff',
        description: null,
        priority: null,
      })
    const labels = `${bed.url}/api/v4/projects/${project.id}/labels`
    expect((await fetch(labels, { headers: headers() })).headers.get('x-total')).toBe('10000')
    await api.ProjectLabels.create(project.id, 'one more', '#fff')
    const over = await fetch(labels, { headers: headers() })
    expect([over.headers.get('x-total'), over.headers.get('x-next-page')]).toEqual([null, '2'])
  })
  test('by keyset lead on by link only, and are not to be had everywhere', async () => {
    for (const path of ['a', 'b', 'c']) addGroup(bed.world, { path, parent_id: group.id, owner: root })
    const read = await api.Groups.allSubgroups(group.id, { pagination: 'keyset', perPage: 2, orderBy: 'id', sort: 'asc' })
    expect(read.map(({ path }) => path)).toEqual(['a', 'b', 'c'])
    const response = await fetch(`${bed.url}/api/v4/projects/${project.id}/issues?pagination=keyset`, { headers: headers() })
    expect(response.status).toBe(405)
  })
})

describe('limits', () => {
  test('notes: three hundred a minute and person, then 429 without Retry-After', async () => {
    const { iid } = await api.Issues.create(project.id, 'A')
    const post = () =>
      fetch(`${bed.url}/api/v4/projects/${project.id}/issues/${iid}/notes`, { method: 'POST', headers: headers(), body: '{"body":"x"}' })
    await api.ApplicationSettings.edit({ notesCreateLimit: 3 })
    const statuses = [await post(), await post(), await post(), await post()].map(({ status }) => status)
    expect([statuses, bed.limited.get('notes')]).toEqual([[201, 201, 201, 429], 1])
    expect((await post()).headers.has('retry-after')).toBe(false)
    now += 60_000
    expect((await post()).status).toBe(201)
    await api.ApplicationSettings.edit({ notesCreateLimit: 300 })
  })
  test('the whole API: text and Retry-After', async () => {
    bed.world.settings['throttle_authenticated_api_enabled'] = true
    bed.world.settings['throttle_authenticated_api_requests_per_period'] = 1
    const statuses = [0, 1].map(() => fetch(`${bed.url}/api/v4/version`, { headers: headers() }))
    const last = (await Promise.all(statuses)).find(({ status }) => status === 429)
    bed.world.settings['throttle_authenticated_api_enabled'] = false
    expect([last?.headers.get('retry-after'), await last?.text()]).toEqual(['3600', 'Retry later\n'])
  })
})

describe('around a project', () => {
  test('labels differ by case, take no comma, and want a colour', async () => {
    await api.ProjectLabels.create(project.id, 'Bug', '#d73a4a')
    await api.ProjectLabels.create(project.id, 'bug', '#d73a4a')
    await expect(api.ProjectLabels.create(project.id, 'Bug', '#d73a4a')).rejects.toThrow('Label already exists')
    await expect(api.ProjectLabels.create(project.id, 'a,b', '#d73a4a')).rejects.toThrow('Title is invalid')
    expect((await api.ProjectLabels.all(project.id)).map(({ name }) => name)).toEqual(['Bug', 'bug'])
  })
  test('reactions have names of their own, and one of each from a person', async () => {
    const { iid } = await api.Issues.create(project.id, 'A')
    await api.IssueAwardEmojis.award(project.id, iid, 'tada')
    await expect(api.IssueAwardEmojis.award(project.id, iid, 'tada')).rejects.toThrow('taken')
    await expect(api.IssueAwardEmojis.award(project.id, iid, 'hooray')).rejects.toThrow('not a valid emoji')
    expect(await api.IssueAwardEmojis.all(project.id, iid)).toMatchObject([{ name: 'tada', user: { username: 'root' } }])
  })
  test('packages keep files, releases link to them, uploads come back', async () => {
    const put = `${bed.url}/api/v4/projects/${project.id}/packages/generic/assets/v1/a.zip`
    expect((await fetch(put, { method: 'PUT', headers: { 'private-token': bed.token }, body: 'bytes' })).status).toBe(201)
    expect(await (await fetch(put, { headers: headers() })).text()).toBe('bytes')
    const [row] = await api.Packages.all({ projectId: project.id })
    expect(row).toMatchObject({ name: 'assets', version: 'v1', package_type: 'generic' })
    expect(await api.Packages.allFiles(project.id, row?.id ?? 0)).toMatchObject([{ file_name: 'a.zip', size: 5 }])
    await expect(api.ProjectReleases.create(project.id, { tagName: 'v1', name: 'One' })).rejects.toThrow('Ref is not specified')
    const upload = await api.Projects.uploadForReference(project.id, { content: new Blob(['x']), filename: 'b c.png' })
    expect(upload).toMatchObject({ alt: 'b_c', url: expect.stringMatching(/^\/uploads\/[0-9a-f]{32}\/b_c\.png$/) as string })
    const [, , secret = '', name = ''] = upload.url.split('/')
    expect(await (await api.ProjectMarkdownUploads.download(project.id, secret, name)).text()).toBe('x')
  })
  test('protected branches, tags, webhooks and variables', async () => {
    await api.ProtectedBranches.protect(project.id, 'release/*', { pushAccessLevel: 0, mergeAccessLevel: 40 })
    expect(await api.ProtectedBranches.all(project.id)).toMatchObject([
      { name: 'release/*', push_access_levels: [{ access_level: 0, access_level_description: 'No one' }] },
    ])
    await api.ProtectedTags.create(project.id, 'v*')
    expect(await api.ProtectedTags.all(project.id)).toMatchObject([{ name: 'v*', create_access_levels: [{ access_level: 40 }] }])
    await api.ProjectHooks.add(project.id, 'https://hook.example.test/x', { token: 'secret' })
    expect((await api.ProjectHooks.all(project.id))[0]).not.toHaveProperty('token')
    await api.ProjectVariables.create(project.id, 'KEY', 'value')
    expect(await api.GroupVariables.all(group.id)).toEqual([])
    expect(await api.ProjectVariables.all(project.id)).toMatchObject([{ key: 'KEY', value: 'value' }])
  })
  test('what is archived stays as it is, until it is not', async () => {
    const { iid } = await api.Issues.create(project.id, 'A')
    await api.Projects.archive(project.id)
    const refused = [
      () => api.Issues.create(project.id, 'B'),
      () => api.IssueNotes.create(project.id, iid, 'x'),
      () => api.ProjectLabels.create(project.id, 'l', '#fff'),
      () => api.IssueAwardEmojis.award(project.id, iid, 'heart'),
    ]
    for (const act of refused) await expect(act()).rejects.toThrow('403 Forbidden')
    await api.Projects.unarchive(project.id)
    await api.IssueNotes.create(project.id, iid, 'x')
  })
  test('from 18.0 on deletion is put off, and ended with permanently_remove', async () => {
    await using bed = await gitlabTestbed({ version: '18.2.0' })
    const api = new Gitlab({ host: bed.url, token: bed.token })
    const { id } = await api.Projects.create({ name: 'p' })
    const end = (fullPath: string) => api.Projects.remove(id, { permanentlyRemove: true, fullPath })
    await expect(end('root/p')).rejects.toThrow('must be marked for deletion first')
    await api.Projects.remove(id)
    expect(await api.Projects.show(id)).toMatchObject({
      path: `p-deletion_scheduled-${id}`,
      marked_for_deletion_on: new Date().toISOString().slice(0, 10),
    })
    await expect(end('root/p')).rejects.toThrow('`full_path` is incorrect')
    await end(`root/p-deletion_scheduled-${id}`)
    await expect(api.Projects.show(id)).rejects.toThrow('404')
  })
  test('what is private is not there for others', async () => {
    await expect(as(ada).Projects.show(project.id)).rejects.toThrow('404 Project Not Found')
    await expect(api.Projects.edit(project.id, { visibility: 'public' })).rejects.toThrow('not allowed in a private group')
    await api.Projects.remove(project.id)
    await expect(api.Projects.show(project.id)).rejects.toThrow('404 Project Not Found')
  })
})
