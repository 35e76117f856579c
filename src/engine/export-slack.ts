import type { Channel } from '../model/channel.ts'
import type { Kind } from '../contract/item.ts'
import type { JsonObject, JsonValue } from '../contract/json.ts'

interface NamedText {
  readonly name: string
  readonly content: string
}
const rootOf = { public: 'channels', private: 'groups', direct: 'dms', 'group-direct': 'mpims' } as const

const json = (value: JsonValue): string => `${JSON.stringify(value, undefined, 2)}\n`
const isObject = (value: JsonValue): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Collects what the vendor said into the layout of Slack's own export: users, channels, groups, dms and mpims at the root, one file a day
 * in a folder per channel. Only values that are objects take part; messages of other services have no `ts` and stay out.
 */
export function slackLayout() {
  const users: JsonObject[] = []
  const roots: Record<(typeof rootOf)[keyof typeof rootOf], JsonObject[]> = { channels: [], groups: [], dms: [], mpims: [] }
  let named = 0
  return {
    directory(kind: Kind, raw: JsonValue): void {
      if (kind === 'account' && isObject(raw)) users.push(raw)
    },
    /** @returns the folder its day files stand in: importers look for a channel by its name, and for two people's talk by its id. */
    channel(type: Channel['type'], raw: JsonValue, folder: string): string {
      if (!isObject(raw)) return folder
      named++
      const id = raw['id']
      if (type === 'direct' && typeof id === 'string' && /^\w+$/.test(id)) {
        roots.dms.push(raw)
        return id
      }
      roots[rootOf[type]].push({ ...raw, name: folder })
      return folder
    },
    /** The day files of one channel and month. `rows` in the order of time. */
    *days(folder: string, rows: readonly { readonly at: string; readonly raw: JsonValue }[]): Generator<NamedText> {
      const byDay = Map.groupBy(
        rows.filter(({ raw }) => isObject(raw) && 'ts' in raw),
        ({ at }) => at.slice(0, 10),
      )
      for (const [day, messages] of byDay) yield { name: `slack/${folder}/${day}.json`, content: json(messages.map(({ raw }) => raw)) }
    },
    *roots(): Generator<NamedText> {
      if (named === 0) return
      yield { name: 'slack/users.json', content: json(users) }
      for (const [name, channels] of Object.entries(roots)) yield { name: `slack/${name}.json`, content: json(channels) }
    },
  }
}
