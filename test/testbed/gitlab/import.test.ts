import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Gitlab } from '@gitbeaker/rest'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { addUser } from './people.ts'
import { addGroup } from './places.ts'
import { type ProjectFile, sample, writeProjectFile } from './project-file.ts'
import { type GitlabTestbed, gitlabTestbed } from './testbed.ts'

let bed: GitlabTestbed
let api: InstanceType<typeof Gitlab>
let directory: string
let count = 0
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gitlab-files-'))
  bed = await gitlabTestbed({ limits: 'off' })
  api = new Gitlab({ host: bed.url, token: bed.token })
  const root = bed.world.userNamed('root')
  if (root !== undefined) addGroup(bed.world, { path: 'acme', owner: root })
  addUser(bed.world, { username: 'octo', email: 'octo@example.test', state: 'blocked' })
})
afterAll(async () => {
  await bed[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})
let path: string
beforeEach(() => {
  path = `p${count++}`
  bed.world.problems.length = 0
})
const id = (): string => `acme/${path}`

async function send(file: ProjectFile, fields: Readonly<Record<string, string>> = {}, route = 'projects/import'): Promise<Response> {
  const name = join(directory, `${path}.tar.gz`)
  await writeProjectFile(name, file)
  const form = new FormData()
  for (const [key, value] of Object.entries({ path, namespace: 'acme', ...fields })) form.set(key, value)
  form.set('file', await openAsBlob(name), 'project.tar.gz')
  return fetch(`${bed.url}/api/v4/${route}`, { method: 'POST', headers: { 'private-token': bed.token }, body: form })
}
async function imported(file: ProjectFile, fields: Readonly<Record<string, string>> = {}) {
  const response = await send(file, fields)
  expect(response.status).toBe(201)
  await bed.idle()
  return api.ProjectImportExports.showImportStatus(id())
}

test('comments on commits stand at their commit, and only there', async () => {
  const sha = 'a'.repeat(40)
  const notes = [
    sample.note({ noteable_type: 'Commit', commit_id: sha, note: 'Why?' }),
    sample.note({ noteable_type: 'Issue', commit_id: sha }),
    sample.note({ noteable_type: 'Commit', commit_id: 'main' }),
  ]
  const status = await imported({ tree: { project_members: [sample.member(7, 'octo@example.test')], commit_notes: notes } })
  expect(status.failed_relations).toHaveLength(2)
  expect(await api.CommitDiscussions.all(id(), sha)).toMatchObject([
    { individual_note: true, notes: [{ body: 'Why?', noteable_type: 'Commit' }] },
  ])
  expect(await api.CommitDiscussions.all(id(), 'b'.repeat(40))).toEqual([])
})

describe('the file as a whole', () => {
  test('is scheduled first and finished later', async () => {
    const response = await send({})
    expect(await response.json()).toMatchObject({ import_status: 'scheduled', path_with_namespace: id() })
    await bed.idle()
    expect(await api.ProjectImportExports.showImportStatus(id())).toMatchObject({ import_status: 'finished', failed_relations: [] })
  })
  test.each([
    ['of another version', { version: '0.2.5' }, 'Import version mismatch: Required 0.2.4 but was 0.2.5'],
    ['without a version', { version: '' }, 'No such file or directory @ rb_sysopen - VERSION'],
    ['with a broken line', { members: { 'tree/project/issues.ndjson': '{"iid":1\n' } }, 'Incorrect JSON format'],
    [
      'with a webhook in its attributes',
      { project: { hooks: [{ url: 'https://a.example.test' }] } },
      'ProjectHook expected, got a Hash or String',
    ],
    ['with an upload outside of a secret', { members: { 'uploads/a.png': 'x' } }, 'undefined method `named_captures` for nil'],
    [
      'with an LFS object its list does not name',
      { members: { 'lfs-objects/x': 'x', 'lfs-objects.json': '{}' } },
      'undefined method `each` for nil',
    ],
  ] satisfies [string, ProjectFile, string][])('fails %s', async (_, file, error) => {
    expect(await imported(file)).toMatchObject({ import_status: 'failed', import_error: error })
  })
  test('cannot take a path that is taken, unless it overwrites', async () => {
    await imported({ tree: { issues: [sample.issue(1)] } })
    expect((await send({})).status).toBe(400)
    await imported({ tree: { issues: [sample.issue(5)] } }, { overwrite: 'true' })
    expect((await api.Issues.all({ projectId: id() })).map(({ iid }) => iid)).toEqual([5])
  })
  test('refuses override_params that a client sent as text', async () => {
    const response = await send({}, { override_params: '[object Object]' })
    expect([response.status, await response.json()]).toEqual([400, { error: 'override_params is invalid' }])
  })
})

describe('people', () => {
  const members = [sample.member(7, 'octo@example.test', 50), sample.member(8, 'nobody@example.test')]
  test('are found by their primary address and become members, maintainers at most', async () => {
    await imported({ tree: { project_members: members, issues: [sample.issue(1)] } })
    expect(await api.Issues.show(1, { projectId: id() })).toMatchObject({ author: { username: 'octo' } })
    expect((await api.ProjectMembers.all(id())).map(({ username, access_level }) => [username, access_level])).toEqual([
      ['root', 40],
      ['octo', 40],
    ])
  })
  test('who are not found are the importer, and their notes say so', async () => {
    await imported({
      tree: { project_members: members, issues: [sample.issue(1, { author_id: 8, notes: [sample.note({ author_id: 8 })] })] },
    })
    expect(await api.Issues.show(1, { projectId: id() })).toMatchObject({ author: { username: 'root' }, description: 'text' })
    const [note] = await api.IssueNotes.all(id(), 1)
    expect(note?.body).toBe('A comment\n\n *By Octo on 2024-05-06T07:08:09 (imported from GitLab)*')
  })
})

describe('records', () => {
  test.each([
    ['a note whose author is unknown and has no name', { notes: [sample.note({ author: undefined })] }, 'NoMethodError'],
    ['a note whose updated_at is no text', { notes: [sample.note({ updated_at: 5 })] }, 'NoMethodError'],
    ['a title that is too long', { title: 'x'.repeat(256) }, 'ActiveRecord::RecordInvalid'],
    ["a reaction by GitHub's name", { award_emoji: [{ name: '+1', user_id: 7, awardable_type: 'Issue' }] }, 'ActiveRecord::RecordInvalid'],
    [
      'a label with a comma',
      { label_links: [{ target_type: 'Issue', label: { title: 'a,b', color: '#fff' } }] },
      'ActiveRecord::RecordInvalid',
    ],
  ])('with %s fail alone', async (_, bent, exception_class) => {
    const status = await imported({ tree: { issues: [sample.issue(1, bent), sample.issue(2)] } })
    expect(status).toMatchObject({
      import_status: 'finished',
      failed_relations: [{ relation_name: 'issues', line_number: 0, exception_class }],
    })
    expect((await api.Issues.all({ projectId: id() })).map(({ iid }) => iid)).toEqual([2])
  })
  test('of more than five nested ones lose only the invalid one', async () => {
    const notes = [...Array.from({ length: 6 }, () => sample.note()), sample.note({ noteable_type: 'Nothing' })]
    const status = await imported({ tree: { issues: [sample.issue(1, { notes })] } })
    expect(status['failed_relations']).toMatchObject([{ source: 'RelationObjectSaver#save!' }])
    expect(await api.IssueNotes.all(id(), 1)).toHaveLength(6)
  })
  test('lose without a word what the whitelist does not name', async () => {
    const status = await imported({ tree: { issues: [sample.issue(1, { locked: true, secret: 1 })] } })
    expect(status).toMatchObject({ failed_relations: [] })
    expect([...bed.world.dropped.keys()]).toContain('issues.locked')
  })
  test('keep number, state, dates, labels, milestone, reactions and events', async () => {
    const label = { title: 'Bug', color: '#d73a4a', type: 'ProjectLabel' }
    const milestone = { iid: 3, title: 'v1', state: 'closed' }
    await imported({
      tree: {
        labels: [label, { ...label, title: 'bug' }, { title: 'no colour' }],
        milestones: [milestone],
        issues: [
          sample.issue(12, {
            state: 'closed',
            closed_at: sample.at,
            closed_by_id: 7,
            label_links: [{ target_type: 'Issue', label }],
            milestone,
            award_emoji: [{ name: 'thumbsup', user_id: 7, awardable_type: 'Issue', created_at: sample.at }],
            resource_state_events: [{ user_id: 7, state: 'closed', created_at: sample.at }],
            resource_label_events: [{ user_id: 7, action: 'add', created_at: sample.at, label }],
          }),
        ],
      },
    })
    expect(await api.Issues.show(12, { projectId: id() })).toMatchObject({
      state: 'closed',
      created_at: sample.at,
      closed_at: sample.at,
      labels: ['Bug'],
      milestone: { iid: 3 },
      upvotes: 1,
    })
    expect((await api.ProjectLabels.all(id())).map(({ name }) => name)).toEqual(['Bug', 'bug'])
    expect(await api.IssueStateEvents.all(id(), 12)).toMatchObject([{ state: 'closed', created_at: sample.at }])
    expect(await api.IssueLabelEvents.all(id(), 12)).toMatchObject([{ action: 'add', label: { name: 'Bug' } }])
  })
})

describe('merge requests', () => {
  const code = `${createHash('sha1').update('a.txt').digest('hex')}_2_1`
  const diffNote = (more: object = {}) =>
    sample.note({
      type: 'DiffNote',
      noteable_type: 'MergeRequest',
      discussion_id: 'a'.repeat(40),
      line_code: code,
      position: sample.position(),
      original_position: sample.position(),
      ...more,
    })
  test('keep state, dates, changes, threads and positions', async () => {
    await imported({
      tree: {
        merge_requests: [
          sample.mergeRequest(13, { notes: [diffNote({ resolved_at: sample.at, resolved_by_id: 7 }), diffNote({ note: 'A reply' })] }),
        ],
      },
    })
    expect(await api.MergeRequests.show(id(), 13)).toMatchObject({
      state: 'merged',
      merged_at: sample.at,
      source_branch: 'gh-pr/13',
      changes_count: '1',
    })
    const [thread] = await api.MergeRequestDiscussions.all(id(), 13)
    expect(thread).toMatchObject({
      id: 'a'.repeat(40),
      individual_note: false,
      notes: [{ resolved: true, position: { new_line: 1 } }, { type: 'DiffNote' }],
    })
    expect(bed.problems).toEqual([])
  })
  test('with a diff that has no text fail', async () => {
    const bent = sample.mergeRequest(1)
    const files = bent.merge_request_diff.merge_request_diff_files.map((file) => ({ ...file, utf8_diff: null }))
    const status = await imported({
      tree: { merge_requests: [{ ...bent, merge_request_diff: { ...bent.merge_request_diff, merge_request_diff_files: files } }] },
    })
    expect(status['failed_relations']).toMatchObject([{ relation_name: 'merge_requests', exception_class: 'NoMethodError' }])
  })
  test('with a position that is in no diff are taken and told of', async () => {
    await imported({
      tree: {
        merge_requests: [
          sample.mergeRequest(1, { notes: [diffNote({ position: sample.position({ new_line: 9 }) }), diffNote({ line_code: 'a_0_1' })] }),
        ],
      },
    })
    expect(await api.MergeRequestNotes.all(id(), 1)).toHaveLength(2)
    expect(bed.problems.map(({ what }) => what)).toEqual([
      expect.stringContaining('no line -/9 in the diff of a.txt'),
      expect.stringContaining(`it would be ${code}`),
    ])
  })
  test('come again by one relation, and those that are there stay as they are', async () => {
    await imported({ tree: { merge_requests: [sample.mergeRequest(1)] } })
    const again = { tree: { merge_requests: [sample.mergeRequest(1, { title: 'other' }), sample.mergeRequest(2)] } }
    const response = await send(again, { path: id(), relation: 'merge_requests' }, 'projects/import-relation')
    expect([response.status, await response.json()]).toMatchObject([201, { relation: 'merge_requests', status: 'created' }])
    await bed.idle()
    const statuses = await fetch(`${bed.url}/api/v4/projects/${encodeURIComponent(id())}/relation-imports`, {
      headers: { 'private-token': bed.token },
    })
    expect(await statuses.json()).toMatchObject([{ status: 'finished' }])
    expect((await api.MergeRequests.all({ projectId: id(), sort: 'asc' })).map(({ title }) => title)).toEqual(['MR 1', 'MR 2'])
  })
})

test('an import writes no mail and starts nothing', async () => {
  const octo = bed.world.userNamed('octo')
  if (octo !== undefined) octo.state = 'active'
  await imported({
    tree: {
      project_members: [sample.member(7, 'octo@example.test')],
      issues: [sample.issue(1, { description: '@octo\n/close', notes: [sample.note({ note: '@octo\n/close' })] })],
    },
  })
  expect(await api.Issues.show(1, { projectId: id() })).toMatchObject({ state: 'opened', description: '@octo\n/close' })
  expect([bed.mails, bed.pipelines]).toEqual([[], []])
})
