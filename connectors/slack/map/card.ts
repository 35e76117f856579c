import type { Card, Text } from '../../../src/model/message.ts'
import { isoFromSecondsText } from '../../../src/model/time.ts'
import { type Wire, filled, flag, stamp, text, wire, wires } from '../wire.ts'
import { blocks } from './blocks.ts'
import { TextBuilder } from './markdown.ts'
import { mrkdwn, unescapeEntities } from './text.ts'

const named: { readonly [name: string]: string } = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' }
const colorOf = (value: unknown): string | null => {
  const color = filled(value)
  if (color === null) return null
  return named[color] ?? (/^#?[\da-f]{6}$/i.test(color) ? `#${color.replace('#', '').toLowerCase()}` : null)
}
const label = (value: unknown): string | null => {
  const shown = filled(value)
  return shown === null ? null : unescapeEntities(shown)
}
const url = (value: unknown): string | null => label(value)

/** An attachment (the older kind of card, a preview of a link, a shared message) and the pictures of its blocks. Never throws. */
export function cardsOf(attachment: Wire): readonly Card[] {
  const inner = blocks(attachment['blocks'] ?? messageBlocks(attachment))
  const body = inner.text.length > 0 ? inner.text : mrkdwn(text(attachment['text']) ?? '')
  const at = stamp(attachment['ts'])
  const card: Card = {
    fallback: label(attachment['fallback']),
    color: colorOf(attachment['color']),
    pretext: mrkdwn(text(attachment['pretext']) ?? ''),
    author: label(attachment['author_name']) ?? label(attachment['author_subname']),
    authorLink: url(attachment['author_link']),
    title: label(attachment['title']) ?? label(attachment['service_name']),
    titleLink: url(attachment['title_link']) ?? url(attachment['from_url']) ?? url(attachment['original_url']),
    text: body,
    fields: wires(attachment['fields']).map((field) => ({
      title: label(field['title']) ?? '',
      value: mrkdwn(text(field['value']) ?? ''),
      short: flag(field['short']),
    })),
    imageUrl: url(attachment['image_url']),
    thumbUrl: url(attachment['thumb_url']),
    footer: label(attachment['footer']),
    at: at === undefined ? null : (isoFromSecondsText(at) ?? null),
  }
  const buttons = actions(attachment)
  return [buttons === undefined ? card : { ...card, text: below(card.text, buttons) }, ...inner.cards]
}

/** The blocks of a message that was shared. */
const messageBlocks = (attachment: Wire): unknown =>
  wires(attachment['message_blocks']).flatMap((entry) => wires(wire(entry['message'])?.['blocks']))

/** Old-style buttons, as the words on them. */
function actions(attachment: Wire): Text | undefined {
  const shown = wires(attachment['actions']).flatMap((action) => filled(action['text']) ?? [])
  const elements = shown.map((text) => ({ type: 'button', text: { text } }))
  return shown.length === 0 ? undefined : blocks([{ type: 'actions', elements }]).text
}

function below(first: Text, second: Text): Text {
  const out = new TextBuilder()
  out.addAll(first)
  if (first.length > 0) out.add('\n')
  out.addAll(second)
  return out.done()
}
