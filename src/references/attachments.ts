import { addressesIn, liesAt } from './addresses.ts'
import { shapeOf } from './markdown-shape.ts'
import { tooHostile } from './nesting.ts'
import { parseUrl } from './source-address.ts'

const paths =
  /^\/(?:user-attachments\/(?:assets|files)\/.+|storage\/user\/\d+\/files\/.+|user\/\d+\/files\/.+|[^/]+\/[^/]+\/(?:assets|files)\/\d+\/.+)$/
const imageHosts = /^(?:(?:private-)?user-images|cloud)\.githubusercontent\.com$/

/** Whether an address is that of a file somebody dropped into a text. Families: github.com and Enterprise Servers, old and new. */
export function isAttachment(address: string, hosts: readonly string[]): boolean {
  const url = liesAt(address, hosts) ? parseUrl(address) : undefined
  return url !== undefined && (imageHosts.test(url.host) ? url.pathname.length > 1 : paths.test(url.pathname))
}

const mayHold = /\/(?:assets|files)\/|-images\.githubusercontent|cloud\.githubusercontent/i

/**
 * Addresses of attachments outside code, each once, in the order of the text: in links, pictures, bare, and in HTML's `src` and `href`.
 * Pictures of private repositories stand in the text as `github.com/user-attachments`, never signed; a signed one has long expired.
 */
export function findAttachments(text: string, { hosts }: { readonly hosts: readonly string[] }): string[] {
  if (!mayHold.test(text)) return []
  return [...new Set(addressesOutsideCode(text).filter((address) => isAttachment(address, hosts)))]
}

/** The addresses that still lead to the source, outside code, each once and as they are meant; what cannot be parsed is searched as it stands. */
export function linksTo(hosts: readonly string[], text: string): string[] {
  if (!/:\/\/|www\./i.test(text)) return []
  return [...new Set(addressesOutsideCode(text).filter((address) => liesAt(address, hosts)))]
}

function addressesOutsideCode(text: string): string[] {
  const shape = tooHostile(text) === undefined ? shapeOf(text) : { marks: new Uint8Array(text.length), addresses: [] }
  return addressesIn(text, shape).map(({ address }) => address)
}
