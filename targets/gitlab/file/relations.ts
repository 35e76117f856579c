import { join } from 'node:path'
import type { JsonObject } from '../../../src/contract/json.ts'
import { RelationFile } from './lines.ts'

/** Relations of a project file that are written here, in the order in which the importer reads them. */
export const relationNames = [
  'labels',
  'milestones',
  'issues',
  'releases',
  'project_members',
  'merge_requests',
  'commit_notes',
  'project_feature',
] as const
export type RelationName = (typeof relationNames)[number]

/** The relations of one project, each a file of lines until the archive is written. */
export class Relations implements Disposable {
  readonly #files: ReadonlyMap<RelationName, RelationFile>
  constructor(directory: string) {
    this.#files = new Map(relationNames.map((name) => [name, new RelationFile(join(directory, `${name}.ndjson`))]))
  }
  of(name: RelationName): RelationFile {
    return this.#files.get(name) as RelationFile
  }
  /** @returns false for a line that is longer than GitLab reads */
  add(name: RelationName, record: JsonObject): boolean {
    return this.of(name).add(record)
  }
  /** Those that have lines, by name. */
  *written(): Generator<{ readonly name: RelationName; readonly path: string; readonly bytes: number }> {
    for (const [name, file] of [...this.#files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      file.flush()
      if (file.bytes > 0) yield { name, path: file.path, bytes: file.bytes }
    }
  }
  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file[Symbol.dispose]()
  }
}
