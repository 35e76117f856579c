/** What a server version can do, as far as mapping and composing depend on it. */
export interface Features {
  readonly version: string
  /** Import lines carry reactions and props of replies. Older servers read and ignore them; a second line per reply brings them. */
  readonly replyExtras: boolean
  /** Import lines carry `is_pinned`. */
  readonly pinLines: boolean
  /** Import lines carry `edit_at`. */
  readonly editLines: boolean
  /** Channel lines carry `deleted_at`. */
  readonly archiveLines: boolean
  /** Thread followers in lines. */
  readonly followerLines: boolean
  /** `direct_channel` wants `participants` (mattermost#36069). */
  readonly participants: boolean
  /** Runes of `JSON.stringify(props)`. */
  readonly maxProps: number
  /** Runes of a message. */
  readonly maxMessage: number
  /** Bytes of a file. */
  readonly maxFileBytes: number
  /** The server shows `props.override_username`. */
  readonly overrideNames: boolean
  /** Groups that people can be put into and that can be mentioned: from 6.3 on, with a licence. */
  readonly customGroups: boolean
  /** Bookmarks of channels: from 10.1 on (9.5 behind a flag), with a licence. */
  readonly bookmarks: boolean
}

/** The oldest server that is supported, and the one that is assumed when nobody asked. */
export const OLDEST = '5.36.0'

/** Positive if `a` is newer than `b`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0))
  for (let i = 0; i < 3; i++) {
    const difference = (left?.[i] ?? 0) - (right?.[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * Thresholds are cautious: a server that could do more in an earlier version is treated the old way, which ends in the same state.
 * Read 2026-11-23 in the sources of 5.36.1 (`app/import_types.go`) and in the import documentation of 11.x.
 */
export function featuresOf(
  version: string,
  limits: Partial<Pick<Features, 'maxMessage' | 'maxFileBytes' | 'overrideNames' | 'customGroups'>> & { readonly licensed?: boolean } = {},
): Features {
  const atLeast = (wanted: string) => compareVersions(version, wanted) >= 0
  return {
    version,
    replyExtras: atLeast('10.0.0'),
    pinLines: atLeast('9.5.0'),
    editLines: atLeast('9.5.0'),
    archiveLines: atLeast('9.5.0'),
    followerLines: atLeast('10.0.0'),
    participants: atLeast('11.5.0'),
    maxProps: atLeast('9.5.0') ? 800_000 : 8_000,
    maxMessage: limits.maxMessage ?? 16_383,
    maxFileBytes: limits.maxFileBytes ?? 52_428_800,
    overrideNames: limits.overrideNames ?? false,
    customGroups: (limits.customGroups ?? false) && atLeast('6.3.0'),
    bookmarks: (limits.licensed ?? false) && atLeast('10.1.0'),
  }
}
