const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const western = new TextDecoder('windows-1252')

export interface Decoded {
  readonly text: string
  /** False if the bytes were no UTF-8, or held a NUL, which no database takes: what is shown is a reading of them. */
  readonly exact: boolean
}

/**
 * Bytes of unknown origin as text: UTF-8, or the encoding that is claimed if we know it. What is not, is read as windows-1252 line by line,
 * for one line in an old encoding must not spoil its neighbours. NUL becomes U+FFFD.
 */
export function decode(bytes: Uint8Array, encoding?: string): Decoded {
  const claimed = encoding === undefined ? undefined : decoderOf(encoding)
  const whole = (claimed && read(claimed, bytes)) ?? read(utf8, bytes)
  if (whole !== undefined) return withoutNul(whole, true)
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at)
    const line = bytes.subarray(at, end === -1 ? undefined : end + 1)
    text += read(utf8, line) ?? western.decode(line)
    at += line.length
  }
  return withoutNul(text, false)
}

function read(decoder: typeof western, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}

function decoderOf(encoding: string): typeof western | undefined {
  try {
    return new TextDecoder(encoding.trim(), { fatal: true, ignoreBOM: true })
  } catch {
    return undefined
  }
}

const withoutNul = (text: string, exact: boolean): Decoded =>
  text.includes('\0') ? { text: text.replaceAll('\0', '\ufffd'), exact: false } : { text, exact }
