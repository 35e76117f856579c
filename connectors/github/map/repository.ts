import type { RemoteBlob, SourceItem } from '../../../src/contract/item.ts'
import type { GitHistory, Repository } from '../../../src/model/repository.ts'
import type { Listed } from '../listing.ts'
import { itemOf, type Place } from './item.ts'

export interface Histories {
  readonly git: GitHistory | null
  readonly wiki: GitHistory | null
  readonly blobs: readonly RemoteBlob[]
}

export function repository(
  listed: Listed,
  formerNames: readonly string[],
  { git, wiki, blobs }: Histories,
  raw: unknown,
  place: Place,
): SourceItem<'repository'> {
  const [owner = '', name = ''] = listed.nameWithOwner.split('/')
  const body: Repository = {
    owner,
    name,
    formerNames: [...formerNames],
    description: listed.description,
    homepage: listed.homepageUrl === '' ? null : listed.homepageUrl,
    topics: listed.repositoryTopics,
    visibility: visibilities[listed.visibility],
    archived: listed.isArchived,
    template: listed.isTemplate,
    forkOf: listed.parent?.nameWithOwner ?? null,
    defaultBranch: listed.defaultBranchRef?.name ?? null,
    features: {
      issues: listed.hasIssuesEnabled,
      wiki: listed.hasWikiEnabled,
      discussions: listed.hasDiscussionsEnabled,
      boards: listed.hasProjectsEnabled,
    },
    createdAt: listed.createdAt,
    git,
    wiki,
  }
  const provenance = place.provenance(String(place.id), 'graphql:repositories')
  return itemOf({ kind: 'repository', id: place.item, collection: place.collection, body, raw, blobs, provenance })
}

const visibilities = { PUBLIC: 'public', INTERNAL: 'internal', PRIVATE: 'private' } as const

/** All of a repository's own description, in one text: it is read again when this changes. */
export const describe = (listed: Listed): unknown => {
  const { issues: _, pullRequests: __, discussions: ___, pushedAt: ____, updatedAt: _____, diskUsage: ______, ...rest } = listed
  return rest
}
