import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { pack } from 'tar-stream'

/** A project file with these members; `tree` is written as NDJSON below `tree/project/`. For tests of the emulator. */
export interface ProjectFile {
  readonly version?: string
  readonly project?: unknown
  readonly tree?: Readonly<Record<string, readonly unknown[]>>
  readonly members?: Readonly<Record<string, string | Buffer>>
}
export async function writeProjectFile(
  path: string,
  { version = '0.2.4', project = {}, tree = {}, members = {} }: ProjectFile,
): Promise<void> {
  const tar = pack()
  const entries: Record<string, string | Buffer> = {
    ...(version === '' ? {} : { VERSION: version }),
    'tree/project.json': JSON.stringify(project),
    ...Object.fromEntries(
      Object.entries(tree).map(([name, list]) => [`tree/project/${name}.ndjson`, list.map((one) => `${JSON.stringify(one)}\n`).join('')]),
    ),
    ...members,
  }
  for (const [name, content] of Object.entries(entries)) tar.entry({ name }, content)
  tar.finalize()
  await pipeline(tar, createGzip({ level: 1 }), createWriteStream(path))
}

const T = '2024-05-06T07:08:09.000Z'
const SHA = { base: '1'.repeat(40), head: '2'.repeat(40) }
/** Records that satisfy every rule, to be bent by tests. */
export const sample = {
  at: T,
  member: (id: number, email: string, access_level = 30) => ({
    access_level,
    source_type: 'Project',
    user_id: id,
    user: { id, public_email: email, username: `user${id}` },
  }),
  note: (more: object = {}) => ({
    note: 'A comment',
    noteable_type: 'Issue',
    author_id: 7,
    author: { name: 'Octo' },
    created_at: T,
    updated_at: T,
    system: false,
    project_id: 1,
    ...more,
  }),
  issue: (iid: number, more: object = {}) => ({
    iid,
    title: `Issue ${iid}`,
    description: 'text',
    state: 'opened',
    author_id: 7,
    created_at: T,
    updated_at: T,
    project_id: 1,
    ...more,
  }),
  position: (more: object = {}) => ({
    position_type: 'text',
    base_sha: SHA.base,
    start_sha: SHA.base,
    head_sha: SHA.head,
    old_path: 'a.txt',
    new_path: 'a.txt',
    old_line: null,
    new_line: 1,
    line_range: null,
    ...more,
  }),
  mergeRequest: (iid: number, more: object = {}) => ({
    iid,
    title: `MR ${iid}`,
    description: '',
    state: 'merged',
    author_id: 7,
    created_at: T,
    updated_at: T,
    source_project_id: 1,
    target_project_id: 1,
    source_branch: `gh-pr/${iid}`,
    target_branch: 'main',
    metrics: { merged_by_id: 7, merged_at: T },
    merge_request_diff: {
      state: 'collected',
      base_commit_sha: SHA.base,
      start_commit_sha: SHA.base,
      head_commit_sha: SHA.head,
      real_size: '1',
      files_count: 1,
      commits_count: 1,
      merge_request_diff_commits: [
        {
          relative_order: 0,
          sha: SHA.head,
          message: 'Change a',
          authored_date: T,
          committed_date: T,
          commit_author: { name: 'Octo', email: 'o@example.test' },
          committer: { name: 'Octo', email: 'o@example.test' },
        },
      ],
      merge_request_diff_files: [
        {
          relative_order: 0,
          utf8_diff: '@@ -1 +1 @@\n-old\n+new\n',
          old_path: 'a.txt',
          new_path: 'a.txt',
          a_mode: '100644',
          b_mode: '100644',
          new_file: false,
          renamed_file: false,
          deleted_file: false,
          too_large: false,
          binary: false,
        },
      ],
    },
    ...more,
  }),
}
