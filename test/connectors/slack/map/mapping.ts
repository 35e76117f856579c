import type { Mapping } from '../../../../connectors/slack/map/item.ts'

/** What mapping is given in tests; `tokens` collects what it was told. */
export function testMapping(tokens: string[] = []): Mapping {
  return { source: 'acme', fetchedAt: '2026-11-23T00:00:00.000Z', endpoint: 'test', token: (found) => void tokens.push(found) }
}
