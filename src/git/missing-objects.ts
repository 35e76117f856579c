import { git } from '../process/git.ts'
import { records } from '../process/records.ts'

/** Those of the objects that a repository does not have, in their order. */
export async function missingObjects(directory: string, oids: Iterable<string>, signal: AbortSignal): Promise<readonly string[]> {
  const asked = [...oids]
  if (asked.length === 0) return []
  const stdin = asked.map((oid) => `${oid}\n`)
  const missing: string[] = []
  let turn = 0
  for await (const line of records(git(['cat-file', '--batch-check'], { what: 'Objects cannot be looked up', directory, stdin }, signal))) {
    const oid = asked[turn++]
    if (oid !== undefined && line.toString('latin1').endsWith(' missing')) missing.push(oid)
  }
  return missing
}
