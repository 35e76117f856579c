import { expect, test } from 'vitest'
import { rewriteText } from '../../../src/references/rewrite.ts'
import { knownCommit, missingCommit, onForgejo, world } from './world.ts'

const sha = knownCommit
const carried: readonly (readonly [what: string, from: string, to: string])[] = [
  ['an issue keeps its number', 'see #1', 'see #1'],
  ['a pull request gets its sign', 'see #2', 'see !2'],
  ['several in one sentence', 'Fixes #1, closes #2 and #12.', 'Fixes #1, closes !2 and !12.'],
  ['at the start of a text', '#2 broke it', '!2 broke it'],
  ['in brackets', '(#2) [#12]', '(!2) [!12]'],
  ['in quotation marks', '"#2" and ‘#12’', '"!2" and ‘!12’'],
  ['before punctuation', '#2: #12; #1? #2!', '!2: !12; #1? !2!'],
  ['with slashes between', '#1/#2', '#1/!2'],
  ['with a hyphen behind', '#2-style', '!2-style'],
  ['in emphasis', '**#2** _#12_ ~~#2~~ *a #2*', '**!2** _!12_ ~~!2~~ *a !2*'],
  ['in a heading', '# About #2\n\nText #12\n===', '# About !2\n\nText !12\n==='],
  ['in a list', '- #2\n  - #12\n    1. #1', '- !2\n  - !12\n    1. #1'],
  ['in a task list', '- [ ] #2\n- [x] acme/tools#12', '- [ ] !2\n- [x] teams/acme/tools!12'],
  ['in a quote', '> #2\n> > #12\nlazy #2', '> !2\n> > !12\nlazy !2'],
  ['in an alert', '> [!WARNING]\n> Not before #2', '> [!WARNING]\n> Not before !2'],
  ['in a table', '| a | b |\n|---|---|\n| #2 | x #12 |', '| a | b |\n|---|---|\n| !2 | x !12 |'],
  ['in a footnote', 'a[^1]\n\n[^1]: since #2', 'a[^1]\n\n[^1]: since !2'],
  ['in an HTML block', '<details>\n<summary>#2</summary>\n\n#12\n</details>', '<details>\n<summary>!2</summary>\n\n!12\n</details>'],
  ['between inline tags', '<sub>#2</sub> x', '<sub>!2</sub> x'],
  ['across lines that end with a carriage return', 'a #2\r\nb #12\r\n', 'a !2\r\nb !12\r\n'],
  ['after a byte order mark', '\uFEFFsee #2', '\uFEFFsee !2'],
  ['next to other scripts and pictures', '修复 #2 🎉 #12', '修复 !2 🎉 !12'],
  ['GH- with a number', 'GH-2 and gh-1', '!2 and #1'],
  ['the own repository, in full', 'acme/app#2', '!2'],
  ['the own repository under its former name', 'acme/old-app#2', '!2'],
  ['the own repository in other letters', 'Acme/APP#2', '!2'],
  ['another repository', 'acme/tools#1 acme/tools#12', 'teams/acme/tools#1 teams/acme/tools!12'],
  ['another repository in brackets and quotes', '(acme/tools#12) "Acme/Tools#1"', '(teams/acme/tools!12) "teams/acme/tools#1"'],
  ['another repository in a table', '| x |\n|-|\n| acme/tools#12 |', '| x |\n|-|\n| teams/acme/tools!12 |'],
  ['a commit of another repository', `acme/tools@${sha}`, `teams/acme/tools@${sha}`],
  ['a shortened commit of another repository', 'acme/tools@a5c3785ed', 'teams/acme/tools@a5c3785ed'],
  ['a commit of the own repository', `acme/app@${sha} and acme@${sha}`, `${sha} and ${sha}`],
  ['a bare commit stays', `fixed in ${sha}`, `fixed in ${sha}`],
  [
    'the text of a link to a pull request',
    '[#12](https://github.com/acme/app/pull/12)',
    '[!12](https://git.example.org/teams/acme/app/-/merge_requests/12)',
  ],
  [
    'the text of a link to another repository',
    '[acme/tools#12](https://github.com/acme/tools/pull/12)',
    '[acme/tools!12](https://git.example.org/teams/acme/tools/-/merge_requests/12)',
  ],
  ['the text of a link to elsewhere stays', '[#12](https://tracker.example/12) [#2](x.md)', '[#12](https://tracker.example/12) [#2](x.md)'],
  ['numbers within words stay plain', 'word#2 C#12', 'word\\#2 C\\#12'],
  ['a longer path is no repository', 'a/b/c#2', 'a/b/c\\#2'],
  ['colours and hashes are no numbers', '#2f2f2f #12ab', '#2f2f2f #12ab'],
  ['an escaped sign was plain and stays so', '\\#2 and \\\\#2', '\\#2 and \\\\!2'],
  ['entities are not touched', '&#35;2 &#50;', '&#35;2 &#50;'],
  ['a heading without a space', '#2\n##12', '!2\n#\\#12'],
]

test.each(carried)('numbers on GitLab: %s', (_what, from, to) => {
  expect(rewriteText(from, world()).text).toBe(to)
})

test.each([
  ['a pull request keeps its sign', '#2 acme/old-app#2', '#2 #2'],
  ['another repository gets its path', 'acme/tools#12', 'teams/acme/tools#12'],
  ['an exclamation mark would lead to a pull request', 'rule !2, wow!2, !2nd', 'rule `!2`, wow!2, !2nd'],
  ['a number that is not there', '#99', '#99'],
  ['signs of GitLab mean nothing', '%1 ~bug $1 &1 [vulnerability:1] GL-1', '%1 ~bug $1 &1 [vulnerability:1] GL-1'],
  ['commands are nothing there', '/close', '/close'],
])('numbers on Forgejo: %s', (_what, from, to) => {
  expect(rewriteText(from, world(onForgejo)).text).toBe(to)
})

test.each([
  ['a number that is not in the archive', '#99', '\\#99', '#99', /no issue, pull request or discussion 99/],
  ['a discussion', '#3', '\\#3', '#3', /discussions have no number/],
  ['GH- with such a number', 'GH-99', 'GH-99', 'GH-99', /99/],
  ['a foreign repository', 'rails/rails#5', 'rails/rails\\#5', 'rails/rails#5', /rails\/rails is not carried over/],
  ['a foreign commit', `rails/rails@${sha}`, `rails/rails@${sha}`, `rails/rails@${sha}`, /not carried over/],
  [
    'a commit that is missing',
    `acme/tools@${missingCommit}`,
    `acme/tools@${missingCommit}`,
    `acme/tools@${missingCommit}`,
    /not in the archive/,
  ],
])('said and left plain: %s', (_what, from, to, reference, why) => {
  expect(rewriteText(from, world())).toEqual({ text: to, unresolved: [{ reference, why: expect.stringMatching(why) }], attachments: [] })
})
