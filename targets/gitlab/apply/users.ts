import type { Applied, Stated } from '../../../src/contract/target.ts'
import { Fault } from '../../../src/fault.ts'
import type { UserOperation } from '../operations.ts'
import { userRemote } from '../remote.ts'
import { degraded, type Work } from './work.ts'

type Given = Exclude<Stated<UserOperation>, { readonly state: 'gone' }>

/**
 * People of the directory: those who have a user are only looked for, and never changed; for the others shadow users are made.
 * @throws Fault `config` before anything is written if the people map names somebody who is not there
 */
export async function* applyUsers(work: Work, users: readonly Given[], signal: AbortSignal): AsyncGenerator<Applied> {
  const { people, context } = work
  const absent = users.filter(({ op }) => op.from !== 'shadow' && people.named(op.username) === undefined).map(({ op }) => op.username)
  if (absent.length > 0)
    throw new Fault({
      code: 'config',
      what: `GitLab has no user ${absent.slice(0, 20).join(', ')}`,
      why: `the people map names ${absent.length} who are not there`,
      remedy: 'Make them, or correct the people map (fallreep identities)',
    })
  let done = 0
  for (const stated of users) {
    yield stated.op.from === 'shadow' ? await shadow(work, stated, signal) : found(work, stated)
    if (++done % 20 === 0 || done === users.length) context.progress('users', done, users.length)
  }
}

function found({ context }: Work, stated: Given): Applied {
  const { key, item, collection, revision, username } = stated.op
  const remote = userRemote(username)
  if (!settled(stated)) context.ledger.put([{ key, item, collection, revision, remote, state: 'applied', notes: { ours: false } }])
  return { key, item, outcome: outcomeOf(stated), remote, expect: { username }, losses: [] }
}

async function shadow({ context, people }: Work, stated: Given, signal: AbortSignal): Promise<Applied> {
  const { op } = stated
  const { key, item, collection, revision, username, email, name } = op
  const remote = userRemote(username)
  const entry = { key, item, collection, revision, remote, notes: { ours: true } } as const
  const standing = people.withEmail(email)
  if (!settled(stated) || standing === undefined) {
    context.ledger.put([{ ...entry, state: 'staged' }])
    const user = await people.shadow({ username, email, name }, signal)
    // One that stood there before this ledger began may be another source's: its name stays.
    if (user.name !== name && (stated.state !== 'new' || standing === undefined)) await people.rename(user, name, signal)
    context.ledger.put([{ ...entry, state: 'applied' }])
  }
  const user = people.withEmail(email)
  const kept = user !== undefined && user.name !== name
  return {
    key,
    item,
    outcome: outcomeOf(stated),
    remote,
    expect: { username, email, state: 'blocked', ...(kept ? {} : { name }) },
    losses: kept ? [degraded(item, 'name-changed', 'name', 'a user of an earlier import stands for this person, under another name')] : [],
  }
}

export const settled = (stated: Given): boolean => stated.state === 'same' && stated.known.state === 'applied'
const outcomeOf = (stated: Given): Applied['outcome'] =>
  stated.state === 'new' ? 'created' : stated.state === 'changed' ? 'updated' : 'unchanged'
