import { collectionId } from '../../src/contract/ids.ts'
import type { BlobRef, Item } from '../../src/contract/item.ts'
import type { Issue } from '../../src/model/issue.ts'
import type { Comment } from '../../src/model/comment.ts'
import type { FileRef } from '../../src/model/file.ts'
import type { Repository } from '../../src/model/repository.ts'
import { itemOf } from './mail-items.ts'

const of = (repository: string) => collectionId(`repository/${repository}`)
export const ada = { account: 'account/1', login: 'ada' } as const

/** A file whose bytes are the item's blob at `blob`. */
export const fileAt = (blob: number, name: string, url: string | null = null): FileRef => ({
  nativeId: name,
  name,
  title: null,
  mediaType: 'application/octet-stream',
  bytes: null,
  form: 'upload',
  state: 'stored',
  blob,
  url,
  owner: null,
})

export const repositoryOf = (id: string, name: string, body: Partial<Repository>, blobs: readonly BlobRef[] = []): Item<'repository'> =>
  itemOf(
    'repository',
    id,
    of(id),
    {
      owner: 'acme',
      name,
      formerNames: [],
      description: null,
      homepage: null,
      topics: [],
      visibility: 'private',
      archived: false,
      template: false,
      forkOf: null,
      defaultBranch: 'main',
      features: { issues: true, wiki: true, discussions: false, boards: false },
      createdAt: '2026-01-01T00:00:00Z',
      git: null,
      wiki: null,
      ...body,
    },
    blobs,
  )

export const issueOf = (repository: string, number: number, body: Partial<Issue>, blobs: readonly BlobRef[] = []): Item<'issue'> =>
  itemOf(
    'issue',
    `${repository}/${number}`,
    of(repository),
    {
      repository: `repository/${repository}`,
      number,
      title: `Issue ${number}`,
      text: '',
      author: ada,
      labels: [],
      milestone: null,
      assignees: [],
      createdAt: '2026-01-02T00:00:00Z',
      updatedAt: '2026-01-02T00:00:00Z',
      closedAt: null,
      closedBy: null,
      locked: false,
      lockReason: null,
      reactions: [],
      attachments: [],
      state: 'open',
      stateReason: null,
      type: null,
      parent: null,
      ...body,
    },
    blobs,
  )

export const remarkOf = (repository: string, id: string, on: string, body: Partial<Comment>): Item<'comment'> =>
  itemOf('comment', `${repository}/issue/${id}`, of(repository), {
    repository: `repository/${repository}`,
    on,
    author: ada,
    text: '',
    createdAt: '2026-01-03T00:00:00Z',
    updatedAt: '2026-01-03T00:00:00Z',
    reactions: [],
    attachments: [],
    replyTo: null,
    review: null,
    anchor: null,
    hidden: null,
    ...body,
  })
