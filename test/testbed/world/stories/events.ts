import type { Stage } from '../stories.ts'

/** What Slack itself says in a channel, including words nobody has documented. */
export function tellEvents({
  world,
  people: { ada, erika, ken, olena, gone, guest, slackbot },
  rooms: { general, random, archived, koeln, plans, withBot },
}: Stage): void {
  const event = (channel: string, subtype: string, words: string, more: object = {}) =>
    world.postMessage(channel, { user: erika, subtype, text: words, ...more })
  event(general.id, 'channel_join', `<@${guest}> has joined the channel`, { user: guest, inviter: ada })
  event(general.id, 'channel_leave', `<@${gone}> has left the channel`, { user: gone })
  event(general.id, 'channel_topic', `<@${erika}> set the channel topic: Ask &amp; read`, { topic: 'Ask &amp; read' })
  event(general.id, 'channel_purpose', `<@${erika}> set the channel purpose: *everybody*`, { purpose: '*everybody*' })
  event(random.id, 'channel_name', `<@${erika}> has renamed the channel from "smalltalk" to "random"`, {
    old_name: 'smalltalk',
    name: 'random',
  })
  event(archived.id, 'channel_archive', `<@${erika}> archived the channel`, { members: [erika] })
  event(koeln.id, 'channel_unarchive', `<@${erika}> un-archived the channel`)
  event(plans.id, 'group_join', `<@${erika}> has joined the group`)
  event(general.id, 'pinned_item', `<@${erika}> pinned a message to this channel.`, { item_type: 'C' })
  event(general.id, 'me_message', 'shrugs & leaves')
  event(general.id, 'reminder_add', `<@${erika}> set up a reminder “stand-up” in this channel`)
  event(general.id, 'bot_add', `added an integration: <https://${world.team.domain}.slack.com/services/B1|Build Bot>`)
  event(general.id, 'sh_room_created', '', {
    room: { id: 'R1', name: '', created_by: erika, date_start: world.nowSeconds, date_end: world.nowSeconds + 600, participants: [ken] },
    permalink: 'https://example.org/call',
  })
  event(random.id, 'huddle_thread', '', {
    room: {
      id: 'R2',
      created_by: olena,
      date_start: world.nowSeconds,
      date_end: 0,
      participant_history: [olena, ken],
      call_family: 'huddle',
    },
  })
  event(random.id, 'quantum_entanglement', 'something Slack invented yesterday', { spin: 'up' })
  world.postMessage(random.id, { type: 'hidden_new_type', user: ken, text: 'even the type is new' })
  world.postMessage(random.id, { text: 'nobody said this' })
  world.postMessage(withBot.id, { user: slackbot, text: 'Your reminder: :coffee: at 3', subtype: 'slackbot_response' })
}
