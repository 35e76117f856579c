import type { Block, Inline, RichText } from './wire.ts'

/** One rich_text block with one section, the shape of nearly every message typed into Slack. */
export function rich(...elements: Inline[]): Block[] {
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }]
}
export function richText(...elements: RichText['elements']): Block[] {
  return [{ type: 'rich_text', elements }]
}
export const text = (
  words: string,
  style?: { bold?: boolean; italic?: boolean; strike?: boolean; code?: boolean },
): Extract<Inline, { type: 'text' }> => (style === undefined ? { type: 'text', text: words } : { type: 'text', text: words, style })
export const section = (...elements: Inline[]): RichText['elements'][number] => ({ type: 'rich_text_section', elements })
export const list = (style: 'bullet' | 'ordered', indent: number, ...items: Inline[][]): RichText['elements'][number] => ({
  type: 'rich_text_list',
  style,
  indent,
  elements: items.map((elements) => ({ type: 'rich_text_section', elements })),
})
/** Slack sends blocks that no published type lists: old clients' inventions, new products, other vendors' mistakes. */
export const unlisted = (block: { type: string } & Record<string, unknown>): Block => block
/** The tone travels in a field that the published block types do not list. */
export const emoji = (name: string, skinTone?: number): Inline =>
  Object.assign({ type: 'emoji' as const, name }, skinTone === undefined ? {} : { skin_tone: skinTone })
