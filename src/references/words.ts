/** What may be a reference, or come alive on the target, by the sign that it starts with; `start` is the offset of the sign. */
export interface Word {
  readonly start: number
  readonly text: string
}

/** Signs of GitLab that were plain text on GitHub, and the few words in brackets. https://docs.gitlab.com/user/markdown/#gitlab-specific-references, read 2026-11-25. */
const words =
  /#\d+|\bG[HL]-\d+|[!$&]\d+|@[\w.]|%["\w]|~(?=[?.-]*["\w&])|\^(?=alert#\d)|\[(?:vulnerability|feature_flag|contact|cadence|epic|issue|work_item|wiki_page):[^\]\n]{1,100}\]|\*iteration:(?:\d+|"[^"\n]{1,100}")/gi

/** Quick to say no: most comments hold nothing that could need a change. */
const interesting =
  /#\d|\bG[HL]-\d|[!$&]\d|@[\w.]|%["\w]|~[?.-]*["\w&]|:\/\/|www\.|\^alert#|\[(?:vulnerability|feature_flag|contact|cadence|epic|issue|work_item|wiki_page):|\*iteration:|^\/[a-z]|\]\(\.{0,2}\/|\]: *\.{0,2}\/|(?:href|src)\s*=/im

export const mayNeedChange = (text: string): boolean => interesting.test(text)

export function* wordsIn(text: string): Generator<Word> {
  for (const found of text.matchAll(words)) yield { start: found.index, text: found[0] }
}

/** `owner/name` at the end of a stretch of text, as it stands before `#1` or `@sha`; the owner may be missing. */
export function repositoryAtEnd(before: string): { readonly length: number; readonly owner?: string; readonly name: string } | undefined {
  const found = /(?:^|[^\w./-])((?:([A-Za-z0-9][\w-]{0,99})\/)?([\w.-]{1,100}))$/.exec(before)
  if (found?.[1] === undefined || found[3] === undefined) return undefined
  const { length } = found[1]
  return found[2] === undefined ? { length, name: found[3] } : { length, owner: found[2], name: found[3] }
}

/** The name behind an `@`: GitHub's logins, those of managed users with their `_`, and `organisation/team`. */
export const nameAtStart = (behind: string): string => /^[A-Za-z0-9][\w-]*(?:\/[\w.-]*\w)?/.exec(behind)?.[0] ?? ''

/** Everything that GitLab could read as names behind an `@`, and addresses like `@somebody@social.example` whole. */
export const longestName = (behind: string): string => /^[\w.-]+(?:[/@][\w.-]+)*/.exec(behind)?.[0].replace(/\.+$/, '') ?? ''
