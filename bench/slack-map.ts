import { parseArgs } from 'node:util'
import type { Mapping } from '../connectors/slack/map/item.ts'
import { message } from '../connectors/slack/map/message.ts'
import type { Wire } from '../connectors/slack/wire.ts'

const words = 'the new release is out please test it on staging before lunch thanks 会議 は 三時 Überraschung printer offer draft'.split(
  ' ',
)

/** Messages as a busy workspace has them: half typed (rich_text), a few old ones with mrkdwn alone, bots, reactions, threads, files. */
export function sampleMessages(count: number): readonly Wire[] {
  return Array.from({ length: count }, (_, at): Wire => {
    const said = Array.from({ length: 6 + (at % 15) }, (_, word) => words[(at * 7 + word * 3) % words.length]).join(' ')
    const ts = `${1_700_000_000 + at}.${String(at % 1_000_000).padStart(6, '0')}`
    const common = { type: 'message', user: `U${1000 + (at % 500)}`, ts, team: 'T1', client_msg_id: `m-${at}` }
    const reactions = at % 4 === 0 ? { reactions: [{ name: '+1::skin-tone-2', users: ['U1000', 'U1001'], count: 2 }] } : {}
    const thread = at % 3 === 0 ? { thread_ts: `${1_700_000_000 + at - (at % 30)}.000000` } : {}
    if (at % 10 === 9)
      return {
        ...common,
        ...reactions,
        subtype: 'bot_message',
        bot_id: 'B1',
        username: 'Build',
        text: '',
        attachments: [
          {
            color: 'good',
            title: 'Build passed',
            text: `*${said}* <https://example.org/?a=1&amp;b=2|log>`,
            fields: [{ title: 'Branch', value: 'main', short: true }],
          },
        ],
      }
    if (at % 2 === 0) return { ...common, ...reactions, ...thread, text: `${said} <@U1003> *really* &amp; \`code\` :tada:` }
    const elements = [
      { type: 'text', text: `${said} ` },
      { type: 'user', user_id: 'U1003' },
      { type: 'text', text: 'really', style: { bold: true } },
      { type: 'emoji', name: 'tada' },
    ]
    return {
      ...common,
      ...reactions,
      ...thread,
      text: said,
      blocks: [{ type: 'rich_text', block_id: 'x', elements: [{ type: 'rich_text_section', elements }] }],
    }
  })
}

/** How many messages one core maps in a second. Prints one line of JSON. */
export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { messages: { type: 'string', default: '300000' }, json: { type: 'boolean', default: false } },
  })
  const count = Number(values.messages)
  const mapping: Mapping = {
    source: 'bench',
    fetchedAt: '2026-11-23T00:00:00.000Z',
    endpoint: 'conversations.history',
    token: () => undefined,
  }
  const sample = sampleMessages(20_000)
  for (const raw of sample) message(raw, 'C1', mapping)
  const started = performance.now()
  let items = 0
  for (let at = 0; at < count; at += 1) if (message(sample[at % sample.length] as Wire, 'C1', mapping).item !== undefined) items += 1
  const seconds = (performance.now() - started) / 1000
  console.log(
    JSON.stringify({
      bench: 'slack-map',
      messages: items,
      seconds: Math.round(seconds * 1000) / 1000,
      perSecond: Math.round(items / seconds),
    }),
  )
}

if (import.meta.main) await run(process.argv.slice(2))
