import type { Fields } from '../../contract/target.ts'
import type { Kind } from '../body.ts'

/** The bytes for one `Fill`. */
export interface Filling {
  readonly bytes: Uint8Array
  readonly mediaType: string
}
/** What calendars and address books differ in. Everything here is pure. */
export interface Format {
  readonly kind: Kind
  /** Of a single object. */
  readonly extension: 'ics' | 'vcf'
  readonly mediaType: string
  /** What is compared when an object is read back. @throws Fault `corrupt` */
  fieldsOf(text: string): Fields
  /** @throws Fault `corrupt` if it has none, or several */
  uidOf(text: string): string
  /** Names of components whose UID a server can be asked for. */
  componentOf(text: string): string
  withUid(text: string, uid: string): string
  filled(text: string, fillings: ReadonlyMap<string, Filling>): string
  /** Whether an object comes through unharmed as a part of a whole. */
  fitsWhole(text: string): boolean
  /** Many objects as one text that a server takes as a whole place. */
  whole(texts: readonly string[]): string
}
