import * as fc from 'fast-check'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfm } from 'micromark-extension-gfm'
import { expect, test } from 'vitest'
import { linksTo } from '../../../src/references/attachments.ts'
import { rewriteText } from '../../../src/references/rewrite.ts'
import { onForgejo, world } from './world.ts'

const words = [
  '#1 #2 #99 acme/app#2 acme/tools#12 rails/rails#5 GH-2 @octocat @nobody @acme/x a@b.example @a@b.example @types/node@24',
  '!5 %5 ~5 $5 &5 ~bug [vulnerability:5] GL-5 /close &amp; &#35; word 修 🎉 5 . , - :',
  'https://github.com/acme/app/pull/2 https://github.com/rails/rails https://github.com/user-attachments/assets/0f www.github.com/acme/app https://x.example/',
].flatMap((line) => line.split(' '))
const syntax = [
  '` `` ``` ~~~ * ** _ ~ ~~ \\ > - | $ $$ # --- 1. [ ] ( ) [a]( ![ [^1] [^1]: [a]:',
  '< > </ <b> </b> <pre> </pre> <code> </code> <div> </div> <!-- --> <a href= "> " \'',
]
  .flatMap((line) => line.split(' '))
  .concat('    ', '\t', ' ', '\n', '\n', '\n\n', '\r\n', '> ', '- ', '1. ', '# ', '| - |', '[a]: ', '<a href="', '[ ] ')
const pieces = (...piece: fc.Arbitrary<string>[]) => fc.array(fc.oneof(...piece), { maxLength: 24 }).map((parts) => parts.join(''))
/** Anything beside anything. */
const soup = pieces(fc.constantFrom(...words), fc.constantFrom(...syntax))
/** References as people write them, with a space or a line's end on either side, in Markdown as nobody writes it. */
const spaced = fc
  .tuple(fc.constantFrom(' ', '\n', ' ('), fc.constantFrom(...words), fc.constantFrom(' ', '\n', ') '))
  .map((parts) => parts.join(''))
const text = pieces(spaced, fc.constantFrom(...syntax))
const nowhere = world({
  project: () => undefined,
  kindOf: () => undefined,
  username: () => undefined,
  attachment: () => undefined,
  repository: { owner: 'o', name: 'r' },
})
const extensions = [gfm()]
const tree = (text: string) => fromMarkdown(text, { extensions })

type Root = ReturnType<typeof tree>
type Nodes = Root | Root['children'][number]
function* nodes(node: Nodes): Generator<Nodes> {
  yield node
  if ('children' in node) for (const child of node.children) yield* nodes(child)
}
/** What code there is, by a second reader of the same grammar: never the marks that the rewriter itself works by. */
const codeIn = (text: string): string[] =>
  [...nodes(tree(text))].flatMap((node) =>
    node.type === 'code' || node.type === 'inlineCode'
      ? [node.value]
      : node.type === 'html'
        ? (node.value.match(/<!--[^]*?-->/g) ?? [])
        : [],
  )
/** What a person reads, code spans as their text and HTML without its tags. */
const readIn = (text: string): string =>
  [...nodes(tree(text))]
    .map((node) =>
      node.type === 'text' || node.type === 'inlineCode' || node.type === 'code'
        ? node.value
        : node.type === 'html'
          ? node.value.replaceAll(/<\/?(?:code|span)>/g, '')
          : '',
    )
    .join('')
const isSubsequence = (some: readonly string[], all: readonly string[]): boolean => {
  let at = 0
  for (const each of all) if (each === some[at]) at++
  return at === some.length
}
const RUNS = Number(process.env['FALLREEP_FUZZ_RUNS'] ?? 250)

test.each([
  ['GitLab', world()],
  ['Forgejo', world(onForgejo)],
  ['GitLab, where nothing is known', nowhere],
])('no rewriting inside code, for %s', (_target, context) => {
  fc.assert(
    fc.property(soup, (text) => {
      const after = codeIn(rewriteText(text, context).text)
      expect(isSubsequence(codeIn(text), after)).toBe(true)
    }),
    { numRuns: RUNS },
  )
})

test('where nothing is known a text reads as before, and a second time changes nothing', () => {
  fc.assert(
    fc.property(text, (text) => {
      const once = rewriteText(text, nowhere).text
      expect(readIn(once)).toBe(readIn(text))
      expect(rewriteText(once, nowhere).text).toBe(once)
    }),
    { numRuns: RUNS },
  )
})

test.each([
  ['GitLab', world()],
  ['Forgejo', world(onForgejo)],
])('no link to the source remains that was not said, for %s', (_target, context) => {
  fc.assert(
    fc.property(text, (text) => {
      const { text: after, unresolved } = rewriteText(text, context)
      const said = unresolved.map(({ reference }) => reference)
      expect(linksTo(context.hosts, after).filter((link) => !said.includes(link))).toEqual([])
    }),
    { numRuns: RUNS },
  )
})

test('text around references stays byte for byte', () => {
  const still = [
    '```js\nfoo(#2, "@octocat") // https://github.com/acme/app/pull/2\n```',
    '    #2 in indented code\n',
    '`#2` and ``a ` @nobody``',
    '<!-- #2\n@nobody -->',
    '<pre>\n#2 !5\n\n@nobody\n</pre>',
    '$$\n#2_{!5}\n$$',
    '| a | b |\n|:-|-:|\n| `#2` |  x\\|y |',
    '> [!NOTE]\n>  Useful ~~that~~ 100%',
    '* [ ] a\n   1) b\n\n\tc',
    'Setext\n======',
    'ends in two spaces  \nand\\\ngoes on &copy; &#35;1 <br>',
    '[a](<b c> "t") ![d](e.png)\n\n[x]: y',
    'a[^n]\n\n[^n]: b',
    '\u00A0\u200B🎉 修复\r',
  ]
  const moving: readonly (readonly [string, string])[] = [
    ['see #2 and @octocat', 'see !2 and @ada'],
    ['- acme/tools#12', '- teams/acme/tools!12'],
    ['> @nobody', '> `@nobody`'],
    ['<https://github.com/acme/app/pull/2>', '<https://git.example.org/teams/acme/app/-/merge_requests/2>'],
    ['# !5', '# \\!5'],
  ]
  const block = fc.oneof(
    fc.constantFrom(...still).map((each) => [each, each] as const),
    fc.constantFrom(...moving),
  )
  fc.assert(
    fc.property(fc.array(block, { maxLength: 8 }), (blocks) => {
      // A heading between blocks ends whatever list or quote was open.
      const join = (at: 0 | 1) => blocks.map((each) => each[at]).join('\n\n## Next\n\n')
      expect(rewriteText(join(0), world()).text).toBe(join(1))
    }),
    { numRuns: RUNS },
  )
})
