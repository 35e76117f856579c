import type { Place } from './item.ts'

/** What mapping needs to know beside the JSON itself. */
export interface Mapping {
  readonly place: Place
  /** Web addresses that are this GitHub's: attachments lie there. */
  readonly hosts: readonly string[]
  /** The database id of a repository of this source by its `owner/name`, in any case. */
  readonly repository: (name: string) => number | undefined
}

/** The number at the end of an address of the API: `…/issues/12`. */
export const numberIn = (url: string): number | undefined => {
  const digits = /\/(?:issues|pulls)\/(\d+)$/.exec(url)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
