import { hash } from 'node:crypto'
import type { Loss } from '../../../src/contract/fidelity.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import { type CommitGraph, readCommitGraph } from '../../../src/git/commit-graph.ts'
import { refNameOf } from '../../../src/git/ref-name.ts'
import type { Repository } from '../../../src/git/repository.ts'
import { git } from '../../../src/process/git.ts'
import { records } from '../../../src/process/records.ts'
import type { History } from './branches.ts'

const HEADS = 'refs/heads/'
const TAGS = 'refs/tags/'
/** GitLab takes branches and tags away that are named like a commit (`Repository#remove_prohibited_refs`, read 2026-11-25). */
const prohibited = /^refs\/(?:heads|tags)\/(?:[0-9a-f]{40}|[0-9a-f]{64})$/

/** The name that a ref gets in the file; undefined: it stays behind. Where change requests point to goes where no push may write. */
export function fileRef(name: string): string | undefined {
  const number = /^refs\/pull\/(\d+)\/head$/.exec(name)?.[1]
  if (number !== undefined) return `refs/merge-requests/${number}/head`
  return name.startsWith('refs/pull/') || prohibited.test(name) ? undefined : name
}

/** What is asked about one repository while its file is composed. Memory: its commits and its branches and tags. */
export class FileHistory implements History {
  readonly graph: CommitGraph | undefined
  readonly losses: Loss[] = []
  readonly #refs = new Map<string, string>()
  readonly #peeled = new Map<string, string>()
  constructor(graph: CommitGraph | undefined) {
    this.graph = graph
  }
  static async read(repository: Repository | undefined, item: ItemId, signal: AbortSignal): Promise<FileHistory> {
    if (repository === undefined) return new FileHistory(undefined)
    const { directory } = repository
    const history = new FileHistory(await readCommitGraph(directory, signal))
    const lose = (detail: string) =>
      void history.losses.push({ item, stage: 'apply', code: 'rejected-by-target', effect: { type: 'degraded', field: 'git' }, detail })
    for (const { name, why } of repository.refused) lose(`git refuses the ref ${name}: ${why}`)
    const args = ['for-each-ref', '--format=%(objectname) %(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end) %(refname)']
    for await (const line of records(git(args, { what: 'The refs cannot be listed', directory }, signal))) {
      const name = refNameOf(line.subarray(82))
      if (prohibited.test(name)) lose(`GitLab takes no branch or tag that is named like a commit: ${name}`)
      else if (name.startsWith(HEADS) || name.startsWith(TAGS))
        history.#add(name, line.toString('latin1', 0, 40), line.toString('latin1', 41, 81))
    }
    return history
  }
  #add(name: string, oid: string, commit: string): void {
    this.#refs.set(name, oid)
    if (name.startsWith(TAGS) && oid !== commit) this.#peeled.set(name, commit)
  }
  has(oid: string): boolean {
    return this.graph?.has(oid) === true
  }
  hasBranch(name: string): boolean {
    return this.#refs.has(HEADS + name)
  }
  /** The commit a tag means. */
  tag(name: string): string | undefined {
    return this.#peeled.get(TAGS + name) ?? this.#refs.get(TAGS + name)
  }
  /** The importer will make this branch. */
  willHave(branch: string, oid: string): void {
    if (!this.hasBranch(branch)) this.#refs.set(HEADS + branch, oid)
  }
  /** SHA-256 (hex) of the lines `<oid> <name>` of all branches and tags as they will stand, sorted by name, each with its line end. */
  digest(): string {
    const lines = [...this.#refs].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, oid]) => `${oid} ${name}\n`)
    return hash('sha256', lines.join(''))
  }
}
