import { emoji, list, rich, richText, section, text } from '../rich.ts'
import type { Stage } from '../stories.ts'
import type { Block } from '../wire.ts'

/** What people type, with every mark-up and every trap in it: rich text with its plain twin, and old messages that have the twin only. */
export function tellTexts({ world, people, rooms: { general, random, plans, koeln, self } }: Stage): void {
  const { ada, erika, ken, gone, external } = people
  const [devs, empty] = [...world.groups.values()]
  const say = (user: string, words: string, blocks?: Block[], channel = general.id) =>
    world.postMessage(channel, { user, team: world.team.id, text: words, ...(blocks === undefined ? {} : { blocks }) })
  const old = (words: string) => say(ada, words)

  say(
    ada,
    'Hello *bold* _italic_ ~gone~ `code`',
    rich(
      text('Hello '),
      text('bold', { bold: true }),
      text(' '),
      text('italic', { italic: true }),
      text(' '),
      text('gone', { strike: true }),
      text(' '),
      text('code', { code: true }),
    ),
  )
  say(
    ken,
    'Nested',
    richText(
      list('bullet', 0, [text('one')], [text('two')]),
      list('bullet', 1, [text('two and a half', { bold: true, italic: true })]),
      list('ordered', 0, [text('first')], [text('second')]),
    ),
  )
  say(
    erika,
    '&gt; quoted\n```let x = "&lt;@U1&gt;" &amp;&amp; y```',
    richText(
      { type: 'rich_text_quote', elements: [text('quoted')] },
      { type: 'rich_text_preformatted', elements: [text('let x = "<@U1>" && y')] },
    ),
  )
  say(
    erika,
    `<@${ken}> <#${random.id}|random> <!subteam^${devs?.id ?? ''}|@devs> <!here> :thumbsup::skin-tone-4: <https://example.org/?a=1&amp;b=2|link> <!date^1772442000^{date_long}|2 March>`,
    richText(
      section(
        { type: 'user', user_id: ken },
        text(' '),
        { type: 'channel', channel_id: random.id },
        text(' '),
        { type: 'usergroup', usergroup_id: devs?.id ?? '' },
        text(' '),
        { type: 'broadcast', range: 'here' },
        text(' '),
        emoji('thumbsup', 4),
        text(' '),
        { type: 'link', url: 'https://example.org/?a=1&b=2', text: 'link' },
        text(' '),
        { type: 'date', timestamp: 1_772_442_000, format: '{date_long}', fallback: '2 March' },
        text(' '),
        { type: 'color', value: '#FF8800' },
      ),
    ),
  )

  old('entities: 1 &lt; 2 &amp;&amp; 3 &gt; 2, and a literal &amp;amp;')
  old(`no mention in code: \`<@${ken}>\` and \`\`\`<#${random.id}|random> <!channel>\`\`\``)
  old(`groups: <!subteam^${devs?.id ?? ''}|@devs> bare <!subteam^${empty?.id ?? ''}> unknown <!subteam^S0NOBODY|@nobody>`)
  old('dates: <!date^1772442000^{date_num} {time}^https://example.org/cal|2026-03-02 09:00> and <!date^1772442000^{ago}|long ago>')
  old('special: <!here> <!channel> <!everyone> <!here|here> <!something-new|new thing>')
  old(`unknown: <@U9GHOST00|ghost> <@U9NOLABEL> <#C9GONE000|gone> <#C9NOLABEL> deleted <@${gone}> stranger <@${external}>`)
  old(`two links on one line: <#${general.id}|general> and <#${random.id}|random> ~struck~ too`)
  old('a private one: <#' + plans.id + '> and <#' + koeln.id + '|büro-köln_東京>')
  old(
    'links: <https://example.org> <https://example.org/?a=1&amp;b=2|one &amp; two> <mailto:ada@example.org|ada@example.org> <tel:+4930555|call> <https://example.org/(x)_[y]|br[ack]ets>',
  )
  old('# no heading\n1. no list\n2) neither\n- nor this\n+ or that\n| no | table |\n_not italic\n    no code\n> no quote\n---\n===\n***')
  old('stars: *a* 2*3*4 *not closed _mixed* up_ snake_case_name **double** `tick` ~~two~~ \\*backslash\\*')
  old('html: <b>no</b> &lt;script&gt;alert(1)&lt;/script&gt; &lt;!-- x --&gt; [md](https://example.org) ![img](x)')
  old('*bold over\ntwo lines* and a   lot   of   space  \nand a trailing space ')
  old('emoji: :tada: :fallreep: :ladder: :lost: :no_such_emoji: :+1::skin-tone-6: 12:30:45 a:b:c')
  old('names in scripts: שלום ‏עולם, नमस्ते, 안녕하세요, Ω≈ç√, 👩‍👩‍👧‍👦, e\u0301, \u202Ereversed\u202C')
  old('a NUL\u0000in the middle, a bell\u0007, a lone \ud83d surrogate and a ￿')
  old('')
  old('   ')
  old(`long: ${'Lorem ipsum dolor sit amet, consetetur sadipscing elitr. '.repeat(320)}end`)
  old(`one word: ${'ä'.repeat(17_000)}`)
  old(`code, long: \`\`\`\n${'let line = "of many";\n'.repeat(800)}\`\`\``)

  const target = say(ken, 'The decision: we go with the blue one.', rich(text('The decision: we go with the blue one.')))
  const link = `https://${world.team.domain}.slack.com/archives/${general.id}/p${target.ts.replace('.', '')}`
  say(ada, `As decided: <${link}>`, rich(text('As decided: '), { type: 'link', url: link }))
  say(ada, `See <${link}|here> and <https://fallreep-demo.slack.com/archives/C9GONE000/p1600000000000100|a lost one>`, undefined, random.id)
  say(ada, `Quoted in private: <${link}?thread_ts=${target.ts}&amp;cid=${general.id}>`, undefined, plans.id)
  world.pin(general.id, target.ts, ada)
  world.react(general.id, target.ts, 'thumbsup', erika)
  world.react(general.id, target.ts, 'thumbsup::skin-tone-2', ken)
  world.react(general.id, target.ts, 'fallreep', gone)
  world.react(general.id, target.ts, 'fallreep', external)
  world.react(general.id, target.ts, 'lost', ada)
  const popular = say(ada, 'Cake in the kitchen!')
  popular.reactions = [{ name: 'cake', users: [ada, erika, ken], count: 57 }]
  const edited = say(erika, 'Meeting at 3')
  world.editMessage(general.id, edited.ts, 'Meeting at 4')
  say(ada, 'Notes to myself', undefined, self.id)
}
