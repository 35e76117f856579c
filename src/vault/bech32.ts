const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'

/** BIP 173 checksum over the 5-bit groups of a bech32 string. */
function polymod(values: readonly number[]): number {
  const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
  let sum = 1
  for (const value of values) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ value
    for (const [bit, generator] of generators.entries()) if ((top >>> bit) & 1) sum ^= generator
  }
  return sum
}

const expand = (prefix: string): number[] => {
  const codes = Array.from(prefix, (letter) => letter.charCodeAt(0))
  return [...codes.map((code) => code >>> 5), 0, ...codes.map((code) => code & 31)]
}

function regroup(values: Iterable<number>, from: number, to: number, pad: boolean): number[] | undefined {
  const out: number[] = []
  let held = 0
  let bits = 0
  for (const value of values) {
    held = (held << from) | value
    bits += from
    while (bits >= to) {
      bits -= to
      out.push((held >>> bits) & ((1 << to) - 1))
      held &= (1 << bits) - 1
    }
  }
  if (pad) return bits > 0 ? [...out, (held << (to - bits)) & ((1 << to) - 1)] : out
  return bits >= from || held !== 0 ? undefined : out
}

/** Lower-case bech32 without the 90 letter limit, as age uses it. */
export function bech32Encode(prefix: string, bytes: Uint8Array): string {
  const groups = regroup(bytes, 8, 5, true) ?? []
  const sum = polymod([...expand(prefix), ...groups, 0, 0, 0, 0, 0, 0]) ^ 1
  const check = [25, 20, 15, 10, 5, 0].map((shift) => (sum >>> shift) & 31)
  return `${prefix}1${[...groups, ...check].map((group) => ALPHABET[group]).join('')}`
}

/** Undefined when it is no bech32 string (mixed case, bad letter, bad checksum, loose bits). */
export function bech32Decode(text: string): { readonly prefix: string; readonly bytes: Buffer } | undefined {
  const lower = text.toLowerCase()
  if (text !== lower && text !== text.toUpperCase()) return undefined
  const split = lower.lastIndexOf('1')
  if (split < 1 || lower.length - split < 7 || !/^[\x21-\x7e]+$/.test(lower)) return undefined
  const prefix = lower.slice(0, split)
  const groups = Array.from(lower.slice(split + 1), (letter) => ALPHABET.indexOf(letter))
  if (groups.includes(-1) || polymod([...expand(prefix), ...groups]) !== 1) return undefined
  const bytes = regroup(groups.slice(0, -6), 5, 8, false)
  return bytes === undefined ? undefined : { prefix, bytes: Buffer.from(bytes) }
}
