import type { Parts } from './parts.ts'

/** Private pictures open by a signed address in what GitHub makes of a text. Other files keep theirs, which fine-grained tokens cannot open. */
export function rendered(parts: Pick<Parts, 'world' | 'tokens' | 'url' | 'storeUrl'>, body: string): string {
  const escaped = body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const hosts = [parts.url(), 'https://github.com'].map((host) => host.replaceAll('.', String.raw`\.`)).join('|')
  return `<p dir="auto">${escaped.replaceAll(new RegExp(`(?:${hosts})(/[^\\s")&]+)`, 'g'), (whole, path: string) => {
    const found = parts.world.attachments.get(path)
    if (found === undefined || !found.contentType.startsWith('image/')) return whole
    const place = `/private-user-images${path}`
    return `${parts.storeUrl()}${place}?jwt=${parts.tokens.sign(place)}`
  })}</p>`
}
