import type { LossCode } from '../../../src/contract/fidelity.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { Directory, Entry, Mapped, Mapper } from '../../../src/contract/target.ts'
import type { Settings } from '../settings.ts'
import { sieveExtensions, surveyed } from '../survey.ts'
import { mapMail } from './mail.ts'
import { mapMailbox } from './mailbox.ts'
import type { ImapOperation } from './operations.ts'
import { type Way, ownersByLogin, wayOf } from './people.ts'
import { planPlaces } from './places.ts'
import { type Plan, dropped } from './plan.ts'
import { mapSettings } from './settings.ts'

/** Names of all folders first, then item by item. Pure: the same input gives the same operations. */
export function imapMapper(directory: Directory, settings: Settings, found: JsonObject | undefined): Mapper<ImapOperation> {
  const people = surveyed(found)
  const extensions = sieveExtensions(found)
  const mailboxes = Map.groupBy(directory.mailboxes.values(), ({ body }) => body.owner)
  const plans = new Map<string, Plan>()
  for (const [login, owners] of ownersByLogin(directory, settings)) {
    const theirs: Entry<'mailbox'>[] = owners.flatMap((owner) => mailboxes.get(owner) ?? [])
    const person = people.get(login)
    plans.set(login, { login, places: planPlaces(theirs, person, settings), found: person })
  }
  const ways = new Map<string, Way>()
  const planOf = (owner: string): Plan | { readonly code: LossCode; readonly why: string } => {
    const way = ways.get(owner) ?? wayOf(directory, settings, owner as ItemId)
    ways.set(owner, way)
    if (!('login' in way)) return way
    const { login } = way
    return plans.get(login) ?? { login, places: planPlaces([], people.get(login), settings), found: people.get(login) }
  }
  return {
    map(item): Mapped<ImapOperation> {
      switch (item.kind) {
        case 'mailbox':
        case 'mail': {
          const plan = planOf(item.body.owner)
          if (!('login' in plan)) return dropped(item, plan.code, plan.why)
          return item.kind === 'mail' ? mapMail(item, plan, settings) : mapMailbox(item, plan)
        }
        case 'mail-settings': {
          const plan = planOf(item.body.owner)
          return 'login' in plan ? mapSettings(item, plan, settings, extensions) : dropped(item, plan.code, plan.why)
        }
        default:
          return dropped(item, 'no-such-concept', 'a mail server has no such thing')
      }
    },
  }
}
