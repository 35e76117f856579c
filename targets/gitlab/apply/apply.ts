import { join } from 'node:path'
import type { Applied, ApplyContext, Stated } from '../../../src/contract/target.ts'
import { supportedVersion } from '../api/read-survey.ts'
import { ProjectSpool } from '../file/spool.ts'
import type { GitlabOperation, GroupOperation, UserOperation } from '../operations.ts'
import { applyGroups, rootGroup } from './groups.ts'
import { People } from './people.ts'
import { applyProject } from './project.ts'
import { Stock } from './stock.ts'
import { applyUsers } from './users.ts'
import type { Server, Work } from './work.ts'

type Given<Op extends GitlabOperation> = Exclude<Stated<Op>, { readonly state: 'gone' }>

/**
 * Applies a snapshot: everything is spooled; then people, groups, and project by project one import file, or single calls where the project
 * stands already. Killed anywhere and run again it ends in the same state.
 */
export async function* applyOperations(
  server: Server,
  ops: AsyncIterable<Stated<GitlabOperation>>,
  context: ApplyContext,
  signal: AbortSignal,
): AsyncGenerator<Applied> {
  const { client, settings } = server
  const version = await supportedVersion(client, signal)
  const people = await People.read(client, settings, signal)
  using spool = new ProjectSpool(join(context.workDir, 'operations.db'))
  using stock = new Stock(join(context.workDir, 'stock.db'))
  const users: Given<UserOperation>[] = []
  const groups: Given<GroupOperation>[] = []
  const shared = new Map<string, number>()
  let count = 0
  for await (const stated of ops) {
    signal.throwIfAborted()
    if (++count % 5_000 === 0) context.progress('spool', count, undefined)
    stock.add(stated)
    if (stated.state === 'gone') continue
    const { op } = stated
    if (isUser(stated)) users.push(stated)
    else if (isGroup(stated)) groups.push(stated)
    else spool.add(op)
    if (op.type === 'share') shared.set(op.group, Math.max(op.access, shared.get(op.group) ?? LEAST_ACCESS))
  }
  stock.flush()
  context.progress('spool', count, count)
  const work: Work = { ...server, context, spool, stock, people, version, groups: new Map() }
  await people.blockShadows(signal)
  yield* applyUsers(work, users, signal)
  const root = await rootGroup(client, settings, signal)
  yield* applyGroups(work, groups, root, (path) => shared.get(path) ?? LEAST_ACCESS, signal)
  for (const project of [...spool.projects()]) yield* applyProject(work, project, signal)
}

/** Reporter: what a member of a team may do at least where its group is given rights. */
const LEAST_ACCESS = 20
const isUser = (stated: Given<GitlabOperation>): stated is Given<UserOperation> => stated.op.type === 'user'
const isGroup = (stated: Given<GitlabOperation>): stated is Given<GroupOperation> => stated.op.type === 'group'
