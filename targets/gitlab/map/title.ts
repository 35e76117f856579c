import { cleaned } from './text.ts'
import type { Told } from './told.ts'

/** `Issuable::TITLE_LENGTH_MAX` (read 2026-11-25). */
const MOST = 255
/** How GitLab knows drafts: `Gitlab::Regex.merge_request_draft` (read 2026-11-25). */
const draftWords = /^(?:\[draft\]|\(draft\)|draft:)/i

export interface Title {
  readonly title: string
  /** What must stand before the text: the whole title, if it did not fit. */
  readonly lead: string
}

/** A title as it will stand there: one line, stripped, never empty, at most 255 letters. `draft` null: the thing knows no drafts. */
export function titleOf(text: string, draft: boolean | null, told: Told): Title {
  const line = cleaned(text, Number.MAX_SAFE_INTEGER, told)
    .replaceAll(/[\r\n\u2028\u2029]+/g, ' ')
    .trim()
  const named = line === '' ? '(no title)' : line
  if (line === '') told.substituted('invalid-at-source', 'title', 'it had no title')
  const drafted = draft === true && !draftWords.test(named) ? `Draft: ${named}` : named
  if (draft === false && draftWords.test(named))
    told.degraded('no-such-concept', 'draft', 'GitLab takes it for a draft because of its title')
  const letters = Array.from(drafted)
  if (letters.length <= MOST) return { title: drafted, lead: '' }
  told.degraded('too-large', 'title', `${letters.length} letters, of which GitLab takes ${MOST}; the whole title stands in the text`)
  return {
    title: `${letters
      .slice(0, MOST - 1)
      .join('')
      .trimEnd()}…`,
    lead: `**${named.replaceAll('*', String.raw`\*`)}**\n\n`,
  }
}
