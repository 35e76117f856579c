import type { Check } from '../contract/ports.ts'
import type { Streams } from './streams.ts'

const colours = { pass: 'green', warn: 'yellow', fail: 'red', skip: 'dim' } as const

/** One finding on one line, its remedy on the next. */
export function checkText(subject: string, { name, status, detail, remedy }: Check, { paint }: Pick<Streams, 'paint'>): string {
  const line = `${paint(colours[status], status.padEnd(4))}  ${subject}  ${name}: ${detail}`
  return remedy === undefined || status === 'pass' ? line : `${line}\n      next: ${remedy}`
}
