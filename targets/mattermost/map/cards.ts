import type { JsonObject } from '../../../src/contract/json.ts'
import type { Card } from '../../../src/model/message.ts'
import { fillPlain, type Names } from './text.ts'

/** A card as a Mattermost message attachment (`props.attachments`). */
export function attachmentOf(card: Card, names: Names): JsonObject {
  const text = fillPlain(card.text, names)
  const out: Record<string, JsonObject[string]> = { fallback: card.fallback ?? card.title ?? text.slice(0, 200) }
  if (card.color !== null) out['color'] = card.color.startsWith('#') || !/^[0-9a-f]{6}$/i.test(card.color) ? card.color : `#${card.color}`
  const pretext = fillPlain(card.pretext, names)
  if (pretext !== '') out['pretext'] = pretext
  if (card.author !== null) out['author_name'] = card.author
  if (card.authorLink !== null) out['author_link'] = card.authorLink
  if (card.title !== null) out['title'] = card.title
  if (card.titleLink !== null) out['title_link'] = card.titleLink
  if (text !== '') out['text'] = text
  if (card.fields.length > 0)
    out['fields'] = card.fields.map((field) => ({ title: field.title, value: fillPlain(field.value, names), short: field.short }))
  if (card.imageUrl !== null) out['image_url'] = card.imageUrl
  if (card.thumbUrl !== null) out['thumb_url'] = card.thumbUrl
  if (card.footer !== null) out['footer'] = card.footer
  return out
}

/** A card as text, for places where attachments cannot be shown: everything readable of it, as a quotation. */
export function cardText(card: Card, names: Names): string {
  const lines: string[] = []
  const pretext = fillPlain(card.pretext, names)
  if (card.author !== null) lines.push(card.authorLink === null ? card.author : `[${card.author}](${card.authorLink})`)
  if (card.title !== null) lines.push(card.titleLink === null ? `**${card.title}**` : `**[${card.title}](${card.titleLink})**`)
  const text = fillPlain(card.text, names)
  if (text !== '') lines.push(text)
  for (const field of card.fields) lines.push(`**${field.title}**: ${fillPlain(field.value, names)}`)
  for (const url of [card.imageUrl, card.thumbUrl]) if (url !== null) lines.push(url)
  if (card.footer !== null) lines.push(`*${card.footer}*`)
  if (lines.length === 0 && card.fallback !== null) lines.push(card.fallback)
  const quoted = lines
    .join('\n')
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n')
  return [pretext, quoted].filter((part) => part !== '' && part !== '> ').join('\n')
}
