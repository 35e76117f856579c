import { Fault } from '../../../src/fault.ts'
import { type Graph, seg } from '../graph.ts'
import { PageWire, text, type Wire } from '../wire.ts'
import type { Listed, ListedGroup } from './listing.ts'

export interface Membership extends ListedGroup {
  /** Undefined: this app may not see them. */
  readonly members: readonly string[] | undefined
}
const together = 20
const membersPath = (id: string): string => `/groups/${seg(id)}/transitiveMembers?$select=id&$top=999`

/** Who is in each group, people in groups inside it included. Devices and apps are nobody here. */
export async function* membersOf(graph: Graph, listed: Listed, signal: AbortSignal): AsyncGenerator<Membership> {
  const people = new Set(listed.users.map(({ id }) => id))
  for (let from = 0; from < listed.groups.length; from += together) {
    const part = listed.groups.slice(from, from + together)
    const answers = await graph.batch(
      part.map(({ id }) => membersPath(id)),
      signal,
    )
    for (const [at, group] of part.entries()) {
      const found = await idsIn(graph, answers[at], signal)
      // Deleted since it was listed: it is gone from the next listing.
      if (found !== 'gone') yield { ...group, members: found?.filter((id) => people.has(id)) }
    }
  }
}

async function idsIn(graph: Graph, answer: Wire | Error | undefined, signal: AbortSignal): Promise<readonly string[] | undefined | 'gone'> {
  if (answer instanceof Fault) {
    if (answer.code === 'gone') return 'gone'
    if (answer.code === 'permission') return undefined
  }
  if (answer === undefined || answer instanceof Error) throw answer ?? new Error('a batch lacks an answer')
  const first = PageWire.parse(answer)
  const ids = idsOf(first.value)
  const next = first['@odata.nextLink']
  if (next !== undefined) for await (const { value } of graph.pages(next, {}, {}, signal)) ids.push(...idsOf(value))
  return ids
}

const idsOf = (value: readonly Wire[]): string[] => value.flatMap((entry) => text(entry['id']) ?? [])
