import type { Fields } from '../../src/contract/target.ts'
import type { JsonObject, JsonValue } from '../../src/contract/json.ts'
import type { Format } from '../../src/dav/target/format.ts'
import { Fault } from '../../src/fault.ts'
import { withPhoto } from '../../src/standards/adapt.ts'
import { canonicalCard } from '../../src/standards/canonical.ts'
import { readComponents, writeComponent } from '../../src/standards/component.ts'
import { escapeText, unescapeText } from '../../src/standards/text.ts'

/** The slot of a card's picture. */
export const PHOTO = 'PHOTO'

/** Cards on the wire. */
export const cardFormat: Format = {
  kind: 'addressbook',
  extension: 'vcf',
  mediaType: 'text/vcard; charset=utf-8',
  fieldsOf,
  uidOf,
  componentOf: () => 'VCARD',
  withUid: (text, uid) =>
    readComponents(text)
      .map((card) =>
        writeComponent({ ...card, lines: card.lines.map((line) => (line.name === 'UID' ? { ...line, value: escapeText(uid) } : line)) }),
      )
      .join(''),
  filled(text, fillings) {
    const photo = fillings.get(PHOTO)
    return photo === undefined ? text : withPhoto(text, photo)
  },
  fitsWhole: () => true,
  whole: (texts) => texts.join(''),
}

function uidOf(text: string): string {
  const cards = readComponents(text)
  const uid = unescapeText(cards[0]?.lines.find(({ name }) => name === 'UID')?.value.trim() ?? '')
  if (cards.length !== 1 || uid === '')
    throw new Fault({
      code: 'corrupt',
      what: 'A card object must be one card with a UID',
      why: cards.length === 1 ? 'it has no UID' : `there are ${cards.length} in it`,
    })
  return uid
}

/** Property by property, and what stands together in groups. */
function fieldsOf(text: string): Fields {
  const { properties, groups } = canonicalCard(text) as { readonly properties: JsonObject; readonly groups: readonly JsonValue[] }
  return groups.length === 0 ? properties : { ...properties, groups }
}
