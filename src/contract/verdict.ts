import type { Loss } from './fidelity.ts'

/** What verification says of one item. Every difference is predicted by a recorded loss, or it is a failure. */
export type Verdict =
  | { readonly type: 'match' }
  | { readonly type: 'explained'; readonly losses: readonly [Loss, ...Loss[]] }
  | { readonly type: 'differs'; readonly field: string; readonly expected: unknown; readonly actual: unknown }
  | { readonly type: 'missing' }
