import { expect, test } from 'vitest'
import { rewriteText } from '../../../src/references/rewrite.ts'
import { knownCommit as sha, missingCommit, onForgejo, world } from './world.ts'

const from = 'https://github.com/acme/app'
const to = 'https://git.example.org/teams/acme/app'
const pages: readonly (readonly [path: string, gitlab: string, forgejo: string])[] = [
  ['', '', ''],
  ['.git', '', ''],
  ['/issues/1', '/-/issues/1', '/issues/1'],
  ['/issues/2', '/-/merge_requests/2', '/pulls/2'],
  ['/pull/1', '/-/issues/1', '/issues/1'],
  ['/pull/2', '/-/merge_requests/2', '/pulls/2'],
  ['/pull/2/', '/-/merge_requests/2', '/pulls/2'],
  ['/pull/2/files', '/-/merge_requests/2/diffs', '/pulls/2/files'],
  ['/pull/2/changes', '/-/merge_requests/2/diffs', '/pulls/2/files'],
  ['/pull/2/commits', '/-/merge_requests/2/commits', '/pulls/2/commits'],
  [`/pull/2/commits/${sha}`, `/-/merge_requests/2/diffs?commit_id=${sha}`, `/pulls/2/commits/${sha}`],
  ['/pull/2/checks', '/-/merge_requests/2/pipelines', '/pulls/2'],
  [`/commit/${sha}`, `/-/commit/${sha}`, `/commit/${sha}`],
  [`/commit/${sha}.patch`, `/-/commit/${sha}.patch`, `/commit/${sha}.patch`],
  ['/blob/main/a/b.ts', '/-/blob/main/a/b.ts', '/src/main/a/b.ts'],
  ['/blob/main/a.ts#L10', '/-/blob/main/a.ts#L10', '/src/main/a.ts#L10'],
  ['/blob/main/a.ts#L10-L20', '/-/blob/main/a.ts#L10-20', '/src/main/a.ts#L10-L20'],
  ['/blob/main/a.ts#L10C2-L20C9', '/-/blob/main/a.ts#L10-20', '/src/main/a.ts#L10-L20'],
  ['/blob/main/README.md#usage', '/-/blob/main/README.md#usage', '/src/main/README.md#usage'],
  ['/blob/main/README.md?plain=1#L3', '/-/blob/main/README.md?plain=1#L3', '/src/main/README.md?display=source#L3'],
  ['/tree/v1.0/docs', '/-/tree/v1.0/docs', '/src/v1.0/docs'],
  ['/raw/main/a.png', '/-/raw/main/a.png', '/raw/main/a.png'],
  ['/blame/main/a.ts', '/-/blame/main/a.ts', '/blame/main/a.ts'],
  ['/commits/main', '/-/commits/main', '/commits/main'],
  ['/releases', '/-/releases', '/releases'],
  ['/releases/latest', '/-/releases/permalink/latest', '/releases/latest'],
  ['/releases/tag/v1.0', '/-/releases/v1.0', '/releases/tag/v1.0'],
  ['/releases/download/v1.0/a.tgz', '/-/releases/v1.0/downloads/a.tgz', '/releases/download/v1.0/a.tgz'],
  ['/compare/v1...v2', '/-/compare/v1...v2', '/compare/v1...v2'],
  ['/labels/help%20wanted', '/-/issues?label_name%5B%5D=help%20wanted', '/labels'],
  ['/labels', '/-/labels', '/labels'],
  ['/milestones', '/-/milestones', '/milestones'],
  ['/milestone/3', '/-/milestones/3', '/milestones'],
  ['/wiki', '/-/wikis/home', '/wiki'],
  ['/wiki/How-to#first', '/-/wikis/How-to#first', '/wiki/How-to#first'],
  ['/issues', '/-/issues', '/issues'],
  ['/pulls', '/-/merge_requests', '/pulls'],
]

test.each(pages)('the page %s of a repository has its place', (path, gitlab, forgejo) => {
  expect(rewriteText(`see ${from}${path} there`, world()).text).toBe(`see ${to}${gitlab} there`)
  expect(rewriteText(`see ${from}${path} there`, world(onForgejo)).text).toBe(`see ${to}${forgejo} there`)
})

