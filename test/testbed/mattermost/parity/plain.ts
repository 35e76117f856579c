import { PASSWORD, type Scenario } from './lines.ts'
import { verdict } from './look.ts'

const NOBODY = 'a'.repeat(26)

/** Requests that any server refuses, or answers on an empty world. */
const PLAIN: readonly (readonly [method: string, path: string, body?: unknown])[] = [
  ['GET', '/system/ping'],
  ['GET', '/config/client?format=old'],
  ['GET', '/config/client'],
  ['GET', '/license/client?format=old'],
  ['GET', '/nothing'],
  ['GET', `/users/${NOBODY}`],
  ['GET', '/users/xx'],
  ['GET', '/users/username/nobody-there'],
  ['GET', '/users/email/no@x.test'],
  ['POST', '/users/ids', []],
  ['POST', '/users/ids', [NOBODY]],
  ['POST', '/users/usernames', ['nobody-there']],
  ['POST', '/users/login', { login_id: 'nobody-there', password: 'x' }],
  ['POST', '/users', { username: 'weak', email: 'weak@example.test', password: 'x' }],
  ['POST', '/users', { email: 'weak@example.test' }],
  ['POST', '/users', { username: 'Bad Name', email: 'weak@example.test', password: PASSWORD }],
  ['GET', `/teams/${NOBODY}`],
  ['GET', '/teams/name/nobody-there'],
  ['POST', '/teams', { name: 'api-x', display_name: 'x', type: 'O' }],
  ['POST', '/teams', { name: 'X Y', display_name: 'x', type: 'O' }],
  ['POST', '/teams', {}],
  ['GET', `/channels/${NOBODY}`],
  ['GET', `/channels/${NOBODY}/posts`],
  ['GET', `/channels/${NOBODY}/members`],
  ['GET', `/channels/${NOBODY}/bookmarks`],
  ['POST', '/channels', { team_id: NOBODY, name: 'x-y', display_name: 'x', type: 'O' }],
  ['GET', `/posts/${NOBODY}`],
  ['DELETE', `/posts/${NOBODY}`],
  ['PUT', `/posts/${NOBODY}/patch`, { message: 'x' }],
  ['POST', '/posts', { channel_id: NOBODY, message: 'x' }],
  ['GET', `/files/${NOBODY}`],
  ['GET', `/files/${NOBODY}/info`],
  ['POST', '/uploads', { type: 'import', filename: 'a.zip', file_size: 9_999_999_999_999 }],
  ['POST', '/uploads', { type: 'import', filename: '', file_size: 5 }],
  ['POST', '/uploads', { type: 'import', filename: 'a.zip', file_size: 0 }],
  ['GET', `/uploads/${NOBODY}`],
  ['POST', `/uploads/${NOBODY}`, new Uint8Array(3)],
  ['POST', '/jobs', { type: 'nothing' }],
  ['POST', '/jobs', { type: 'import_process', data: { import_file: 5 } }],
  ['GET', `/jobs/${NOBODY}`],
  ['GET', '/emoji/name/nobody-there'],
  ['GET', `/emoji/${NOBODY}`],
  ['GET', '/groups'],
  ['POST', '/groups', { name: 'x', display_name: 'x', source: 'custom' }],
  ['GET', `/groups/${NOBODY}`],
  ['GET', `/bots/${NOBODY}`],
  ['POST', '/reactions', { user_id: NOBODY, post_id: NOBODY, emoji_name: 'x' }],
  ['POST', '/reactions', { user_id: 'x', post_id: NOBODY, emoji_name: 'x' }],
]

/** One request each: status and error id. */
export const plainScenarios: readonly Scenario[] = PLAIN.map(([method, path, body]): Scenario => ({
  name: `${method} ${path} ${body === undefined ? '' : JSON.stringify(body)}`,
  play: (call) => verdict(call, method, path, body),
}))
