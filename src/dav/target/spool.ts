import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { CollectionId, ItemId } from '../../contract/ids.ts'
import type { LedgerEntry, Stated } from '../../contract/target.ts'
import { type ObjectOperation, shortHash } from './operations.ts'

export type StatedObject = Exclude<Stated<ObjectOperation>, { state: 'gone' }>
/** What is kept in memory of an operation that waits on disk. */
export interface Waiting {
  readonly at: number
  readonly length: number
  readonly item: ItemId
  /** Of its UID. */
  readonly uid: string
  readonly state: StatedObject['state']
  readonly known: LedgerEntry | undefined
}
/** The objects of one place. */
export interface Group {
  readonly login: string
  readonly place: string
  readonly waiting: Waiting[]
}

/**
 * The objects of one collection of the source, on disk: which of them share a UID, and whether a place can be filled at once, is known only when all
 * have been seen. Memory grows with their number, not with their texts.
 */
export class ObjectSpool implements Disposable {
  readonly #file: number
  #end = 0
  #groups = new Map<string, Group>()
  collection: CollectionId | undefined

  constructor(workDir: string) {
    this.#file = openSync(join(workDir, 'objects.jsonl'), 'w+', 0o600)
  }
  add(stated: StatedObject): void {
    const { op, state } = stated
    this.collection = op.collection
    const bytes = Buffer.from(JSON.stringify(op))
    writeSync(this.#file, bytes, 0, bytes.length, this.#end)
    const key = JSON.stringify([op.login, op.place])
    const group = this.#groups.get(key) ?? { login: op.login, place: op.place, waiting: [] }
    this.#groups.set(key, group)
    const known = stated.state === 'new' ? undefined : stated.known
    group.waiting.push({ at: this.#end, length: bytes.length, item: op.item, uid: shortHash(op.uid), state, known })
    this.#end += bytes.length
  }
  read({ at, length }: Waiting): ObjectOperation {
    const bytes = Buffer.allocUnsafe(length)
    readSync(this.#file, bytes, 0, length, at)
    return JSON.parse(bytes.toString('utf8')) as ObjectOperation
  }
  /** What has been added since the last time; reading it is possible until `clear`. */
  groups(): readonly Group[] {
    return [...this.#groups.values()]
  }
  clear(): void {
    ftruncateSync(this.#file, 0)
    this.#end = 0
    this.#groups = new Map()
    this.collection = undefined
  }
  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}
