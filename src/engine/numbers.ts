import type { ItemId } from '../contract/ids.ts'
import type { Numbered } from '../contract/target.ts'
import type { SnapshotReader } from '../contract/vault.ts'

const kinds = ['issue', 'change-request', 'discussion'] as const satisfies readonly Numbered[]
/** Numbers of one block share an array: one byte a number, whatever the gaps between blocks. */
const BLOCK = 1024

/** What stands under each number of each repository, one byte a number. */
export class Numbers {
  readonly #blocks = new Map<string, Uint8Array>()
  set(repository: string, number: number, kind: Numbered): void {
    const key = keyOf(repository, number)
    const block = this.#blocks.get(key) ?? new Uint8Array(BLOCK)
    this.#blocks.set(key, block)
    block[number % BLOCK] = kinds.indexOf(kind) + 1
  }
  get(repository: ItemId, number: number): Numbered | undefined {
    return kinds[(this.#blocks.get(keyOf(repository, number))?.[number % BLOCK] ?? 0) - 1]
  }
}
const keyOf = (repository: string, number: number): string => `${repository} ${Math.floor(number / BLOCK)}`

/** Reads the numbers of a snapshot; costs nothing where it holds no code. */
export async function readNumbers(reader: SnapshotReader, signal: AbortSignal): Promise<Numbers> {
  const numbers = new Numbers()
  const { counts } = reader.manifest
  if (kinds.every((kind) => counts[kind] === undefined)) return numbers
  for await (const item of reader.items({ kinds }, signal))
    if (item.kind === 'issue' || item.kind === 'change-request' || item.kind === 'discussion')
      numbers.set(item.body.repository, item.body.number, item.kind)
  return numbers
}
