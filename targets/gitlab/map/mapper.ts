import type { Item } from '../../../src/contract/item.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { Directory, Mapped, Mapper } from '../../../src/contract/target.ts'
import type { GitlabOperation } from '../operations.ts'
import { planPeople } from '../people.ts'
import type { Settings } from '../settings.ts'
import { mapAccount, mapGroup } from './account.ts'
import { mapChangeRequest } from './change-request.ts'
import { mapComment } from './comment.ts'
import type { MapContext } from './context.ts'
import { mapDiscussion } from './discussion.ts'
import { mapEvent } from './event.ts'
import { mapIssue } from './issue.ts'
import { type Place, planPlaces } from './places.ts'
import { mapRelease } from './release.ts'
import { mapRepository } from './repository.ts'
import { mapSettings } from './repository-settings.ts'
import { mapReview } from './review.ts'
import { mapLabel, mapLfsObject, mapMilestone } from './small.ts'
import { surveyed } from './survey.ts'
import { mapThread } from './thread.ts'
import { nothing } from './told.ts'

/** Names of everybody and everything first, then item by item. Pure: the same input gives the same operations. */
export function gitlabMapper(directory: Directory, settings: Settings, found: JsonObject | undefined): Mapper<GitlabOperation> {
  const people = planPeople(directory, settings, surveyed(found))
  const context: MapContext = { directory, settings, people, places: planPlaces(directory, settings) }
  return { map: (item) => mapItem(item, context) }
}

function mapItem(item: Item, context: MapContext): Mapped<GitlabOperation> {
  switch (item.kind) {
    case 'account':
      return mapAccount(item, context)
    case 'group':
      return mapGroup(item, context)
    case 'repository':
      return placed(item, item.id, context, (place) => mapRepository(item, place, context.settings))
    case 'lfs-object':
      return placed(item, item.body.repository, context, (place) => mapLfsObject(item, place))
    case 'label':
      return placed(item, item.body.repository, context, (place) => mapLabel(item, place))
    case 'milestone':
      return placed(item, item.body.repository, context, (place) => mapMilestone(item, place, context))
    case 'issue':
      return placed(item, item.body.repository, context, (place) => mapIssue(item, place, context))
    case 'change-request':
      return placed(item, item.body.repository, context, (place) => mapChangeRequest(item, place, context))
    case 'discussion':
      return placed(item, item.body.repository, context, (place) => mapDiscussion(item, place, context))
    case 'thread':
      return placed(item, item.body.repository, context, (place) => mapThread(item, place, context))
    case 'review':
      return placed(item, item.body.repository, context, (place) => mapReview(item, place, context))
    case 'comment':
      return placed(item, item.body.repository, context, (place) => mapComment(item, place, context))
    case 'timeline-event':
      return placed(item, item.body.repository, context, (place) => mapEvent(item, place, context))
    case 'release':
      return placed(item, item.body.repository, context, (place) => mapRelease(item, place, context))
    case 'repository-settings':
      return placed(item, item.body.repository, context, (place) => mapSettings(item, place, context))
    case 'board': {
      const { title, cards, fields } = item.body
      return nothing(item.id, 'no-such-concept', `the board "${title}" with ${cards.length} cards and ${fields.length} fields`)
    }
    default:
      return nothing(item.id, 'no-such-concept', 'GitLab has no such thing')
  }
}

function placed(
  item: Item,
  repository: string,
  { places }: MapContext,
  map: (place: Place) => Mapped<GitlabOperation>,
): Mapped<GitlabOperation> {
  const place = places.of(repository)
  if (place === undefined) return nothing(item.id, 'invalid-at-source', 'its repository is not in the directory')
  return place.excluded === null ? map(place) : nothing(item.id, 'excluded-by-policy', place.excluded)
}
