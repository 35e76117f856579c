import type { JsonObject } from '../../../src/contract/json.ts'
import type { Award } from '../operations.ts'
import type { FilePeople } from './people.ts'

export const awardRecords = (
  awards: readonly Award[],
  type: 'Issue' | 'MergeRequest' | 'Note',
  people: FilePeople,
): readonly JsonObject[] =>
  awards.map(({ name, who, at }) => ({ name, user_id: people.id(who), awardable_type: type, created_at: at, updated_at: at }))
