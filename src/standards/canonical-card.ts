import { type CanonicalValue, canonicalParams, hashOfBase64 } from './canonical-line.ts'
import { addresses, name3, names3, onlyIn4, params4 } from './card-versions.ts'
import type { Line } from './lines.ts'
import { splitUnescaped, unescapeText } from './text.ts'

const ignored = new Set(['VERSION', 'PRODID', 'REV'])
const caseless = new Set(['TYPE', 'ENCODING', 'VALUE', 'MEDIATYPE', 'CALSCALE'])
const textLists = new Set(['CATEGORIES', 'NICKNAME'])
const structured = new Set(['N', 'ADR', 'ORG'])
const binary = new Set(['PHOTO', 'LOGO', 'SOUND', 'KEY'])
const dates = new Set(['BDAY', 'ANNIVERSARY', 'DEATHDATE', 'X-ABDATE'])
/** Types that say what holds anyway: version 3.0 wants them, 4.0 does not know them. */
const idleTypes: Readonly<Record<string, readonly string[]>> = { EMAIL: ['INTERNET'], TEL: ['VOICE'], ADR: ['INTL', 'POSTAL', 'PARCEL'] }

/** Name in version 4.0 and values of one line of either version. None: it says nothing. */
export function cardValues(line: Line): { readonly name: string; readonly values: readonly CanonicalValue[] } {
  const name = nameIn4(line.name)
  if (ignored.has(name)) return { name, values: [] }
  const raw = canonicalParams(line, caseless)
  const values = valuesOf(name, line.value, raw).filter((value) => value.length > 0)
  return { name, values: values.map((value) => ({ params: paramsIn4(name, raw), value })) }
}

function nameIn4(name: string): string {
  const renamed = names3.get(name)
  if (renamed !== undefined) return renamed
  const bare = name.startsWith('X-') ? name.slice(2) : name
  return onlyIn4.has(bare) && name3(bare) === name ? bare : name
}

function paramsIn4(name: string, raw: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, readonly string[]>> {
  const params: Record<string, readonly string[]> = {}
  let preferred = false
  for (const [key, values] of Object.entries(raw)) {
    const bare = key.startsWith('X-') && params4.has(key.slice(2)) ? key.slice(2) : key
    if (['VALUE', 'ENCODING', 'CHARSET', 'X-APPLE-OMIT-YEAR'].includes(bare)) continue
    if (bare === 'PREF' && values[0] === '1') preferred = true
    else if (bare !== 'TYPE') params[bare] = values
    if (bare !== 'TYPE' || binary.has(name)) continue
    if (values.includes('PREF')) preferred = true
    const types = [...new Set(values)].filter((type) => type !== 'PREF' && type !== '' && idleTypes[name]?.includes(type) !== true)
    if (types.length > 0) params['TYPE'] = types
  }
  return preferred ? { ...params, PREF: ['1'] } : params
}

function valuesOf(
  name: string,
  value: string,
  params: Readonly<Record<string, readonly string[]>>,
): readonly (string | readonly string[])[] {
  if (binary.has(name)) return [bytesOrAddress(value, params)]
  if (textLists.has(name)) return splitUnescaped(value, ',').map(unescapeText)
  if (structured.has(name))
    return [trimmed(splitUnescaped(value, ';').map((part) => splitUnescaped(part, ',').map(unescapeText).join(',')))]
  if (name === 'KIND') return value.trim().toLowerCase() === 'individual' ? [] : [value.trim().toLowerCase()]
  if (name === 'TEL') return [unescapeText(value).trim().replace(/^tel:/i, '')]
  if (name === 'GEO') return [unescapeText(value).trim().replace(/^geo:/i, '').replace(';', ',')]
  if (dates.has(name)) return [cardDate(value, params['X-APPLE-OMIT-YEAR']?.[0])]
  // Apple escapes the colon of an address, vobject (Radicale) the semicolon; a comma may stand as %2C (see `card-as-3.ts`).
  if (addresses.has(name)) return [unescapeText(value.trim()).replaceAll(/%2c/gi, ',')]
  return [unescapeText(value)]
}

function trimmed(parts: readonly string[]): readonly string[] {
  return parts.slice(0, parts.findLastIndex((part) => part !== '') + 1)
}

function bytesOrAddress(value: string, params: Readonly<Record<string, readonly string[]>>): string {
  const inline = /^data:[^,]*;base64,/i.exec(value)
  if (inline !== null) return hashOfBase64(value.slice(inline[0].length))
  const encoded = params['ENCODING']?.[0]
  return encoded === 'B' || encoded === 'BASE64' ? hashOfBase64(value) : value.trim()
}

/** `19870315`, `--0315`, with a time behind it as it is. Version 3.0 has no date without a year; Apple's way is a made-up year and a parameter. */
function cardDate(value: string, madeUpYear: string | undefined): string {
  const match = /^(\d{4}|-)-?(\d\d)-?(\d\d)(T.*)?$/.exec(value.trim())
  if (match === null) return unescapeText(value)
  const [, year = '', month = '', day = '', time = ''] = match
  return `${year === '-' || year === madeUpYear ? '--' : year}${month}${day}${time.replaceAll(':', '')}`
}
