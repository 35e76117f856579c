import { expect, test } from 'vitest'
import { linksTo } from '../../../src/references/attachments.ts'
import { rewriteText } from '../../../src/references/rewrite.ts'
import { world } from './world.ts'

const longest = 65_536
const fill = (unit: string) => unit.repeat(Math.ceil(longest / unit.length)).slice(0, longest)

// Each of these keeps the parser busy for seconds to minutes at this length.
test.each([
  ['quotes in quotes', '>'],
  ['lists in lists', '- '],
  ['lists in lists on every line', '- - - - - - - - a\n'],
  ['lists of two kinds', '1. - a\n'],
  ['opening brackets', '['],
  ['closing brackets', 'a]'],
  ['brackets in brackets', '[[a]'],
  ['references', '[a][b] '],
  ['emphasis', '**a**'],
  ['a mixture', '*_`[<'],
  ['underlined headings', 'a\n=\n'],
  ['comments that never end', '<!-- '],
])('a text made of %s is left as it stands, and said with its links', (_what, unit) => {
  const text = `#2 https://github.com/acme/app/pull/2\n\n${fill(unit)}`
  const { text: after, unresolved } = rewriteText(text, world())
  expect(after).toBe(text)
  expect(unresolved[0]).toEqual({
    reference: expect.stringContaining('#2 https'),
    why: expect.stringMatching(/^the text was left as it stands: /),
  })
  expect(unresolved.map(({ reference }) => reference)).toEqual(expect.arrayContaining(linksTo(['https://github.com'], text)))
})

test('a long text of every kind is read whole', () => {
  const part = `## What is new\n\n- [x] **Faster** start by @octocat in #2, see [the notes](https://github.com/acme/app/pull/12)\n  - nested \`#2\`\n\n> quoted #1\n\n| a | b |\n|---|---|\n| #2 | \`#2\` |\n\n`
  const moved = rewriteText(part, world()).text
  const times = Math.floor(longest / 4 / part.length)
  expect(rewriteText(part.repeat(times), world()).text).toBe(moved.repeat(times))
  expect(moved.match(/!2/g)).toHaveLength(2)
})

test('a long list of changes without a blank line is read whole', () => {
  const line = '- **Fixed** #2 by @octocat in [#12](https://github.com/acme/app/pull/12)\n'
  const times = Math.floor(longest / line.length)
  expect(rewriteText(line.repeat(times), world()).text).toBe(rewriteText(line, world()).text.repeat(times))
})

test('definitions of one text are unknown in the next', () => {
  const defining = '[nobody]: https://github.com/acme/app/pull/2\n\n[@nobody][nobody] #2'
  rewriteText(defining, world())
  expect(rewriteText('[@nobody][nobody] #2', world()).text).toBe('[`@nobody`][nobody] !2')
})
