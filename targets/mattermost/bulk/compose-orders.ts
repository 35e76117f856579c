import type { MessagePort } from 'node:worker_threads'
import type { BlobRef } from '../../../src/contract/item.ts'
import type { FaultCode } from '../../../src/fault.ts'
import type { FileOptions } from './file-options.ts'

/** What the thread that writes an import file is born with. */
export interface ComposeJob {
  readonly path: string
  readonly options: FileOptions
}
/** `operations`: a batch as text. `end`: there are no more. */
export type ComposeOrder = { readonly type: 'operations'; readonly text: string } | { readonly type: 'end' }
/**
 * `taken`: one batch less is waiting; `composed`: so many operations are through. `file`: its bytes are asked for over `port`, see `lent-blobs.ts`.
 * `done`: the file stands under its name.
 */
export type ComposeAnswer =
  | { readonly type: 'taken'; readonly composed: number }
  | { readonly type: 'file'; readonly blob: BlobRef; readonly port: MessagePort }
  | { readonly type: 'done'; readonly composed: number }
  | {
      readonly type: 'fault'
      readonly code: FaultCode
      readonly what: string
      readonly why: string | undefined
      readonly remedy: string | undefined
    }
