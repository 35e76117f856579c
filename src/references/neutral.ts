import { code, markup } from './markdown-shape.ts'

/** Writes words so that they read the same and are nothing but text on the target. */
export interface Neutral {
  /** A sign before what follows it: `!5`. */
  sign(mark: number | undefined, sign: string): string
  /** A whole word: `@somebody`. `crowded` if a backtick beside it would mean something else. */
  word(mark: number | undefined, word: string, crowded: boolean): string
}

/**
 * GitLab takes a sign with a backslash for text in every place where it looks for references (`$ % # & @ ! ~ ^`). A code span is safer for
 * names: nothing reads it, neither on GitLab nor on Forgejo, now or after an edit. Inside HTML blocks neither of them exists.
 */
export function neutralFor(text: string, marks: Uint8Array): Neutral {
  let fence: string | undefined
  return {
    sign: (mark, sign) => (mark === markup ? `<span>${sign}</span>` : `\\${sign}`),
    word(mark, word, crowded) {
      if (mark === markup || crowded) return `<code>${word}</code>`
      fence ??= unusedFence(text, marks)
      return fence + word + fence
    },
  }
}

/** A run of backticks of a length that the text has nowhere outside code, so that it can pair with no stray one. */
function unusedFence(text: string, marks: Uint8Array): string {
  const lengths = new Set<number>()
  for (const { 0: run, index } of text.matchAll(/`+/g)) if (marks[index] !== code) lengths.add(run.length).add(run.length - 1)
  let length = 1
  while (lengths.has(length)) length++
  return '`'.repeat(length)
}
