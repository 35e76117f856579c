import type { JsonObject, JsonValue } from '../contract/json.ts'
import { canonicalJson } from '../model/canonical.ts'
import { canonicalCard } from './canonical.ts'
import { addresses, name3, params4 } from './card-versions.ts'
import { type Component, readComponents, writeComponent } from './component.ts'
import { type Line, type Parameter, line, parameter } from './lines.ts'
import { escapeText, splitUnescaped } from './text.ts'

/**
 * A card of version 4.0 in 3.0 (RFC 2426, 4770, 2739; read 2026-11-25), for servers that take nothing else. What 3.0 has no word for goes on
 * under an `X-` name. `lost`: names of properties that do not say the same any more, found by comparing the two. A card of 3.0 stays as it is.
 * Radicale 3.1.8 is such a server, though it takes 4.0: it cuts PHOTO (a data: address) and other addresses off at their first comma.
 * @throws Fault `corrupt` naming the line
 */
export function cardAs3(vcf: string): { readonly vcf: string; readonly lost: readonly string[] } {
  const cards = readComponents(vcf)
  const changed = cards.map((card) => writeComponent(isVersion4(card) ? downgraded(card) : card)).join('')
  return { vcf: changed, lost: differing(canonicalCard(vcf), canonicalCard(changed)) }
}

function isVersion4({ lines }: Component): boolean {
  return lines.some(({ name, value }) => name === 'VERSION' && value.trim() === '4.0')
}

function downgraded(card: Component): Component {
  const taken = new Set(card.lines.map(({ group }) => group?.toLowerCase()))
  let count = 0
  const nextGroup = (): string => {
    do count++
    while (taken.has(`label${count}`))
    return `label${count}`
  }
  const rest = card.lines.filter(({ name }) => name !== 'VERSION')
  const named = rest.some(({ name }) => name === 'N') ? [] : [line('N', ';;;;')]
  return { ...card, lines: [line('VERSION', '3.0'), ...named, ...rest.flatMap((each) => lineIn3(each, nextGroup))] }
}

function lineIn3(each: Line, nextGroup: () => string): readonly Line[] {
  const params = each.params.flatMap((param) => paramIn3(each.name, param))
  const renamed: Line = { ...each, name: name3(each.name), params }
  switch (each.name) {
    case 'EMAIL':
      return [{ ...renamed, params: [{ name: 'TYPE', values: ['INTERNET'] }, ...params] }]
    case 'TEL':
      return [
        parameter(each, 'VALUE')?.toLowerCase() === 'uri' ? { ...renamed, value: escapeText(each.value.replace(/^tel:/i, '')) } : renamed,
      ]
    case 'GEO':
      return [{ ...renamed, value: each.value.replace(/^geo:/i, '').replace(',', ';') }]
    case 'PHOTO':
    case 'LOGO':
    case 'SOUND':
    case 'KEY':
      return [bytesIn3(renamed)]
    case 'BDAY':
      return [birthdayIn3(renamed)]
    case 'ADR':
      return addressIn3(each, renamed, nextGroup)
    default:
      // A server built on vobject (Radicale 3.1.8, seen 2026-11-25) cuts an address off at its first comma.
      if (addresses.has(each.name)) return [{ ...renamed, value: each.value.replaceAll(',', '%2C') }]
      return [texts3.has(each.name) ? { ...renamed, value: splitUnescaped(each.value, ';').join('\\;') } : renamed]
  }
}

/** Texts in which 3.0 wants a backslash before a semicolon, and 4.0 none. */
const texts3 = new Set([
  'FN',
  'NOTE',
  'TITLE',
  'ROLE',
  'NICKNAME',
  'CATEGORIES',
  'X-ABLABEL',
  'X-PHONETIC-FIRST-NAME',
  'X-PHONETIC-LAST-NAME',
])

function paramIn3(property: string, param: Parameter): readonly Parameter[] {
  if (param.name === 'PREF' && param.values[0] === '1') return [{ name: 'TYPE', values: ['pref'] }]
  // The value shows it, and 3.0 has other words for it.
  if (param.name === 'VALUE' && property !== 'PHOTO') return []
  return [params4.has(param.name) ? { ...param, name: `X-${param.name}` } : param]
}

function bytesIn3(each: Line): Line {
  const inline = /^data:(?:[\w.+-]+\/([\w.+-]+))?[^,]*;base64,/i.exec(each.value)
  const kept = each.params.filter(({ name }) => name !== 'VALUE' && name !== 'ENCODING' && name !== 'X-MEDIATYPE')
  if (inline === null)
    return { ...each, params: [{ name: 'VALUE', values: ['uri'] }, ...each.params.filter(({ name }) => name !== 'VALUE')] }
  const type = inline[1] === undefined ? [] : [{ name: 'TYPE', values: [inline[1].toUpperCase()] }]
  return { ...each, params: [{ name: 'ENCODING', values: ['b'] }, ...type, ...kept], value: each.value.slice(inline[0].length) }
}

/** 3.0 has whole dates only. Without a year, Apple's way: a made-up one, and a parameter that says so. */
function birthdayIn3(each: Line): Line {
  const [, year, month, day, time = ''] = /^(\d{4}|-)-?(\d\d)-?(\d\d)(T.*)?$/.exec(each.value.trim()) ?? []
  if (year === undefined) return { ...each, name: 'X-BDAY' }
  if (year !== '-') return { ...each, value: `${year}-${month}-${day}${time}` }
  return { ...each, params: [...each.params, { name: 'X-APPLE-OMIT-YEAR', values: ['1604'] }], value: `1604-${month}-${day}${time}` }
}

function addressIn3(each: Line, renamed: Line, nextGroup: () => string): readonly Line[] {
  const label = parameter(each, 'LABEL')
  if (label === undefined) return [renamed]
  const group = each.group ?? nextGroup()
  const params = renamed.params.filter(({ name }) => name !== 'X-LABEL')
  const types = params.filter(({ name }) => name === 'TYPE')
  return [
    { ...renamed, group, params },
    { group, name: 'LABEL', params: types, value: escapeText(label) },
  ]
}

function differing(before: JsonValue, after: JsonValue): readonly string[] {
  const [a, b] = [entries(before), entries(after)]
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name)).toSorted()
}

function entries(card: JsonValue): ReadonlyMap<string, string> {
  const { properties, groups } = card as { readonly properties: JsonObject; readonly groups: readonly JsonObject[] }
  const all = [properties, ...groups].flatMap((members) => Object.entries(members))
  const byName = Map.groupBy(all, ([name]) => name)
  return new Map([...byName].map(([name, values]) => [name, values.map(([, value]) => canonicalJson(value)).join('\n')]))
}
