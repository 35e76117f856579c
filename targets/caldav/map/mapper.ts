import type { Item } from '../../../src/contract/item.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { Directory, Mapped, Mapper } from '../../../src/contract/target.ts'
import { dropped } from '../../../src/dav/target/map.ts'
import type { DavOperation } from '../../../src/dav/target/operations.ts'
import { surveyOf } from '../../../src/dav/target/survey.ts'
import { calendarFormat } from '../format.ts'
import type { Settings } from '../settings.ts'
import { type CalendarMapping, mapCalendarObject } from './object.ts'
import { mapCalendar, mapTasklist } from './place.ts'

/** Pure: the same input gives the same operations. */
export function calendarMapper(directory: Directory, settings: Settings, found: JsonObject | undefined): Mapper<DavOperation> {
  const { nextcloud, autoSchedule } = surveyOf(found)
  const mapping: CalendarMapping = {
    directory,
    settings,
    format: calendarFormat,
    inlineUpTo: settings.attachments.inlineUpTo,
    markGuests: settings.guests === 'never-by-server' || (autoSchedule && !nextcloud),
  }
  return {
    map(item: Item): Mapped<DavOperation> {
      switch (item.kind) {
        case 'calendar':
          return mapCalendar(item, mapping)
        case 'tasklist':
          return mapTasklist(item, mapping)
        case 'event':
        case 'task':
          return mapCalendarObject(item, mapping)
        default:
          return dropped(item.id, 'no-such-concept', 'calendars hold no such thing')
      }
    },
  }
}
