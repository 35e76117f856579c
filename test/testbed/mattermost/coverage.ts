/** How far a route of the emulator can be trusted. */
export interface Coverage {
  readonly route: string
  /**
   * - `compared`: plays in scenarios whose outcome on a real 5.36.1 is recorded
   * - `modelled`: written from the vendor's source or pages, tested here, compared with no server (5.36.1 lacks it or its licence)
   */
  readonly status: 'compared' | 'modelled'
  readonly testedBy: 'recorded.test.ts' | 'runs.test.ts' | 'versions.test.ts'
  readonly notes?: string
  readonly source: string
}

const SOURCE = 'https://github.com/mattermost/mattermost-server/tree/v5.36.1/api4'
const PAGES = 'https://docs.mattermost.com/api/reference'

const compared = (file: string, routes: readonly (string | readonly [route: string, notes: string])[]): readonly Coverage[] =>
  routes.map((entry) => {
    const [route, notes] = typeof entry === 'string' ? [entry, undefined] : entry
    return {
      route,
      status: 'compared',
      testedBy: 'recorded.test.ts',
      source: `${SOURCE}/${file}`,
      ...(notes === undefined ? {} : { notes }),
    }
  })
const modelled = (
  testedBy: Coverage['testedBy'],
  source: string,
  routes: readonly (readonly [route: string, notes: string])[],
): readonly Coverage[] => routes.map(([route, notes]) => ({ route, status: 'modelled', testedBy, notes, source }))

