import { hash } from 'node:crypto'
import type { JsonValue } from '../../src/contract/json.ts'
import { canonicalJson } from '../../src/model/canonical.ts'

/** Sixteen hex digits over JSON, whatever the order of its keys: enough to see that something is not what it was. */
export const hashOf = (value: unknown): string => hash('sha256', canonicalJson(value as JsonValue)).slice(0, 16)
