import { Random } from '../world/random.ts'
import { type Answer, type Call, prefers, Refusal, selected } from './call.ts'
import { boxOf, folderOf } from './mail-folders.ts'
import { messageShape, readChange } from './mail-shapes.ts'
import type { FolderEvent, StoredMail } from './mailbox.ts'

/** Entries of one page; `next` is where the following one begins, undefined after the last. */
interface Part {
  readonly value: readonly object[]
  readonly next: object | undefined
}

/**
 * `messages/delta` of one folder. The first round lists what was there when it began, in the order in which it came; what changed since
 * shows up in the round after it. A mail that left and came back between two rounds is only said to have left, as with immutable ids at
 * Microsoft (microsoft-graph-docs#21752).
 */
export function messagesDelta(call: Call): Answer {
  const { query, pager, base } = call
  const box = boxOf(call)
  const folder = folderOf(call)
  if (box.full) throw new Refusal(403, 'ErrorQuotaExceeded', 'Mailbox has exceeded maximum mailbox size.')
  const token = query.get('$skiptoken') ?? query.get('$deltatoken')
  const at = token === null ? undefined : pager.position(token)
  // Options are only given at the beginning, and stand in the tokens from then on.
  const asked = at === undefined ? new URLSearchParams([...query]) : new URLSearchParams(String(at['query']))
  const size = Number(prefers(call.headers).get('odata.maxpagesize') ?? 10)
  const shape = (mail: StoredMail): object => selected(messageShape(mail, asked.get('$expand')), withExpanded(asked))
  const started = Number(at?.['started'] ?? box.serial)
  const part =
    at?.['since'] === undefined
      ? firstRound(call, { after: Number(at?.['after'] ?? 0), gap: at?.['gap'] === true }, started, size, shape)
      : laterRound(call, Number(at['since']), Number(at['after'] ?? 0), started, size, shape)
  const link = (name: string, position: object): string =>
    `${base}/users('${encodeURIComponent(box.owner)}')/mailFolders('${encodeURIComponent(folder.id)}')/messages/delta?${name}=${pager.token({ query: asked.toString(), ...position })}`
  return {
    json: {
      '@odata.context': `${base}/$metadata#Collection(message)`,
      ...(part.next === undefined
        ? { '@odata.deltaLink': link('$deltatoken', { since: started }) }
        : { '@odata.nextLink': link('$skiptoken', { started, ...part.next }) }),
      value: part.value,
    },
  }
}

const withExpanded = (query: URLSearchParams): URLSearchParams => {
  const select = query.get('$select')
  return select === null ? query : new URLSearchParams({ $select: `${select},singleValueExtendedProperties` })
}

function firstRound(
  call: Call,
  { after, gap }: { after: number; gap: boolean },
  started: number,
  size: number,
  shape: (mail: StoredMail) => object,
): Part {
  const { pager } = call
  const left = boxOf(call)
    .in(folderOf(call).id)
    .filter(({ enteredAt }) => enteredAt > after && enteredAt <= started)
    .toSorted((a, b) => a.enteredAt - b.enteredAt)
  if (left.length > 0 && pager.gap(after, gap)) return { value: [], next: { after, gap: true } }
  const page = left.slice(0, pager.size(size, after))
  const last = page.at(-1)
  return { value: jumbled(page.map(shape), after), next: page.length < left.length ? { after: last?.enteredAt ?? after } : undefined }
}

function laterRound(call: Call, since: number, after: number, started: number, size: number, shape: (mail: StoredMail) => object): Part {
  const box = boxOf(call)
  const folder = folderOf(call).id
  const events = (box.events.get(folder) ?? []).filter(({ at }) => at > since && at <= started)
  const changes = [...Map.groupBy(events, ({ id }) => id)].flatMap(([id, own]): { at: number; entry: object }[] => {
    const entry = entryOf(box.mails.get(id), id, folder, own, shape)
    return entry === undefined ? [] : [{ at: own.at(-1)?.at ?? 0, entry }]
  })
  const left = changes.filter(({ at }) => at > after).toSorted((a, b) => a.at - b.at)
  const page = left.slice(0, call.pager.size(size, since + after))
  return {
    value: jumbled(
      page.map(({ entry }) => entry),
      after,
    ),
    next: page.length < left.length ? { since, after: page.at(-1)?.at ?? after } : undefined,
  }
}

function entryOf(
  mail: StoredMail | undefined,
  id: string,
  folder: string,
  own: readonly FolderEvent[],
  shape: (mail: StoredMail) => object,
): object | undefined {
  if (own.some(({ type }) => type === 'left')) return { '@odata.type': '#microsoft.graph.message', id, '@removed': { reason: 'deleted' } }
  if (mail === undefined || mail.folder !== folder) return undefined
  return own.every(({ type }) => type === 'read') ? readChange(mail) : { '@odata.type': '#microsoft.graph.message', ...shape(mail) }
}

/** The same entries in another order: none is promised. */
function jumbled(entries: readonly object[], seed: number): readonly object[] {
  const random = new Random(seed + 1)
  return entries
    .map((entry) => ({ entry, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ entry }) => entry)
}
