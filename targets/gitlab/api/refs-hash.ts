import { hash } from 'node:crypto'
import type { Ref } from '../../../src/git/ref.ts'

/** SHA-256 (hex) of the lines `<oid> <name>` of all branches and tags, sorted by name, each with its line end. */
export function refsHash(refs: readonly Ref[]): string {
  const lines = refs
    .filter(({ name }) => name.startsWith('refs/heads/') || name.startsWith('refs/tags/'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ oid, name }) => `${oid} ${name}\n`)
  return hash('sha256', lines.join(''))
}
