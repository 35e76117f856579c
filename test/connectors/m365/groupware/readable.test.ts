import ICAL from 'ical.js'
import { expect, test } from 'vitest'
import { canonicalCalendar, canonicalCard } from '../../../../src/standards/canonical.ts'
import { bed, run, type Service } from './reading.ts'

test.each<Service>(['calendars', 'contacts', 'tasks', 'planner'])(
  'whatever %s give, a reader that did not write it can read',
  async (service) => {
    await using graph = await bed()
    const { items } = await run(graph, service)
    let read = 0
    for (const { kind, body } of items.values()) {
      const text = kind === 'event' || kind === 'task' ? body.ics : kind === 'contact' ? body.vcf : undefined
      if (text === undefined) continue
      expect(() => (kind === 'contact' ? canonicalCard(text) : canonicalCalendar(text))).not.toThrow()
      expect(() => new ICAL.Component(ICAL.parse(text) as unknown[])).not.toThrow()
      expect(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true)
      read += 1
    }
    expect(read).toBeGreaterThan(2)
  },
)
