import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Gitlab } from '@gitbeaker/rest'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { gitEnvironment, refsOf } from './git/repository.ts'
import { addToken, addUser } from './people.ts'
import { addProject } from './places.ts'
import { sample, writeProjectFile } from './project-file.ts'
import type { ProjectRow } from './rows.ts'
import { type GitlabTestbed, gitlabTestbed } from './testbed.ts'

const run = promisify(execFile)
const SELF = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.test']
let bed: GitlabTestbed
let api: InstanceType<typeof Gitlab>
let directory: string
let work: string
let project: ProjectRow
let url: string
let count = 0

async function git(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run('git', ['-C', work, ...SELF, ...args], { env: { ...gitEnvironment, GIT_TERMINAL_PROMPT: '0' } })
  return stdout + stderr
}
/** A commit with these files, or an empty one; each command costs a process. */
async function commit(message: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(work, name), text)
  if (Object.keys(files).length > 0) await git('add', '.')
  await git('commit', '-q', '--allow-empty', '-m', message)
}
const head = async (): Promise<string> => (await git('rev-parse', 'HEAD')).trim()
/** Imports the project file beside the work tree. */
async function send(): Promise<string> {
  const form = new FormData()
  form.set('path', `${project.path}-in`)
  form.set('file', await openAsBlob(`${work}.tar.gz`), 'a.tar.gz')
  await fetch(`${bed.url}/api/v4/projects/import`, { method: 'POST', headers: { 'private-token': bed.token }, body: form })
  await bed.idle()
  return `root/${project.path}-in`
}
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gitlab-git-'))
  bed = await gitlabTestbed({ limits: 'off' })
  api = new Gitlab({ host: bed.url, token: bed.token })
})
afterAll(async () => {
  await bed[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})
beforeEach(async () => {
  const root = bed.world.userNamed('root')
  if (root === undefined) throw new Error('no root')
  project = addProject(bed.world, { path: `r${count++}`, namespace_id: root.namespace_id, creator: root })
  url = `${bed.url.replace('://', `://oauth2:${bed.token}@`)}/root/${project.path}.git`
  work = join(directory, project.path)
  await mkdir(work)
  await git('init', '-q', '-b', 'main')
})

describe('pushing', () => {
  test('makes the first branch the default one and protects it', async () => {
    await commit('first')
    await git('push', url, 'main')
    expect(await git('ls-remote', url)).toContain(`${await head()}\trefs/heads/main`)
    expect(await api.Projects.show(project.id)).toMatchObject({ default_branch: 'main', empty_repo: false })
    await git('commit', '-q', '--allow-empty', '--amend', '-m', 'other')
    await expect(git('push', '-f', url, 'main')).rejects.toThrow(
      'You are not allowed to force push code to a protected branch on this project.',
    )
    await api.ProtectedBranches.unprotect(project.id, 'main')
    await git('push', '-f', url, 'main')
  })
  test('of a hidden ref takes the whole push down', async () => {
    await commit('first')
    for (const ref of ['refs/merge-requests/1/head', 'refs/keep-around/x', 'refs/pull/1/head'])
      await expect(git('push', url, 'main', `main:${ref}`)).rejects.toThrow('deny updating a hidden ref')
    expect([...refsOf(bed.world.repository(project))]).toEqual([])
  })
  test('is refused without a token, to strangers and into an archived project', async () => {
    await commit('first')
    const eve = addUser(bed.world, { username: `eve${count}`, email: `eve${count}@example.test` })
    const as = (token: string): string => url.replace(bed.token, token)
    await expect(git('push', as('wrong'), 'main')).rejects.toThrow(/terminal prompts disabled|Authentication failed/)
    await expect(git('push', as(addToken(bed.world, eve, ['api']).token), 'main')).rejects.toThrow('not found')
    await api.Projects.archive(project.id)
    await expect(git('push', url, 'main')).rejects.toThrow('403')
  })
  test('closes issues that the default branch says it fixes, unless that is off', async () => {
    await api.Issues.create(project.id, 'one')
    await api.Issues.create(project.id, 'two')
    await commit('Fixes #1')
    await git('push', url, 'main')
    await api.Projects.edit(project.id, { autocloseReferencedIssues: false })
    await commit('Closes #2')
    await git('push', url, 'main')
    expect((await api.Issues.all({ projectId: project.id, sort: 'asc' })).map(({ state }) => state)).toEqual(['closed', 'opened'])
    expect(await api.IssueNotes.all(project.id, 2)).toMatchObject([{ system: true, body: `mentioned in commit ${await head()}` }])
  })
  test('starts a pipeline where one is configured, but not with ci.skip or with CI off', async () => {
    const before = bed.pipelines.length
    await commit('first', { '.gitlab-ci.yml': 'test: {script: "true"}' })
    await git('push', '-o', 'ci.skip', url, 'main')
    expect(bed.pipelines).toHaveLength(before)
    await commit('second')
    await git('push', url, 'main')
    expect(bed.pipelines).toHaveLength(before + 1)
    await api.Projects.edit(project.id, { buildsAccessLevel: 'disabled' })
    await commit('third')
    await git('push', url, 'main')
    expect(bed.pipelines).toHaveLength(before + 1)
  })
  test('of a pointer is refused until its LFS object is there', async () => {
    const oid = createHash('sha256').update('large').digest('hex')
    await commit('pointer', { 'large.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 5\n` })
    await expect(git('push', url, 'main')).rejects.toThrow('LFS objects are missing')
    const batch = async (operation: string) => {
      const headers = {
        authorization: `Basic ${Buffer.from(`oauth2:${bed.token}`).toString('base64')}`,
        'content-type': 'application/vnd.git-lfs+json',
      }
      const asked = { operation, transfers: ['basic'], objects: [{ oid, size: 5 }] }
      const response = await fetch(`${bed.url}/root/${project.path}.git/info/lfs/objects/batch`, {
        method: 'POST',
        headers,
        body: JSON.stringify(asked),
      })
      return (
        (await response.json()) as {
          objects: [{ actions?: Record<string, { href: string; header: Record<string, string> }>; error?: { code: number } }]
        }
      ).objects[0]
    }
    expect((await batch('download')).error?.code).toBe(404)
    const { href = '', header = {} } = (await batch('upload')).actions?.['upload'] ?? {}
    const put = async (text: string): Promise<number> =>
      (await fetch(href, { method: 'PUT', headers: { authorization: header['Authorization'] ?? '' }, body: text })).status
    expect([await put('other'), await put('large')]).toEqual([400, 200])
    await git('push', url, 'main')
    const down = (await batch('download')).actions?.['download']
    expect(await (await fetch(down?.href ?? '', { headers: down?.header ?? {} })).text()).toBe('large')
  })
  test('of objects that git finds fault with is refused, in a bundle too', async () => {
    await commit('first')
    const tree = (await git('rev-parse', 'HEAD^{tree}')).trim()
    const bad = `tree ${tree}\nauthor nobody 1 +0000\ncommitter A <a@example.test> 1 +0000\n\nbad\n`
    await writeFile(join(work, 'bad'), bad)
    const sha = (await git('hash-object', '-t', 'commit', '-w', '--literally', join(work, 'bad'))).trim()
    await git('update-ref', 'refs/heads/bad', sha)
    await expect(git('push', url, 'bad')).rejects.toThrow('missingEmail')
    await git('bundle', 'create', '-q', `${work}.bundle`, 'refs/heads/bad')
    await writeProjectFile(`${work}.tar.gz`, { members: { 'project.bundle': await readFile(`${work}.bundle`) } })
    const path = await send()
    expect(await api.ProjectImportExports.showImportStatus(path)).toMatchObject({
      import_status: 'failed',
      import_error: expect.stringContaining('13:creating repository from bundle') as string,
    })
  })
  test('that cannot be heard of any more has happened', async () => {
    await commit('first')
    bed.faults.next('POST git receive-pack', { type: 'lost-answer' })
    await expect(git('push', url, 'main')).rejects.toThrow('Command failed')
    expect(await git('ls-remote', url)).toContain('refs/heads/main')
  })
})

describe('merge requests', () => {
  test('need both branches, and take the numbers in order', async () => {
    await commit('first')
    await git('push', url, 'main')
    await expect(api.MergeRequests.create(project.id, 'feature', 'main', 'A')).rejects.toThrow('Source branch \\"feature\\" does not exist')
    await git('checkout', '-qb', 'feature')
    await commit('second', { 'b.txt': 'one\n' })
    const headSha = await head()
    await git('push', url, 'feature')
    const made = await api.MergeRequests.create(project.id, 'feature', 'main', 'A', { createdAt: '2020-01-01' } as object)
    expect(made).toMatchObject({ iid: 1, state: 'opened', sha: headSha, changes_count: '1' })
    expect(bed.world.items.find(project.id, 'merge_request', 1)?.created_at).not.toContain('2020')
    const { base_sha: baseSha, start_sha: startSha } = made.diff_refs as { base_sha: string; start_sha: string }
    const position = { positionType: 'text' as const, baseSha, startSha, headSha, oldPath: 'b.txt', newPath: 'b.txt' }
    const thread = await api.MergeRequestDiscussions.create(project.id, 1, 'here', { position: { ...position, newLine: '1' } })
    expect(thread.notes?.[0]).toMatchObject({ type: 'DiffNote', position: { new_line: 1, old_line: null } })
    await expect(api.MergeRequestDiscussions.create(project.id, 1, 'nowhere', { position: { ...position, newLine: '7' } })).rejects.toThrow(
      'line_code',
    )
    await git('push', url, 'feature:main')
    expect(await api.MergeRequests.show(project.id, 1)).toMatchObject({ state: 'merged' })
  })
})

describe('a project file', () => {
  test('brings repository, hidden refs, wiki, uploads and LFS objects', async () => {
    await commit('first', { 'a.md': 'wiki' })
    const sha = await head()
    await git('update-ref', 'refs/merge-requests/4/head', sha)
    await git('branch', 'a'.repeat(40))
    await git('tag', 'v1')
    await git('bundle', 'create', '-q', `${work}.bundle`, '--all')
    const bundle = await readFile(`${work}.bundle`)
    const secret = 'b'.repeat(32)
    await writeProjectFile(`${work}.tar.gz`, {
      members: {
        'project.bundle': bundle,
        'project.wiki.bundle': bundle,
        [`uploads/${secret}/a b.png`]: 'picture',
        'lfs-objects/x': 'large',
      },
    })
    await send()
    const made = await api.Projects.show(`root/${project.path}-in`)
    expect(made).toMatchObject({ import_status: 'finished', default_branch: 'main' })
    const remote = await git('ls-remote', url.replace('.git', '-in.git'))
    expect(
      remote
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[1]),
    ).toEqual(['HEAD', 'refs/heads/main', 'refs/merge-requests/4/head', 'refs/tags/v1'])
    expect(await git('ls-remote', url.replace('.git', '-in.wiki.git'))).toContain(`${sha}\trefs/heads/main`)
    // What is stored has no space in its name: links to the old one lead nowhere.
    const upload = (name: string) =>
      fetch(`${bed.url}/api/v4/projects/${made.id}/uploads/${secret}/${name}`, { headers: { 'private-token': bed.token } })
    expect([(await upload('a%20b.png')).status, await (await upload('a_b.png')).text()]).toEqual([404, 'picture'])
    expect(bed.problems.map(({ what }) => what)).toContain('is stored as a_b.png')
    expect([...(bed.world.lfs.get(made.id) ?? [])]).toEqual([createHash('sha256').update('large').digest('hex')])
    expect(await api.ProtectedBranches.all(made.id)).toMatchObject([{ name: 'main', push_access_levels: [{ access_level: 40 }] }])
  })
  test('gives merge requests from forks the branches that are not there', async () => {
    await commit('first')
    const sha = await head()
    await git('bundle', 'create', '-q', `${work}.bundle`, 'main')
    const fork = (iid: number, more: object) =>
      sample.mergeRequest(iid, { state: 'opened', source_project_id: 2, target_project_id: 1, ...more })
    await writeProjectFile(`${work}.tar.gz`, {
      tree: {
        merge_requests: [
          fork(1, { source_branch: 'theirs', diff_head_sha: sha }),
          fork(2, { source_branch: 'gone', diff_head_sha: '9'.repeat(40) }),
          fork(3, { source_branch: 'x', target_branch: 'old', diff_head_sha: sha, target_branch_sha: '9'.repeat(40) }),
        ],
      },
      members: { 'project.bundle': await readFile(`${work}.bundle`) },
    })
    await send()
    const path = `root/${project.path}-in`
    expect((await api.Branches.all(path)).map(({ name }) => name)).toEqual(['main', 'theirs', 'x'])
    expect((await api.MergeRequests.all({ projectId: path, sort: 'asc' })).map(({ iid }) => iid)).toEqual([1, 2])
    expect(await api.ProjectImportExports.showImportStatus(path)).toMatchObject({
      failed_relations: [{ relation_name: 'merge_requests', line_number: 2 }],
    })
    expect(bed.problems).toContainEqual({ project: path, where: '!2', what: 'open, but its source branch gone is not there' })
  })
})
