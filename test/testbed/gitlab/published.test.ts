import { openAsBlob } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { sample, writeProjectFile } from './project-file.ts'
import { published } from './published.ts'
import { type GitlabTestbed, gitlabTestbed } from './testbed.ts'

let bed: GitlabTestbed
let directory: string
async function send(method: string, path: string, body?: FormData): Promise<unknown> {
  const response = await fetch(`${bed.url}/api/v4${path}`, { method, headers: { 'private-token': bed.token }, body: body ?? null })
  return response.json()
}
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gitlab-published-'))
  bed = await gitlabTestbed()
  const label = { title: 'bug', color: '#fff' }
  const common = {
    label_links: [{ target_type: 'Issue', label }],
    milestone: { iid: 1, title: 'v1' },
    resource_label_events: [{ action: 'add', user_id: 7, created_at: sample.at, label }],
    resource_state_events: [{ state: 'closed', user_id: 7, created_at: sample.at }],
  }
  const thread = { type: 'DiscussionNote', noteable_type: 'MergeRequest', resolved_at: sample.at, resolved_by_id: 7 }
  await writeProjectFile(join(directory, 'a.tar.gz'), {
    project: { description: 'A project', visibility_level: 0 },
    tree: {
      issues: [sample.issue(1, { ...common, notes: [sample.note()] }), sample.issue(2, { title: '' })],
      merge_requests: [
        sample.mergeRequest(1, {
          ...common,
          approvals: [{ user_id: 7, created_at: sample.at }],
          merge_request_reviewers: [{ user_id: 7, state: 'approved', created_at: sample.at }],
          notes: [sample.note(thread)],
        }),
      ],
    },
  })
  const form = new FormData()
  form.set('path', 'p')
  form.set('file', await openAsBlob(join(directory, 'a.tar.gz')), 'a.tar.gz')
  await send('POST', '/projects/import', form)
  await bed.idle()
})
afterAll(async () => {
  await bed[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

const P = '/projects/root%2Fp'
/** Fields that GitLab 17.11 answers with and the younger description has lost. */
const OLDER: Readonly<Record<string, readonly string[]>> = { APIEntitiesNote: ['attachment'] }

test.each([
  ['GET /user', 'APIEntitiesUserWithAdmin'],
  [`GET ${P}`, 'APIEntitiesProject'],
  [`GET ${P}/members`, 'APIEntitiesMember'],
  [`GET ${P}/import`, 'ProjectImportStatus'],
  [`GET ${P}/issues`, 'APIEntitiesIssue'],
  [`GET ${P}/issues/1`, 'APIEntitiesIssue'],
  [`GET ${P}/issues/1/notes`, 'APIEntitiesNote'],
  [`GET ${P}/issues/1/resource_state_events`, 'APIEntitiesResourceStateEvent'],
  [`GET ${P}/issues/1/resource_label_events`, 'APIEntitiesResourceLabelEvent'],
  [`GET ${P}/merge_requests`, 'APIEntitiesMergeRequest'],
  [`GET ${P}/merge_requests/1`, 'APIEntitiesMergeRequest'],
  [`GET ${P}/merge_requests/1/notes`, 'APIEntitiesNote'],
  [`GET ${P}/merge_requests/1/versions`, 'APIEntitiesMergeRequestDiff'],
  [`GET ${P}/merge_requests/1/approvals`, 'APIEntitiesMergeRequestApprovals'],
  [`GET ${P}/merge_requests/1/reviewers`, 'APIEntitiesMergeRequestReviewer'],
  ['GET /metadata', 'APIEntitiesMetadata'],
  ['GET /namespaces/root', 'APIEntitiesNamespace'],
] as const)('%s answers with nothing but what is published for %s', async (call, name) => {
  const [method = '', path = ''] = call.split(' ')
  const answer = await send(method, path)
  const rows = z
    .array(z.record(z.string(), z.unknown()))
    .min(1)
    .parse(Array.isArray(answer) ? answer : [answer])
  for (const row of rows) {
    const told = Object.fromEntries(Object.entries(row).filter(([key]) => OLDER[name]?.includes(key) !== true))
    expect(published[name].safeParse(told).error?.issues).toBeUndefined()
    const people = ['author', 'assignee', 'closed_by', 'merged_by', 'resolved_by', 'user']
      .map((key) => told[key])
      .filter((one) => one !== null && one !== undefined)
    expect(z.array(published.APIEntitiesUserBasic).safeParse(people).error?.issues).toBeUndefined()
  }
})
test('relations that failed are published as such, without a message', async () => {
  const { failed_relations } = z.object({ failed_relations: z.array(z.unknown()).length(1) }).parse(await send('GET', `${P}/import`))
  expect(published.ProjectImportFailedRelation.parse(failed_relations[0])).toMatchObject({
    relation_name: 'issues',
    line_number: 1,
    exception_message: null,
  })
})
test('uploads too', async () => {
  const form = new FormData()
  form.set('file', new Blob(['x']), 'a.png')
  expect(published.APIEntitiesProjectUpload.safeParse(await send('POST', `${P}/uploads`, form)).error?.issues).toBeUndefined()
  const list = z
    .array(z.unknown())
    .length(1)
    .parse(await send('GET', `${P}/uploads`))
  expect(published.APIEntitiesMarkdownUploadAdmin.safeParse(list[0]).error?.issues).toBeUndefined()
})
