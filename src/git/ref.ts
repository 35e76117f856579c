/** A ref by its full name and what it points to. Names that are no UTF-8 are written as `ref-name.ts` says. */
export interface Ref {
  readonly name: string
  readonly oid: string
}