const old = `${from}/pull/2`
const moved = `${to}/-/merge_requests/2`
test.each([
  ['in a link', `[a](${old})`, `[a](${moved})`],
  ['in a link with a title', `[a](${old} "t")`, `[a](${moved} "t")`],
  ['in a link with pointed brackets', `[a](<${old}>)`, `[a](<${moved}>)`],
  ['in a picture in a link', `[![a](${from}/raw/main/a.png)](${old})`, `[![a](${to}/-/raw/main/a.png)](${moved})`],
  ['in pointed brackets', `<${old}>`, `<${moved}>`],
  ['in a definition', `[a][b]\n\n[b]: ${old} "t"`, `[a][b]\n\n[b]: ${moved} "t"`],
  ['in a table', `| a |\n|-|\n| ${old} |`, `| a |\n|-|\n| ${moved} |`],
  ['in a nested list', `- a\n  - b ${old}`, `- a\n  - b ${moved}`],
  ['in a quote', `> > ${old}`, `> > ${moved}`],
  ['in HTML', `<a href="${old}">x</a>`, `<a href="${moved}">x</a>`],
  ['in HTML with simple quotes and none', `<a href='${old}'>x</a> <a href=${old}>x</a>`, `<a href='${moved}'>x</a> <a href=${moved}>x</a>`],
  ['in an HTML block', `<p>\n${old} <img src="${from}/raw/main/a.png">\n</p>`, `<p>\n${moved} <img src="${to}/-/raw/main/a.png">\n</p>`],
  ['as the text of a link', `[${old}](${old})`, `[${moved}](${moved})`],
  ['with punctuation behind', `(${old}), ${old}. ${old}!`, `(${moved}), ${moved}. ${moved}!`],
  ['in emphasis', `**${old}**`, `**${moved}**`],
  ['with www and without https', 'www.github.com/acme/app/pull/2 http://github.com/acme/app/pull/2', `${moved} ${moved}`],
  ['in other letters', 'https://GitHub.com/Acme/App/pull/2', moved],
  ['of a renamed repository', 'https://github.com/acme/old-app/pull/2', moved],
  [
    'without a host',
    '[a](/acme/app/pull/2) [b](../pull/2) [c](../../blob/main/a.md)',
    `[a](${moved}) [b](${moved}) [c](${to}/-/blob/main/a.md)`,
  ],
  [
    'other relative links stay',
    '[a](/x) [b](../y/z) [c](#part) [d](docs/a.md) [e](//x.example/a/b)',
    '[a](/x) [b](../y/z) [c](#part) [d](docs/a.md) [e](//x.example/a/b)',
  ],
  ['with an ampersand in HTML', `<a href="${from}/issues?a=1&amp;b=2">x</a>`, `<a href="${to}/-/issues">x</a>`],
  ['with brackets in the path', `[a](<${from}/blob/main/a (1).md>)`, `[a](<${to}/-/blob/main/a%20%281%29.md>)`],
  ['with escapes', `[a](${from}/blob/main/a\\_b\\(c\\).md)`, `[a](${to}/-/blob/main/a_b%28c%29.md)`],
  ['of a person', 'https://github.com/octocat', 'https://git.example.org/ada'],
  ['of the organisation', 'https://github.com/acme', 'https://git.example.org/teams/acme'],
  [
    'of raw content',
    'https://raw.githubusercontent.com/acme/app/main/a.sh https://raw.githubusercontent.com/acme/app/refs/heads/main/a.sh',
    `${to}/-/raw/main/a.sh ${to}/-/raw/main/a.sh`,
  ],
  [
    'elsewhere',
    'https://example.com/acme/app/pull/2 https://github.community/acme/app https://notgithub.com/acme/app',
    'https://example.com/acme/app/pull/2 https://github.community/acme/app https://notgithub.com/acme/app',
  ],
])('addresses %s', (_what, before, after) => {
  expect(rewriteText(before, world()).text).toBe(after)
})

test.each([
  ['a comment', `${from}/issues/1#issuecomment-9`, `${to}/-/issues/1`, /anchor #issuecomment-9/],
  ['a line of a review', `${old}#discussion_r9`, moved, /anchor #discussion_r9/],
  ['a file of a diff', `${old}/files#diff-9`, `${moved}/diffs`, /anchor #diff-9/],
  ['a filtered list', `${from}/issues?q=is%3Aopen`, `${to}/-/issues`, /filter \?q=/],
])('what an address loses is said: %s', (_what, before, after, why) => {
  expect(rewriteText(before, world())).toEqual({
    text: after,
    unresolved: [{ reference: before, why: expect.stringMatching(why) }],
    attachments: [],
  })
})

test.each([
  ['a repository that is not carried', 'https://github.com/rails/rails/pull/2', /rails\/rails is not carried/],
  ['a number that is not there', `${from}/issues/99`, /no issue, pull request or discussion 99/],
  ['a discussion', `${from}/discussions/3`, /discussions/],
  ['a page without counterpart', `${from}/actions/runs/5`, /no such page/],
  ['a comparison with a fork', `${from}/compare/main...other:main`, /fork/],
  ['a missing commit', `${from}/commit/${missingCommit}`, /not in the archive/],
  ['an unknown person', 'https://github.com/nobody', /nobody/],
  ['the source itself', 'https://github.com', /no repository/],
])('an address that leads nowhere stays and is said: %s', (_what, address, why) => {
  expect(rewriteText(`see [x](${address})`, world())).toEqual({
    text: `see [x](${address})`,
    unresolved: [{ reference: address, why: expect.stringMatching(why) }],
    attachments: [],
  })
})

test('an Enterprise Server is as good a source, and github.com is then elsewhere', () => {
  const context = world({ hosts: ['https://ghe.example:8443'] })
  expect(rewriteText(`https://ghe.example:8443/acme/app/pull/2 ${old}`, context).text).toBe(`${moved} ${old}`)
})
