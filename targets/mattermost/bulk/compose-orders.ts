import type { MessagePort } from 'node:worker_threads'
import type { BlobRef } from '../../../src/contract/item.ts'
import type { FaultCode } from '../../../src/fault.ts'
import type { Slotted } from './batch-slots.ts'
import type { FileOptions } from './file-options.ts'

/** What the thread that writes an import file is born with. */
export interface ComposeJob {
  readonly path: string
  readonly options: FileOptions
  /** Where batches stand, see `batch-slots.ts`. */
  readonly slots: readonly SharedArrayBuffer[]
}
/** `operations`: a batch as text, in a slot unless it is too long. `end`: there are no more. */
export type ComposeOrder = { readonly type: 'operations'; readonly text: string | Slotted } | { readonly type: 'end' }
/**
 * `taken`: one batch less is waiting, and its slot is free; `composed`: so many operations are through. `file`: its bytes are asked for over `port`, see `lent-blobs.ts`.
 * `done`: the file stands under its name.
 */
export type ComposeAnswer =
  | { readonly type: 'taken'; readonly slot: number | undefined; readonly composed: number }
  | { readonly type: 'file'; readonly blob: BlobRef; readonly port: MessagePort }
  | { readonly type: 'done'; readonly composed: number }
  | {
      readonly type: 'fault'
      readonly code: FaultCode
      readonly what: string
      readonly why: string | undefined
      readonly remedy: string | undefined
    }