export const coverage: readonly Coverage[] = [
  ...compared('system.go', [
    'GET /system/ping',
    'GET /config/client',
    'GET /license/client',
    ['GET /config', 'only the sections a migration reads; an ordinary person gets 403'],
    ['POST /caches/invalidate', 'ends the half hour in which file metadata of a re-imported post is stale'],
  ]),
  ...compared('user.go', [
    'POST /users/login',
    'POST /users',
    'GET /users',
    'POST /users/ids',
    'POST /users/usernames',
    'GET /users/stats',
    'GET /users/username/{username}',
    'GET /users/email/{email}',
    'GET /users/{user_id}',
    'PUT /users/{user_id}/patch',
    'PUT /users/{user_id}/active',
    'DELETE /users/{user_id}',
    'PUT /users/{user_id}/roles',
    'PUT /users/{user_id}/password',
    'PUT /users/{user_id}/auth',
    'POST /users/{user_id}/email/verify/member',
    ['GET /users/{user_id}/image', 'no picture is drawn for people without one: the answer is then empty'],
    'POST /users/{user_id}/image',
    'GET /users/{user_id}/tokens',
    'GET /users/{user_id}/preferences',
    'PUT /users/{user_id}/preferences',
  ]),
  ...compared('team.go', [
    'POST /teams',
    'GET /teams',
    'GET /teams/name/{team_name}',
    'GET /teams/name/{team_name}/exists',
    'GET /teams/{team_id}',
    'PUT /teams/{team_id}/patch',
    ['DELETE /teams/{team_id}', 'for ever only with EnableAPITeamDeletion; that half is tested in runs.test.ts'],
    'POST /teams/{team_id}/restore',
    'GET /teams/{team_id}/stats',
    'GET /teams/{team_id}/members',
    'POST /teams/{team_id}/members',
    'POST /teams/{team_id}/members/batch',
    'POST /teams/{team_id}/members/ids',
    'GET /teams/{team_id}/members/{user_id}',
    'DELETE /teams/{team_id}/members/{user_id}',
    'PUT /teams/{team_id}/members/{user_id}/schemeRoles',
    'GET /users/{user_id}/teams',
  ]),
  ...compared('channel.go', [
    'GET /channels',
    'POST /channels',
    'POST /channels/direct',
    'POST /channels/group',
    'GET /teams/{team_id}/channels',
    'GET /teams/{team_id}/channels/private',
    'GET /teams/{team_id}/channels/deleted',
    'GET /teams/{team_id}/channels/name/{channel_name}',
    'GET /teams/name/{team_name}/channels/name/{channel_name}',
    'GET /channels/{channel_id}',
    ['PUT /channels/{channel_id}/patch', 'the line it leaves in the channel is worded differently'],
    'PUT /channels/{channel_id}/privacy',
    ['DELETE /channels/{channel_id}', 'for ever only with EnableAPIChannelDeletion; that half is tested in runs.test.ts'],
    'POST /channels/{channel_id}/restore',
    ['GET /channels/{channel_id}/stats', 'guests are not counted'],
    'GET /channels/{channel_id}/members',
    'POST /channels/{channel_id}/members',
    'GET /channels/{channel_id}/members/{user_id}',
    'DELETE /channels/{channel_id}/members/{user_id}',
    'PUT /channels/{channel_id}/members/{user_id}/notify_props',
    'POST /channels/members/{user_id}/view',
    'GET /users/{user_id}/teams/{team_id}/channels',
  ]),
  ...compared('post.go', [
    'POST /posts',
    'GET /posts/{post_id}',
    'PUT /posts/{post_id}',
    'PUT /posts/{post_id}/patch',
    ['DELETE /posts/{post_id}', '`permanent` of servers from version 10 on is modelled only'],
    'GET /posts/{post_id}/thread',
    'POST /posts/{post_id}/pin',
    'POST /posts/{post_id}/unpin',
    ['GET /posts/{post_id}/files/info', 'stale after a re-import, as the real one is'],
    'GET /posts/{post_id}/reactions',
    'POST /posts/ids/reactions',
    'POST /reactions',
    'DELETE /users/{user_id}/posts/{post_id}/reactions/{emoji_name}',
    ['GET /channels/{channel_id}/posts', 'collapsed threads are not built'],
    'GET /channels/{channel_id}/pinned',
    'PUT /users/{user_id}/teams/{team_id}/threads/{thread_id}/following',
    'DELETE /users/{user_id}/teams/{team_id}/threads/{thread_id}/following',
  ]),
  ...compared('upload.go, import.go, job.go, file.go, emoji.go, bot.go', [
    ['POST /files', 'no thumbnails or previews'],
    'GET /files/{file_id}',
    'GET /files/{file_id}/info',
    'POST /uploads',
    'GET /uploads/{upload_id}',
    'POST /uploads/{upload_id}',
    'GET /users/{user_id}/uploads',
    'GET /imports',
    ['POST /jobs', 'only import_process does anything; its work starts at once, where a stock server looks every 15 s'],
    'GET /jobs',
    'GET /jobs/type/{job_type}',
    ['GET /jobs/{job_id}', 'status moves with polls, not with time'],
    'GET /emoji',
    ['POST /emoji', 'the names of system emoji are an excerpt'],
    'GET /emoji/name/{emoji_name}',
    'GET /emoji/{emoji_id}',
    ['GET /emoji/{emoji_id}/image', 'always typed image/png'],
    'DELETE /emoji/{emoji_id}',
    'GET /bots',
    'POST /bots',
    'GET /bots/{bot_user_id}',
    'POST /bots/{bot_user_id}/disable',
    'POST /bots/{bot_user_id}/enable',
    ['GET /groups', 'compared without a licence only: 501'],
    ['GET /groups/{group_id}', 'compared without a licence only: 501'],
  ]),
  ...modelled('runs.test.ts', SOURCE, [
    ['PUT /config/patch', 'a comparison would change the settings of a server that others use'],
    ['GET /config/environment', 'which settings no patch changes'],
    ['POST /users/{user_id}/preferences/delete', 'answers were looked at on a real 5.36.1'],
    ['POST /users/{user_id}/tokens', 'compared indirectly: the token of every comparison was made by it'],
    ['POST /users/tokens/revoke', ''],
  ]),
  ...modelled('versions.test.ts', PAGES, [
    ['POST /users/logout', ''],
    ['POST /posts/ids', 'minimum version 6.0 by the reference; here from 7.8 on'],
    [
      'GET /channels/{channel_id}/bookmarks',
      'minimum version 9.5 behind a feature flag, general from 10.1; here from 10.11 on, with any licence',
    ],
    ['POST /channels/{channel_id}/bookmarks', '50 per channel'],
    ['DELETE /channels/{channel_id}/bookmarks/{bookmark_id}', ''],
    ['POST /groups', 'minimum version 6.3; here from 7.8 on, with any licence'],
    ['PUT /groups/{group_id}/patch', ''],
    ['DELETE /groups/{group_id}', ''],
    ['GET /groups/{group_id}/members', ''],
    ['POST /groups/{group_id}/members', ''],
    ['DELETE /groups/{group_id}/members', ''],
  ]),
]
