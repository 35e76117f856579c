import { Fault } from '../fault.ts'
import { cleanText } from './text.ts'

/** One parameter. `name` in upper case; `values` without quotes and escapes. */
export interface Parameter {
  readonly name: string
  readonly values: readonly string[]
}
/** One content line of iCalendar or vCard. `name` in upper case; `value` exactly as it is written, with its escapes. `group` only in cards. */
export interface Line {
  readonly group: string | null
  readonly name: string
  readonly params: readonly Parameter[]
  readonly value: string
}
/** A line and the number it began at, from 1. */
export interface NumberedLine extends Line {
  readonly number: number
}

/**
 * Reads content lines: LF or CRLF, folded or not, with a byte order mark or without. Empty lines are passed over. Takes time linear in the text.
 * @throws Fault `corrupt` naming the line
 */
export function* readLines(text: string): Generator<NumberedLine> {
  let parts: string[] = []
  let began = 0
  let number = 0
  for (const raw of rawLines(text)) {
    number++
    if ((raw.startsWith(' ') || raw.startsWith('\t')) && parts.length > 0) {
      parts.push(raw.slice(1))
      continue
    }
    if (parts.length > 0) yield readLine(parts.join(''), began)
    parts = raw.trim() === '' ? [] : [raw]
    began = number
  }
  if (parts.length > 0) yield readLine(parts.join(''), began)
}

function* rawLines(text: string): Generator<string> {
  for (let start = text.startsWith('\ufeff') ? 1 : 0; start < text.length;) {
    const end = text.indexOf('\n', start)
    const stop = end === -1 ? text.length : end
    yield text.slice(start, text[stop - 1] === '\r' && stop > start ? stop - 1 : stop)
    start = stop + 1
  }
}

const head = /(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9_-]+)/y
const paramName = /;\s*([A-Za-z0-9_-]+)/y
/** Either in quotes, or up to a separator. */
const paramValue = /"([^"]*)"|([^,;:]*)/y

function readLine(raw: string, number: number): NumberedLine {
  const start = match(head, raw, 0)
  if (start === null) throw corrupt(number, 'it does not begin with a name')
  const params: Parameter[] = []
  let at = start[0].length
  for (let named = match(paramName, raw, at); named !== null; named = match(paramName, raw, at)) {
    at += named[0].length
    const values: string[] = []
    // A parameter without a value is the notation of vCard 2.1 (TEL;HOME:).
    while (raw[at] === '=' || (values.length > 0 && raw[at] === ',')) {
      const value = match(paramValue, raw, at + 1)
      at += 1 + (value?.[0].length ?? 0)
      values.push(unescapeParameter(value?.[1] ?? value?.[2] ?? ''))
    }
    const name = (named[1] ?? '').toUpperCase()
    params.push(values.length === 0 ? { name: 'TYPE', values: [name] } : { name, values })
  }
  if (raw[at] !== ':') throw corrupt(number, 'there is no colon after its name and parameters')
  return { number, group: start[1] ?? null, name: (start[2] ?? '').toUpperCase(), params, value: raw.slice(at + 1) }
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

export function corrupt(number: number, why: string): Fault {
  return new Fault({ code: 'corrupt', what: `Line ${number} of a calendar or card cannot be read`, why })
}

/** The first value of a parameter, or undefined. */
export function parameter(line: Line, name: string): string | undefined {
  return line.params.find((param) => param.name === name)?.values[0]
}

/** A line built from its parts. Parameters without values (null, empty) are left out. */
export function line(
  name: string,
  value: string,
  params: Readonly<Record<string, string | readonly string[] | null | undefined>> = {},
  group: string | null = null,
): Line {
  const kept = Object.entries(params)
    .map(([name, values]) => ({
      name: name.toUpperCase().replaceAll(/[^A-Z0-9-]/g, '-'),
      values: [values ?? []].flat().filter((value) => value !== ''),
    }))
    .filter(({ values }) => values.length > 0)
  return { group, name, params: kept, value }
}

/** A content line as text: parameters quoted where they must be and made safe by RFC 6868, folded at 75 octets but never inside a letter, CRLF at its end. */
export function writeLine({ group, name, params, value }: Line): string {
  const written = params.map((param) => `;${param.name}=${param.values.map(writeParameter).join(',')}`).join('')
  return `${fold(`${group === null ? '' : `${group}.`}${name}${written}:${oneLine(value)}`)}\r\n`
}

/** Control letters stay out even of values that are not escaped: some readers take a lone carriage return for the end of a line. */
const oneLine = (value: string): string =>
  /[\u0000-\u0008\u000a-\u001f\u007f]/.test(value) ? cleanText(value).replaceAll('\n', ' ') : value

function writeParameter(value: string): string {
  const escaped = cleanText(value).replaceAll(/[\^"\n]/g, (letter) => escapes[letter] ?? letter)
  return /[:;,]/.test(escaped) ? `"${escaped}"` : escaped
}
const escapes: Readonly<Record<string, string>> = { '^': '^^', '"': "^'", '\n': '^n' }
const unescapeParameter = (value: string): string =>
  value.replaceAll(/\^([\^'n])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter === '^' ? '^' : '"'))

function fold(text: string): string {
  const bytes = Buffer.byteLength(text)
  if (bytes <= 75) return text
  // Pictures in base64 have millions of letters, each of one octet.
  if (bytes === text.length) return [text.slice(0, 75), ...(text.slice(75).match(/[^]{1,74}/g) ?? [])].join('\r\n ')
  const lines: string[] = []
  let start = 0
  let at = 0
  let used = 0
  for (const letter of text) {
    const bytes = Buffer.byteLength(letter)
    if (used + bytes > 75) {
      lines.push(text.slice(start, at))
      start = at
      // The blank that begins a folded line counts.
      used = 1
    }
    used += bytes
    at += letter.length
  }
  lines.push(text.slice(start))
  return lines.join('\r\n ')
}
