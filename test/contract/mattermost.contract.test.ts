import { Secret } from '../../src/config/secret.ts'
import { MattermostClient } from '../../targets/mattermost/client.ts'
import { definition } from '../../targets/mattermost/definition.ts'
import { Channel, Post, Team, User } from '../../targets/mattermost/wire.ts'
import { everything } from '../targets/mattermost/everything.ts'
import { ports, settings, signal } from '../targets/mattermost/world.ts'
import { mattermostTestbed } from '../testbed/mattermost/testbed.ts'
import { targetContract } from './target.suite.ts'

targetContract({
  name: 'mattermost',
  start: async () => {
    const bed = await mattermostTestbed()
    const client = new MattermostClient(bed.url, new Secret(() => Promise.resolve(bed.token)), ports)
    const stranger = await client.post(
      User,
      '/users',
      { username: 'stranger', email: 'stranger@example.test', password: 'Str4nger-Pa55word' },
      signal,
    )
    const team = await client.post(Team, '/teams', { name: 'elsewhere', display_name: 'Elsewhere', type: 'O' }, signal)
    const channel = await client.post(Channel, '/channels', { team_id: team.id, name: 'lobby', display_name: 'Lobby', type: 'O' }, signal)
    await client.post(Post, '/posts', { channel_id: channel.id, message: 'was here before' }, signal)
    const told = bed.notifications.length
    const world = everything()
    return {
      definition,
      config: settings(bed.url, bed.token, { adjustLimits: true }),
      ports,
      directory: () => world.directory,
      snapshot: () => ({ items: world.ordered(), blobs: world.blobs }),
      change: () => {
        world.edit('message/C1/1700000001.000400', { text: ['edited'] })
        world.items.delete('message/D2/1700000010.000000' as never)
        world.message('C1', '1700000900.000000', { thread: { root: 'message/C1/1700000002.000000', broadcast: false }, text: ['late'] })
      },
      writes: () => bed.calls.calls.filter(({ method }) => method !== 'GET').length,
      notified: () => bed.notifications.length - told,
      foreign: () => {
        const { users, teams, channels, posts } = bed.state
        const rows: unknown[] = [users.get(stranger.id), teams.get(team.id), channels.get(channel.id)]
        for (const post of posts.values()) if (post.channel_id === channel.id) rows.push(post)
        return JSON.stringify([rows, bed.state.config])
      },
      [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
    }
  },
})
