import type { Card, Text } from '../../../src/model/message.ts'
import { type Wire, filled, text, wire, wires } from '../wire.ts'
import { link } from './link.ts'
import { escapeInline, escapeLines, isBlank, prefixLines, TextBuilder, trimmed } from './markdown.ts'
import { richText } from './rich-text.ts'
import { mrkdwn, unescapeEntities } from './text.ts'

/** A card that shows nothing yet. */
export const emptyCard: Card = {
  fallback: null,
  color: null,
  pretext: [],
  author: null,
  authorLink: null,
  title: null,
  titleLink: null,
  text: [],
  fields: [],
  imageUrl: null,
  thumbUrl: null,
  footer: null,
  at: null,
}

export interface Blocks {
  readonly text: Text
  readonly cards: readonly Card[]
}

/** Block Kit as text, and cards for its pictures. A block nobody knows gives the readable words inside it. Never throws. */
export function blocks(all: unknown): Blocks {
  const found = wires(all)
  const [first] = found
  if (first === undefined) return nothing
  if (found.length === 1) {
    const shown = shownOf(first)
    return { text: isBlank(shown) ? [] : shown, cards: cardsOf(first) }
  }
  const out = new TextBuilder()
  const cards: Card[] = []
  let begun = false
  for (const block of found) {
    const shown = shownOf(block)
    cards.push(...cardsOf(block))
    if (isBlank(shown)) continue
    if (begun) out.add('\n\n')
    out.addAll(shown)
    begun = true
  }
  return { text: out.done(), cards }
}
const nothing: Blocks = { text: [], cards: [] }
const shownOf = (block: Wire): Text => trimmed(block['type'] === 'rich_text' ? richText(block) : textOf(block))

function textOf(block: Wire): Text {
  switch (block['type']) {
    case 'section':
      return lines([composed(block['text']), ...wires(block['fields']).map(composed), control(wire(block['accessory']))])
    case 'header':
      return heading(composed(block['text']))
    case 'context':
      return row(wires(block['elements']).map((element) => (element['type'] === 'image' ? [] : composed(element))))
    case 'divider':
      return ['---']
    case 'actions':
    case 'context_actions':
      return row(wires(block['elements']).map((element) => control(element)))
    case 'input':
      return lines([composed(block['label']), composed(block['hint'])])
    case 'image':
      return []
    case 'video':
      return lines([titled(block), composed(block['description'])])
    case 'file':
      return escapeText(filled(block['external_id']) ?? '')
    case 'table':
      return table(Array.isArray(block['rows']) ? block['rows'] : [])
    case 'markdown':
      return [text(block['text']) ?? '']
    default:
      return escapeText(words(block, 0).join('\n'))
  }
}

const escapeText = (literal: string): Text => (literal === '' ? [] : [escapeLines(literal)])

/** A composition object: `mrkdwn`, or `plain_text` in which only emoji mean something. */
function composed(value: unknown): Text {
  const object = wire(value)
  const shown = text(object?.['text'])
  if (object === undefined || shown === undefined) return []
  if (object['type'] === 'mrkdwn') return mrkdwn(shown)
  return plain(unescapeEntities(shown))
}

const plainEmoji = /:([a-z\d_+'-]*[a-z_+-][a-z\d_+'-]*)(?:::skin-tone-([2-6]))?:/g
/** Plain text with emoji by name. */
export function plain(literal: string): Text {
  const out = new TextBuilder()
  let at = 0
  for (const found of literal.matchAll(plainEmoji)) {
    out.add(escapeLines(literal.slice(at, found.index)))
    out.add({ type: 'emoji', name: found[1] as string, tone: found[2] === undefined ? null : Number(found[2]) })
    at = found.index + found[0].length
  }
  out.add(escapeLines(literal.slice(at)))
  return out.done()
}

function separated(parts: readonly Text[], by: string): Text {
  const out = new TextBuilder()
  parts
    .filter((part) => !isBlank(part))
    .forEach((part, at) => {
      if (at > 0) out.add(by)
      out.addAll(part)
    })
  return out.done()
}
const lines = (parts: readonly Text[]): Text => separated(parts, '\n')
const row = (parts: readonly Text[]): Text => separated(parts, ' ')
const onOneLine = (all: Text): Text => all.map((part) => (typeof part === 'string' ? part.replaceAll('\n', ' ') : part))
const heading = (all: Text): Text => (isBlank(all) ? [] : prefixLines(onOneLine(all), '### '))

/** A button, menu or other control: what a person could read on it. */
function control(element: Wire | undefined): Text {
  if (element === undefined || element['type'] === 'image') return []
  const label = text(wire(element['text'])?.['text']) ?? text(wire(element['placeholder'])?.['text'])
  if (label === undefined) return []
  const url = filled(element['url'])
  const shown = unescapeEntities(label)
  return url === null ? [`\\[${escapeInline(shown).replaceAll('\n', ' ')}\\]`] : [link(unescapeEntities(url), shown)]
}

function titled(block: Wire): Text {
  const title = text(wire(block['title'])?.['text']) ?? filled(block['alt_text'])
  const url = filled(block['title_url']) ?? filled(block['video_url'])
  if (url === null) return title === null ? [] : plain(unescapeEntities(title))
  return [link(url, title === null ? null : unescapeEntities(title))]
}

function pictureOf(block: Wire): Wire | undefined {
  if (block['type'] === 'image' || block['type'] === 'video') return block
  const accessory = wire(block['accessory'])
  if (accessory?.['type'] === 'image') return accessory
  for (const element of wires(block['elements'])) if (element['type'] === 'image') return element
  return undefined
}

function cardsOf(block: Wire): readonly Card[] {
  const picture = pictureOf(block)
  if (picture === undefined) return nothing.cards
  const url = filled(picture['image_url']) ?? filled(picture['thumbnail_url']) ?? filled(wire(picture['slack_file'])?.['url'])
  const title = text(wire(picture['title'])?.['text'])
  if (url === null) return []
  const card: Card = {
    ...emptyCard,
    fallback: filled(picture['alt_text']),
    title: block['type'] === 'image' && title !== undefined ? unescapeEntities(title) : null,
  }
  return [block['type'] === 'image' ? { ...card, imageUrl: url } : { ...card, thumbUrl: url }]
}

/** A table block: its first row is the head, as Slack shows it. */
function table(rows: readonly unknown[]): Text {
  const cells = rows.map((entry) =>
    wires(entry).map((cell) => onOneLine(cell['type'] === 'rich_text' ? richText(cell) : plain(text(cell['text']) ?? ''))),
  )
  const columns = Math.max(0, ...cells.map((line) => line.length))
  if (columns === 0) return []
  const out = new TextBuilder()
  cells.forEach((line, at) => {
    if (at > 0) out.add('\n')
    out.add('|')
    for (let column = 0; column < columns; column += 1) {
      out.add(' ')
      for (const part of line[column] ?? []) out.add(part)
      out.add(' |')
    }
    if (at === 0) out.add(`\n|${' --- |'.repeat(columns)}`)
  })
  return out.done()
}

/** Every readable word inside something unknown, in its order. */
function words(value: unknown, depth: number): readonly string[] {
  if (depth > 8) return []
  if (Array.isArray(value)) return value.flatMap((entry) => words(entry, depth + 1))
  const object = wire(value)
  if (object === undefined) return []
  return Object.entries(object).flatMap(([key, inner]) => {
    if (typeof inner === 'string')
      return ['text', 'title', 'fallback', 'alt_text', 'description'].includes(key) && inner !== '' ? [unescapeEntities(inner)] : []
    return words(inner, depth + 1)
  })
}
