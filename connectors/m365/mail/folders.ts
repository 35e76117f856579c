import { Fault } from '../../../src/fault.ts'
import { type Graph, type GraphPerson, seg } from '../graph.ts'
import { inTurns } from '../in-turns.ts'
import { type FolderParts, type RoleWord, roles } from '../map/mailbox.ts'
import { filled, text, type Wire } from '../wire.ts'

export interface Folder extends FolderParts {
  /** What Exchange says it holds, mails and other things. */
  readonly total: number
}

const fields = 'id,displayName,parentFolderId,childFolderCount,totalItemCount,isHidden'
const pageSize = 250

/**
 * Every folder with mail, the whole tree: one request, and one for each folder that has folders in it. Search folders hold nothing of
 * their own. `mailFolders/delta` would do it in one, but each such query without a token leaves something behind in the mailbox until that
 * is full (https://github.com/microsoftgraph/microsoft-graph-docs/issues/5730, read 2026-11-25), and hidden folders are not its business.
 */
export async function listFolders(
  graph: Graph,
  person: GraphPerson,
  known: Map<string, string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Folder>> {
  const { hiddenFolders, recoverableItems } = graph.config.mail
  const root = `/users/${seg(person.id)}/mailFolders`
  const found = new Map<string, Wire>()
  const list = async (path: string, hidden: boolean): Promise<readonly string[]> => {
    const fresh: string[] = []
    const query = { $select: fields, $top: pageSize, ...(hidden ? { includeHiddenFolders: true } : {}) }
    for await (const { value } of graph.pages(path, query, {}, signal))
      for (const raw of value) {
        const id = text(raw['id'])
        if (id === undefined || id === '' || found.has(id)) continue
        found.set(id, raw)
        // Whether hidden ones count as children is not said.
        if (hidden || countOf(raw['childFolderCount']) > 0) fresh.push(id)
      }
    return fresh
  }
  const tree = async (path: string, hidden: boolean): Promise<void> => {
    for (let level = await list(path, hidden); level.length > 0;) {
      const below: string[] = []
      for await (const [, children] of inTurns(level, (id) => list(`${root}/${seg(id)}/childFolders`, hidden))) below.push(...children)
      level = below
    }
  }
  await tree(root, hiddenFolders)
  const visible = new Set(found.keys())
  if (recoverableItems) await tree(`${root}/recoverableitemsroot/childFolders`, true)
  await findRoles(graph, person, found, known, signal)
  return named(found, visible, known)
}

const countOf = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0)

/** Which folder is the inbox is only told by asking for it under its word; the answer never changes while that folder is there. */
async function findRoles(
  graph: Graph,
  person: GraphPerson,
  found: ReadonlyMap<string, Wire>,
  known: Map<string, string>,
  signal: AbortSignal,
): Promise<void> {
  for (const word of Object.keys(roles)) {
    const id = known.get(word)
    if (id !== undefined && (id === '' || found.has(id))) continue
    try {
      const folder = (await graph.get(`/users/${seg(person.id)}/mailFolders/${word}`, { $select: 'id' }, {}, signal)) as Wire
      known.set(word, text(folder['id']) ?? '')
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'gone') throw error
      known.set(word, '')
    }
  }
}

function named(
  found: ReadonlyMap<string, Wire>,
  visible: ReadonlySet<string>,
  known: ReadonlyMap<string, string>,
): ReadonlyMap<string, Folder> {
  const folders = new Map<string, Folder>()
  const words = new Map([...known].map(([word, id]) => [id, word as RoleWord]))
  for (const [id, raw] of found) {
    if (text(raw['@odata.type']) === '#microsoft.graph.mailSearchFolder') continue
    const above = visible.has(id) ? [] : ['Recoverable Items']
    const path = [...above, ...pathOf(found, id)]
    folders.set(id, {
      id,
      path: path as [string, ...string[]],
      hidden: raw['isHidden'] === true,
      role: words.get(id),
      total: countOf(raw['totalItemCount']),
      raw: withoutCounts(raw),
    })
  }
  return folders
}

/** Names from the outermost folder that was listed. */
function pathOf(found: ReadonlyMap<string, Wire>, id: string): string[] {
  const path: string[] = []
  const seen = new Set<string>()
  for (let at: string | undefined = id; at !== undefined && !seen.has(at);) {
    const raw = found.get(at)
    if (raw === undefined) break
    seen.add(at)
    path.unshift(filled(raw['displayName']) ?? '(no name)')
    at = text(raw['parentFolderId'])
  }
  return path
}

/** Counts change with every mail; what is kept is the folder. */
const withoutCounts = (raw: Wire): Wire =>
  Object.fromEntries(
    Object.entries(raw).filter(([name]) => name !== 'totalItemCount' && name !== 'unreadItemCount' && name !== 'childFolderCount'),
  )
