import { type Line, line } from './lines.ts'
import { cleanText, escapeText } from './text.ts'

/**
 * A property the standard or we have no word for, usually `X-...`. `value` is plain text; with `VALUE` in `params` other than TEXT
 * (URI, INTEGER, DATE-TIME ...) it is written as it is. Names are made upper case and of letters, digits and hyphens.
 */
export interface Extra {
  readonly name: string
  readonly value: string
  readonly params?: Readonly<Record<string, string | readonly string[]>>
}

/** Properties that a component must have once, and that its composer writes. */
const reserved = new Set([
  'BEGIN',
  'END',
  'VERSION',
  'PRODID',
  'METHOD',
  'CALSCALE',
  'UID',
  'DTSTAMP',
  'RECURRENCE-ID',
  'DTSTART',
  'DTEND',
  'DUE',
  'FN',
])

export function extraLines(extra: readonly Extra[], escape: (text: string) => string = escapeText): readonly Line[] {
  return extra.map(({ name, value, params }) => {
    const clean = name.toUpperCase().replaceAll(/[^A-Z0-9-]/g, '-')
    const type = params?.['VALUE']
    const verbatim = typeof type === 'string' && type.toUpperCase() !== 'TEXT'
    const written = verbatim ? cleanText(value).replaceAll('\n', ' ') : escape(value)
    return line(reserved.has(clean) || clean === '' ? `X-${clean}` : clean, written, params)
  })
}
