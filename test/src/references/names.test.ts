import { expect, test } from 'vitest'
import { rewriteText } from '../../../src/references/rewrite.ts'
import { onForgejo, world } from './world.ts'

test.each([
  ['a known login', '@octocat', '@ada'],
  ['in other letters', '@OctoCat thanks', '@ada thanks'],
  ['before punctuation', '@octocat, @octocat: @octocat.', '@ada, @ada: @ada.'],
  ['with a possessive', "@octocat's idea", "@ada's idea"],
  ['in brackets and emphasis', '(@octocat) **@octocat** _@octocat_', '(@ada) **@ada** _@ada_'],
  ['a team that has a group', 'cc @acme/core', 'cc @teams/acme/core'],
  ['two with a slash between', '@octocat/@octocat', '@ada/@ada'],
  ['in the text of a link', '[@octocat](https://github.com/octocat)', '[@ada](https://git.example.org/ada)'],
  ['in a table', '| a |\n|-|\n| @octocat |', '| a |\n|-|\n| @ada |'],
  ['in HTML', '<p>\n@octocat\n</p>', '<p>\n@ada\n</p>'],
  ['an unknown login is plain', '@nobody said', '`@nobody` said'],
  ['a bot is plain', '@dependabot rebase', '`@dependabot` rebase'],
  ['everybody is plain', 'cc @all', 'cc `@all`'],
  ['an unknown team is plain', 'cc @acme/x', 'cc `@acme/x`'],
  ['a package is plain', 'npm i @types/node', 'npm i `@types/node`'],
  ['a package with a version', '@types/node@24', '`@types/node@24`'],
  ['a name in another network', '@nobody@social.example', '\\@nobody@social.example'],
  ['a login with more behind it is another name', '@octocat.example', '`@octocat.example`'],
  ['unknown in HTML', '<p>\n@nobody\n</p>', '<p>\n<code>@nobody</code>\n</p>'],
  ['unknown beside a stray backtick', 'a ` b @nobody', 'a ` b ``@nobody``'],
  ['unknown right behind a stray backtick', 'a `@nobody', 'a `<code>@nobody</code>'],
  ['unknown with code elsewhere', '`x` @nobody', '`x` `@nobody`'],
  ['unknown in the text of a link mentions nobody', '[@nobody](https://x.example)', '[@nobody](https://x.example)'],
  ['e-mail addresses', 'a@octocat.example <b@octocat.example> c.d@octocat', 'a@octocat.example <b@octocat.example> c.d@octocat'],
  ['inside words', 'x@octocat 5@octocat', 'x@octocat 5@octocat'],
  ['alone', 'a @ b, @', 'a @ b, @'],
  ['escaped', '\\@octocat', '\\@octocat'],
  ['strange beginnings', '@_x', '`@_x`'],
])('names: %s', (_what, from, to) => {
  expect(rewriteText(from, world()).text).toBe(to)
})

test('a mention is the same on Forgejo', () => {
  expect(rewriteText('@octocat @nobody', world(onForgejo)).text).toBe('@ada `@nobody`')
})

test('unknown logins and teams are said once, packages are not', () => {
  expect(rewriteText('@nobody @nobody @acme/x @types/node unpkg/@scope', world()).unresolved.map(({ reference }) => reference)).toEqual([
    '@nobody',
    '@acme/x',
  ])
})

test.each([
  ['a merge request', 'wow!5 and !5', 'wow\\!5 and \\!5'],
  ['a milestone', '%5 %v1 %"a b" foo%20bar', '\\%5 \\%v1 \\%"a b" foo\\%20bar'],
  ['a percentage', '100% of 5 % x', '100% of 5 % x'],
  ['a label', '~bug ~5 ~"a b"', '\\~bug \\~5 \\~"a b"'],
  ['a home directory and strikethrough', '~/x ~~gone~~ ~gone~', '~/x ~~gone~~ ~gone~'],
  ['a snippet', '$5 and $10', '\\$5 and \\$10'],
  ['an epic', '&5 a&6', '\\&5 a\\&6'],
  ['an alert', '^alert#5', '\\^alert\\#5'],
  ['words in brackets', '[vulnerability:5] [feature_flag:5] [epic:5]', '`[vulnerability:5]` `[feature_flag:5]` `[epic:5]`'],
  ['an iteration', 'in *iteration:5', 'in `*iteration:5`'],
  ['an issue in GitLab’s own words', 'GL-5', '`GL-5`'],
  ['signs in HTML', '<p>\n!5 %5 $5\n</p>', '<p>\n<span>!</span>5 <span>%</span>5 <span>$</span>5\n</p>'],
  ['emoji', ':tada: :+1:', ':tada: :+1:'],
  ['signs in the text of a link', '[!5 ~bug](https://x.example)', '[!5 ~bug](https://x.example)'],
])('GitLab’s own signs stay plain: %s', (_what, from, to) => {
  expect(rewriteText(from, world())).toEqual({ text: to, unresolved: [], attachments: [] })
})

test.each([
  ['at the start of a line', '/close', '\\/close'],
  ['with words behind', 'Thanks\n/assign @octocat\n/label ~bug', 'Thanks\n\\/assign @ada\n\\/label \\~bug'],
  ['in capitals', '/CLOSE', '\\/CLOSE'],
  ['with a carriage return', '/close\r\n/reopen\r\n', '\\/close\r\n\\/reopen\r\n'],
  ['on a lazy line behind a quote', '> a\n/close', '> a\n\\/close'],
  ['a path is none', '/usr/bin and\n/etc/x', '/usr/bin and\n/etc/x'],
  ['in a quote or a list none is obeyed', '> /close\n\n- /close\n  /close', '> /close\n\n- /close\n  /close'],
  ['in code', '```\n/close\n```\n\n    /close\n\n`a\n/close`', '```\n/close\n```\n\n    /close\n\n`a\n/close`'],
  ['in HTML', '<div>\n/close\n</div>', '<div>\n/close\n</div>'],
])('commands: %s', (_what, from, to) => {
  expect(rewriteText(from, world()).text).toBe(to)
})
