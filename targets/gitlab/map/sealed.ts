import { hash } from 'node:crypto'
import { idempotencyKey } from '../../../src/contract/ids.ts'
import type { Operation } from '../../../src/contract/target.ts'

/** Gives an operation its key and its revision: equal exactly if everything the operation says is equal. `part` sets several of one item apart. */
export function sealed<Op extends Operation>(op: Omit<Op, 'revision' | 'key'> & Pick<Operation, 'item'>, part = ''): Op {
  return { ...op, key: idempotencyKey(`gitlab/${op.item}${part}`), revision: hash('sha1', JSON.stringify(op), 'base64url') } as Op
}
