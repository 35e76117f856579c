import { git } from '../process/git.ts'
import { records } from '../process/records.ts'

/** What each of these objects is (`commit`, `tag`, `tree`, `blob`); those that a repository does not have are not in the answer. */
export async function objectTypes(directory: string, oids: Iterable<string>, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const asked = [...new Set(oids)]
  const types = new Map<string, string>()
  if (asked.length === 0) return types
  const stdin = asked.map((oid) => `${oid}\n`)
  const args = ['cat-file', '--batch-check=%(objectname) %(objecttype)']
  for await (const line of records(git(args, { what: 'Objects cannot be looked up', directory, stdin }, signal))) {
    const [oid = '', type = ''] = line.toString('latin1').split(' ')
    if (type !== 'missing') types.set(oid, type)
  }
  return types
}
