import { rich, text, unlisted } from '../rich.ts'
import type { Stage } from '../stories.ts'
import { microseconds, timestamp } from '../ts.ts'

/** Programs that speak: by blocks alone, by old attachments alone, several in one millisecond, under borrowed names. */
export function tellBots({ world, people: { ada, app }, rooms: { general, townSquare, random } }: Stage): void {
  const { profile } = world.user(app).wire
  const bot = {
    subtype: 'bot_message',
    bot_id: profile?.bot_id ?? '',
    app_id: profile?.api_app_id ?? '',
    bot_profile: {
      id: profile?.bot_id ?? '',
      name: 'Build Bot',
      app_id: profile?.api_app_id ?? '',
      team_id: world.team.id,
      deleted: false,
      updated: world.nowSeconds,
      icons: {
        image_36: 'https://example.org/b36.png',
        image_48: 'https://example.org/b48.png',
        image_72: 'https://example.org/b72.png',
      },
    },
  }
  world.postMessage(general.id, {
    ...bot,
    username: 'Deploy <prod>',
    icons: { emoji: ':rocket:' },
    text: '',
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: 'Deployed 2.4.1', emoji: true } },
      {
        type: 'section',
        text: { type: 'mrkdwn', text: `*All green* by <@${ada}> &amp; friends` },
        fields: [
          { type: 'mrkdwn', text: '*Duration*\n4 min' },
          { type: 'plain_text', text: 'no *marks* <here>' },
        ],
      },
      { type: 'divider' },
      {
        type: 'context',
        elements: [
          { type: 'mrkdwn', text: 'commit `abc123`' },
          { type: 'image', image_url: 'https://example.org/i.png', alt_text: 'logo' },
        ],
      },
      {
        type: 'actions',
        elements: [
          { type: 'button', text: { type: 'plain_text', text: 'Roll back' }, action_id: 'rollback', url: 'https://example.org/rollback' },
        ],
      },
      { type: 'image', image_url: 'https://example.org/graph.png', alt_text: 'a graph', title: { type: 'plain_text', text: 'Load' } },
      unlisted({
        type: 'table',
        rows: [
          [
            { type: 'raw_text', text: 'Service' },
            { type: 'raw_text', text: 'State' },
          ],
          [
            { type: 'raw_text', text: 'api' },
            { type: 'raw_text', text: 'up' },
          ],
        ],
      }),
      unlisted({ type: 'hologram', payload: { depth: 3 } }),
    ],
  })
  const alert = world.postMessage(general.id, {
    ...bot,
    text: '',
    attachments: [
      {
        id: 1,
        fallback: 'Alert: disk full',
        color: 'd00000',
        pretext: 'From *monitoring*',
        author_name: 'Monitor',
        author_link: 'https://example.org/m',
        title: 'Disk full on db1',
        title_link: 'https://example.org/alerts/1?a=1&b=2',
        text: `<@${ada}> please look: 98% &gt; 90%`,
        fields: [
          { title: 'Host', value: 'db1', short: true },
          { title: 'Detail', value: 'a very long explanation', short: false },
        ],
        image_url: 'https://example.org/disk.png',
        thumb_url: 'https://example.org/thumb.png',
        footer: 'monitoring | v2',
        ts: '1772442000',
        mrkdwn_in: ['text', 'pretext'],
      },
      { id: 2, blocks: [], fallback: '[no preview available]', color: '#36a64f' },
    ],
  })
  world.postMessage(general.id, {
    ...bot,
    thread_ts: alert.ts,
    text: 'reply of a bot',
    attachments: [{ id: 1, text: 'still 98%', fallback: 'still 98%' }],
  })

  world.advance(60)
  const moment = microseconds(timestamp(world.nowSeconds * 1e6 + 500_000))
  for (let i = 0; i < 4; i++) world.postMessage(townSquare.id, { ...bot, ts: timestamp(moment + i), text: `burst ${i}` })
  for (let i = 0; i < 3; i++) world.postMessage(townSquare.id, { ...bot, ts: timestamp(moment + 1000 + i), text: 'the same words' })
  world.postMessage(townSquare.id, { ...bot, ts: timestamp(moment + 2000), username: 'Somebody Else', text: 'under another name' })
  world.postMessage(townSquare.id, { subtype: 'bot_message', bot_id: 'B9UNKNOWN', text: 'nobody knows this bot' })
  world.postMessage(townSquare.id, {
    type: 'message',
    bot_id: bot.bot_id,
    user: app,
    app_id: bot.app_id,
    text: 'an app speaks as a user',
    blocks: rich(text('an app speaks as a user')),
  })
  world.postMessage(random.id, {
    user: ada,
    text: '<https://example.org/article>',
    attachments: [
      {
        id: 1,
        from_url: 'https://example.org/article',
        original_url: 'https://example.org/article',
        service_name: 'Example',
        title: 'An article',
        text: 'unfurled',
        fallback: 'Example: An article',
      },
    ],
  })
}
