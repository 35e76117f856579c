import type { JsonObject } from '../../../src/contract/json.ts'
import type { ReleaseOperation } from '../operations.ts'
import type { FilePeople } from './people.ts'
import { PROJECT } from './places.ts'

/** A line of `releases`. Links know their files by the names they had, so that old addresses have a counterpart. */
export function releaseRecord(op: ReleaseOperation, sha: string | undefined, people: FilePeople): JsonObject {
  return {
    tag: op.tag,
    name: op.name,
    description: op.text,
    project_id: PROJECT,
    author_id: people.id(op.author),
    sha: sha ?? null,
    created_at: op.createdAt,
    updated_at: op.createdAt,
    released_at: op.releasedAt,
    links: op.assets.map(({ name, url, path }) => ({
      name,
      url,
      filepath: path,
      link_type: 'package',
      created_at: op.createdAt,
      updated_at: op.createdAt,
    })),
  }
}
