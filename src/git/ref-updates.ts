import { Fault } from '../fault.ts'
import { gitText } from '../process/git.ts'
import { refNameBytes } from './ref-name.ts'
import type { Ref } from './ref.ts'

/** A ref that git would not have, and what git says of it. */
export interface RefusedRef {
  readonly ref: string
  readonly oid: string
  readonly why: string
}
type Update = Ref | { readonly name: string; readonly oid: undefined }

/** So many bad ones are no accident of one name. */
const MOST_REFUSED = 100

/**
 * Makes the refs of a repository exactly these. What git refuses (an impossible name, a name inside of another, an object that is not there)
 * is found out one by one and told; it takes no other ref down.
 * @throws Fault `corrupt` beyond 100 refused ones
 */
export async function replaceRefs(
  directory: string,
  before: AsyncIterable<Ref>,
  wanted: readonly Ref[],
  signal: AbortSignal,
): Promise<readonly RefusedRef[]> {
  const after = new Map(wanted.map(({ name, oid }) => [name, oid]))
  const gone: Update[] = []
  for await (const { name, oid } of before) {
    const next = after.get(name)
    if (next === undefined) gone.push({ name, oid: undefined })
    else if (next === oid) after.delete(name)
  }
  const refused: RefusedRef[] = []
  // First what goes: a branch may become a folder of branches.
  await update(directory, gone, refused, signal)
  const changed = [...after].map(([name, oid]) => ({ name, oid })).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  await update(directory, changed, refused, signal)
  return refused
}

/** All or nothing is git's way; halves and halves again find those that are in the way. */
async function update(directory: string, updates: readonly Update[], refused: RefusedRef[], signal: AbortSignal): Promise<void> {
  const [first] = updates
  if (first === undefined) return
  const stdin = updates.map(({ name, oid }) =>
    Buffer.concat([
      Buffer.from(oid === undefined ? 'delete ' : 'update '),
      refNameBytes(name),
      Buffer.from(oid === undefined ? '\0\0' : `\0${oid}\0\0`),
    ]),
  )
  const what = 'A ref could not be set'
  try {
    await gitText(['update-ref', '--no-deref', '--stdin', '-z'], { what, directory, stdin }, signal)
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'unavailable' || error.code === 'config') throw error
    if (refused.length >= MOST_REFUSED)
      throw new Fault({
        code: 'corrupt',
        what: `More than ${MOST_REFUSED} refs are refused by git`,
        why: error.why,
        remedy: error.remedy,
        cause: error,
      })
    if (updates.length === 1) {
      refused.push({ ref: first.name, oid: first.oid ?? '', why: error.why ?? 'git does not say why' })
      return
    }
    const half = updates.length >> 1
    await update(directory, updates.slice(0, half), refused, signal)
    await update(directory, updates.slice(half), refused, signal)
  }
}
