import type { JsonObject } from '../../../src/contract/json.ts'
import type { Directory, Mapped, Mapper } from '../../../src/contract/target.ts'
import type { GitlabOperation } from '../operations.ts'
import { planPeople } from '../people.ts'
import type { Settings } from '../settings.ts'
import { surveyed } from './survey.ts'

/** Names of everybody and everything first, then item by item. Pure: the same input gives the same operations. */
export function gitlabMapper(directory: Directory, settings: Settings, found: JsonObject | undefined): Mapper<GitlabOperation> {
  const people = planPeople(directory, settings, surveyed(found))
  return {
    map(item): Mapped<GitlabOperation> {
      return {
        ops: [],
        losses: [
          { item: item.id, stage: 'map', code: 'no-such-concept', effect: { type: 'dropped' }, detail: people.of(item.id)?.login ?? '' },
        ],
      }
    },
  }
}
