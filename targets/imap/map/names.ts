import { hash } from 'node:crypto'
import { toModifiedUtf7 } from '../wire/names.ts'

/** How names are built on a server, for one mailbox. */
export interface Naming {
  readonly prefix: string
  /** Null: the server knows no folders within folders. */
  readonly delimiter: string | null
  /** Further letters that this server takes in no name. */
  readonly forbidden: string
}
/** A file system takes 255 bytes for one name, Maildir++ makes one name of the whole path, and puts something in front of it. */
const LONGEST = 240
const never = /[\u0000-\u001f\u007f-\u009f/*%\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** One name of a path as the server takes it: no delimiter, no control letters, no wildcards. */
export function safeName(name: string, { delimiter, forbidden }: Naming): string {
  let clean = name
    .normalize('NFC')
    .replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replaceAll(never, '_')
    .replaceAll(delimiter ?? '/', '_')
    .trim()
  for (const letter of forbidden) clean = clean.replaceAll(letter, '_')
  if (clean === '') return 'unnamed'
  return /^[~#]/.test(clean) ? `_${clean}` : clean
}

export const inside = (parent: string, name: string, { prefix, delimiter }: Naming): string =>
  parent === '' ? `${prefix}${name}` : `${parent}${delimiter ?? '-'}${name}`

/** The whole name, cut if it is too long: the end then tells two long names apart. A parent that leaves no room is left out. */
export function fitting(parent: string, name: string, naming: Naming): string {
  const whole = inside(parent, name, naming)
  if (bytesOf(whole) <= LONGEST) return whole
  const mark = `~${hash('sha256', whole).slice(0, 6)}`
  const home = bytesOf(inside(parent, '', naming)) > LONGEST - 20 ? '' : parent
  let kept = name
  while (kept !== '' && bytesOf(inside(home, kept + mark, naming)) > LONGEST) kept = kept.replace(/[\ud800-\udbff]?.$/s, '')
  return inside(home, kept + mark, naming)
}
const bytesOf = (name: string): number => Buffer.byteLength(toModifiedUtf7(name))

/** Gives each name once, whatever the case of its letters: the second becomes `Name (2)`. */
export class Names {
  readonly #taken = new Set<string>(['inbox'])
  /** A name that is fixed, such as the server's own Sent folder. False: it was given before. */
  claim(name: string): boolean {
    const key = name.toLowerCase()
    if (key !== 'inbox' && this.#taken.has(key)) return false
    this.#taken.add(key)
    return true
  }
  take(parent: string, name: string, naming: Naming): string {
    for (let n = 1; ; n++) {
      const whole = fitting(parent, n === 1 ? name : `${name} (${n})`, naming)
      if (this.#taken.has(whole.toLowerCase())) continue
      this.#taken.add(whole.toLowerCase())
      return whole
    }
  }
}
