import { hash } from 'node:crypto'
import type { ZodType } from 'zod'
import { Fault } from '../fault.ts'

/** The two-line form of every plaintext file of the vault: JSON, then `sha256:` and the hash of the first line with its end. */
export function twoLines(body: object): Buffer {
  const line = `${JSON.stringify(body)}\n`
  return Buffer.from(`${line}sha256:${hash('sha256', line)}\n`)
}

/** The body and the hash in its second line. @throws Fault `corrupt` when the hash does not fit or the body is not what it should be */
export function parseTwoLines<T>(bytes: Buffer, schema: ZodType<T>, name: string): { readonly body: T; readonly sha256: string } {
  const end = bytes.indexOf(10)
  const line = bytes.subarray(0, end + 1)
  const sha256 = hash('sha256', line)
  const refused = (why: string, cause?: unknown): Fault =>
    new Fault({ code: 'corrupt', what: `The file ${name} is damaged`, why, remedy: 'Restore it from a second copy of the vault', cause })
  if (end < 0 || bytes.toString('latin1', end + 1) !== `sha256:${sha256}\n`) throw refused('its second line does not fit its first')
  try {
    return { body: schema.parse(JSON.parse(line.toString('utf8'))), sha256 }
  } catch (cause) {
    throw refused('it does not hold what it should', cause)
  }
}
