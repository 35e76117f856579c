/** Texts with everything in them that a rewriter of references gets wrong. Line by line: what is a reference, what is not. */
export const everyReference = (owner: string): string =>
  [
    'Plain #2 and GH-2, the other repository: ' +
      `${owner}/billing#1, and a whole address: https://github.com/${owner}/website/pull/2#issuecomment-1.`,
    '',
    `A [link](https://github.com/${owner}/website/issues/1 "with #1 in its title"), ![picture](https://github.com/user-attachments/assets/11111111-1111-4111-8111-111111111111)`,
    'Inline code `#2 @ada-weiss` stays. Double ticks ``a ` b #2`` too. Escaped: \\#2, entity: &#35;2, colour: #ff0000, in a word: abc#2.',
    '',
    '```md',
    '#2 in a fence, with a fence inside:',
    '~~~',
    '@erikam',
    '~~~',
    '```',
    '',
    '    #2 indented: code',
    '',
    '<!-- #2 in a comment --> and <kbd>#2</kbd> in HTML.',
    '',
    '> Quoted: @ada-weiss, @fallreep-demo/developers, mail an ada@example.org, @nobody-of-that-name.',
    '> > twice, with #1',
    '',
    '1. a list',
    '   - [ ] task for #2',
    '   - [x] done: 54488d7',
    '',
    '| a | b |',
    '|---|---|',
    '| #2 | `#2` |',
    '',
    'Fixes #2, closes: https://github.com/' + owner + '/website/issues/1',
  ].join('\n')

/** Lines that GitLab would obey. */
export const quickActions = [
  'Deploy as follows:',
  '',
  '/close',
  '/assign @ada-weiss',
  '/label ~bug',
  '/spend 3h',
  '',
  'and then `/close`.',
].join('\n')

/** As long as GitHub lets a text be: 65,536 characters. */
export const longest = (): string => {
  const line = 'Ein langer Text mit Umlauten äöü und 🌻, von Zeile zu Zeile.\n'
  const whole = line.repeat(1200).slice(0, 65_536)
  return whole.replace(/\p{Surrogate}$/u, '.')
}
