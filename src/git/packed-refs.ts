import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { git } from '../process/git.ts'
import { records } from '../process/records.ts'
import { objectTypes } from './object-types.ts'
import type { Ref } from './ref.ts'
import { isRefName, refNameBytes, refNameOf } from './ref-name.ts'

/** A ref that git would not have, and why. */
export interface RefusedRef extends Ref {
  readonly why: string
}

/**
 * Gives a repository that has none all its refs at once, as the one file that git itself packs them into: a file for each takes minutes where
 * there are thirty thousand pull requests. What git would refuse takes no other ref down; in the end git says which it has.
 * gitrepository-layout(5), read 2026-11-25
 */
export async function writeRefs(directory: string, refs: readonly Ref[], signal: AbortSignal): Promise<readonly RefusedRef[]> {
  const types = await objectTypes(
    directory,
    refs.map(({ oid }) => oid),
    signal,
  )
  const names = new Set(refs.map(({ name }) => name))
  const good: Ref[] = []
  const refused: RefusedRef[] = []
  for (const ref of refs) {
    const why = objection(ref, names, types.get(ref.oid))
    if (why === undefined) good.push(ref)
    else refused.push({ ...ref, why })
  }
  const lines = good.map(({ name, oid }) => ({ name: refNameBytes(name), oid })).toSorted((a, b) => a.name.compare(b.name))
  const file = Buffer.concat([
    Buffer.from('# pack-refs with: sorted \n'),
    ...lines.flatMap(({ name, oid }) => [Buffer.from(`${oid} `), name, Buffer.from('\n')]),
  ])
  const path = join(directory, 'packed-refs')
  await writeFile(`${path}.new`, file, { signal })
  await rename(`${path}.new`, path)
  const listed = new Map<string, string>()
  for await (const { name, oid } of refsOf(directory, signal)) listed.set(name, oid)
  const unknown = good.filter(({ name, oid }) => listed.get(name) !== oid)
  return [...refused, ...unknown.map((ref) => ({ ...ref, why: 'git does not list it' }))]
}

/** All refs, by name. */
export async function* refsOf(directory: string, signal: AbortSignal): AsyncGenerator<Ref> {
  const args = ['for-each-ref', '--format=%(objectname) %(refname)']
  for await (const line of records(git(args, { what: 'The refs cannot be listed', directory }, signal))) {
    yield { oid: line.toString('latin1', 0, 40), name: refNameOf(line.subarray(41)) }
  }
}

function objection({ name, oid }: Ref, names: ReadonlySet<string>, type: string | undefined): string | undefined {
  if (!isRefName(name)) return 'git takes no such name'
  if (type === undefined) return `the object ${oid} is not there`
  if (name.startsWith('refs/heads/') && type !== 'commit') return `a branch must be a commit, and this is a ${type}`
  for (let at = name.lastIndexOf('/'); at > 0; at = name.lastIndexOf('/', at - 1))
    if (names.has(name.slice(0, at))) return `${name.slice(0, at)} stands in its place`
  return undefined
}
