import type { Segment } from '../../../src/model/message.ts'
import { escapeInline } from './markdown.ts'

const carried = /^(?:https?|mailto|tel|ftp|ftps|sftp|slack|sip|sips|xmpp|irc|callto|facetime|ssh|git|file|news|webcal|magnet|geo|sms):/i
const permalink = /^https:\/\/[a-z\d.-]+\.slack(?:-gov)?\.com\/archives\/([A-Z\d]{2,20})\/p(\d{10})(\d{6})(?:[?#].*)?$/
const endWhiteSpace = /^\s+|\s+$/g

/** A label, or a whole text, in place of an address that cannot be one. Marks no Markdown parser reads as an end. */
const address = (url: string): string =>
  url.replace(/[\s()<>\\"`|*_[\]~]/g, (char) =>
    char === '_' || char === '~' ? char : encodeURIComponent(char).replace(/[()*]/g, (raw) => `%${raw.charCodeAt(0).toString(16)}`),
  )

/**
 * A link with an optional label (plain text, entities resolved already) as Markdown or as a hole.
 * Addresses of messages become holes whatever workspace they name: channel ids are unique in all of Slack, and an export does not say
 * which workspace it is of. A target that has no such message shows the address.
 */
export function link(url: string, label: string | null): Segment {
  const shown = label?.replaceAll(/\s+/g, ' ').replaceAll(endWhiteSpace, '') ?? ''
  const named = shown === '' || shown === url ? null : shown
  const message = permalink.exec(url)
  if (message !== null) return { type: 'permalink', message: `message/${message[1]}/${message[2]}.${message[3]}`, url, label: named }
  if (!carried.test(url)) return named === null ? escapeInline(url) : `${escapeInline(named)} (${escapeInline(url)})`
  if (named !== null) return `[${escapeInline(named)}](${address(url)})`
  if (/^mailto:/i.test(url)) return `[${escapeInline(url.slice(7))}](${address(url)})`
  return `<${address(url)}>`
}
