import type { LossCode } from '../../../src/contract/fidelity.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { Directory, Mapped, Mapper } from '../../../src/contract/target.ts'
import type { Settings } from '../settings.ts'
import { surveyed } from '../survey.ts'
import { mapAccount } from './account.ts'
import { mapChannel } from './channel.ts'
import { mapEmoji, planEmoji, renamedEmoji } from './emoji.ts'
import { mapGroup, planGroups } from './groups.ts'
import { mapMessage, type MessageContext } from './message.ts'
import type { MattermostOperation } from './operations.ts'
import { planPeople } from './people.ts'
import { planPlaces } from './places.ts'

/** Names of everybody and everything first, then item by item. Pure: the same input gives the same operations. */
export function mattermostMapper(directory: Directory, settings: Settings, found: JsonObject | undefined): Mapper<MattermostOperation> {
  const { survey, features } = surveyed(found, settings.url)
  const people = planPeople(directory, settings, survey)
  const places = planPlaces(directory, people, settings)
  const emoji = planEmoji(directory, settings)
  const pinned = new Set<string>()
  for (const { body } of directory.channels.values()) for (const message of body.pins) pinned.add(message)
  const context: MessageContext = {
    directory,
    people,
    places,
    emojiNames: renamedEmoji(directory, emoji),
    groups: planGroups(directory, people, settings, survey, features),
    settings,
    features,
    pinned,
  }
  return {
    map(item): Mapped<MattermostOperation> {
      switch (item.kind) {
        case 'account':
          return mapAccount(item, context)
        case 'emoji':
          return mapEmoji(item, directory, emoji)
        case 'group':
          return mapGroup(item, context)
        case 'channel':
          return mapChannel(item, context)
        case 'message':
          return mapped(item, context)
        default:
          return dropped(item, 'no-such-concept', 'Mattermost has no such thing')
      }
    },
  }
}

function mapped(item: Item<'message'>, context: MessageContext): Mapped<MattermostOperation> {
  const channel = context.places.collection(item.collection)
  if (channel !== undefined) return mapMessage(item, channel, context)
  const excluded = context.places.excluded(item.collection)
  return dropped(
    item,
    excluded === undefined ? 'invalid-at-source' : 'excluded-by-policy',
    excluded ?? 'its channel is not in the directory',
  )
}

const dropped = (item: Item, code: LossCode, detail: string): Mapped<never> => ({
  ops: [],
  losses: [{ item: item.id, stage: 'map', code, effect: { type: 'dropped' }, detail }],
})
