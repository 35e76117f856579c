/** Characters of one chunk: small enough to be young garbage, large enough to be worth a write. */
const CHUNK = 1 << 16

/** Lines as UTF-8, some at a time. */
export function* chunks(lines: readonly string[]): Generator<Uint8Array> {
  let from = 0
  let length = 0
  for (let at = 0; at < lines.length; at++) {
    length += lines[at]?.length ?? 0
    if (length < CHUNK && at + 1 < lines.length) continue
    yield Buffer.from(`${lines.slice(from, at + 1).join('\n')}\n`)
    from = at + 1
    length = 0
  }
}
