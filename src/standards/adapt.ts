import { type Component, readComponents, writeComponent } from './component.ts'
import { type Line, parameter } from './lines.ts'
import { uriValue } from './text.ts'

/** Bytes in the place of an address. */
export interface Replacement {
  readonly bytes: Uint8Array
  readonly mediaType: string
}

/**
 * The same calendar with SCHEDULE-AGENT=NONE (RFC 6638 7.1; read 2026-11-25) on everybody and without METHOD: a server that takes it mails nobody.
 * @throws Fault `corrupt` naming the line
 */
export function withoutScheduling(ics: string): string {
  return rewritten(ics, (each, component) => {
    if (component === 'VCALENDAR' && each.name === 'METHOD') return []
    if (component === 'VALARM' || (each.name !== 'ORGANIZER' && each.name !== 'ATTENDEE')) return [each]
    const params = each.params.filter(({ name }) => name !== 'SCHEDULE-AGENT')
    return [{ ...each, params: [...params, { name: 'SCHEDULE-AGENT', values: ['NONE'] }] }]
  })
}

/**
 * The same calendar with attachments inside, in base64, where the caller has the bytes of their address.
 * @throws Fault `corrupt` naming the line
 */
export function withAttachments(ics: string, replacementOf: (url: string) => Replacement | undefined): string {
  return rewritten(ics, (each) => {
    const found = each.name !== 'ATTACH' || parameter(each, 'VALUE') === 'BINARY' ? undefined : replacementOf(each.value)
    if (found === undefined) return [each]
    const params = each.params.filter(({ name }) => !['FMTTYPE', 'ENCODING', 'VALUE'].includes(name))
    const binary = [
      { name: 'FMTTYPE', values: [found.mediaType] },
      { name: 'ENCODING', values: ['BASE64'] },
      { name: 'VALUE', values: ['BINARY'] },
    ]
    return [{ ...each, params: [...params, ...binary], value: base64(found.bytes) }]
  })
}

/**
 * The same card with this picture and no other, in the notation of its version.
 * @throws Fault `corrupt` naming the line
 */
export function withPhoto(vcf: string, photo: Replacement): string {
  return readComponents(vcf)
    .map((card) => {
      const old = card.lines.find(({ name }) => name === 'VERSION')?.value.trim() !== '4.0'
      const type = (photo.mediaType.split('/')[1] ?? 'jpeg').toUpperCase()
      const picture: Line = old
        ? { ...blank, params: [{ name: 'ENCODING', values: ['b'] }, { name: 'TYPE', values: [type] }], value: base64(photo.bytes) } // prettier-ignore
        : { ...blank, value: `data:${uriValue(photo.mediaType)};base64,${base64(photo.bytes)}` }
      return writeComponent({ ...card, lines: [...card.lines.filter(({ name }) => name !== 'PHOTO'), picture] })
    })
    .join('')
}
const blank = { group: null, name: 'PHOTO', params: [] }

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

function rewritten(text: string, change: (line: Line, component: string) => readonly Line[]): string {
  const walk = (component: Component): Component => ({
    name: component.name,
    lines: component.lines.flatMap((each) => change(each, component.name)),
    components: component.components.map(walk),
  })
  return readComponents(text)
    .map((component) => writeComponent(walk(component)))
    .join('')
}
