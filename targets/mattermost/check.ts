import type { Check, Ports } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import { serverChecks } from './check-server.ts'
import type { MattermostClient } from './client.ts'
import { OLDEST, compareVersions } from './features.ts'
import type { Settings } from './settings.ts'
import { isTeamName } from './bulk/validate.ts'
import { ClientConfig, Team, User } from './wire.ts'

/** What `doctor` shows: can it be reached, is it new enough, may this token do what is needed, and which limits stand. */
export async function* checks(client: MattermostClient, settings: Settings, _ports: Ports, signal: AbortSignal): AsyncGenerator<Check> {
  let config: ClientConfig
  try {
    config = await client.get(ClientConfig, '/config/client', { format: 'old' }, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Fault)) throw error
    yield failed('reach', error)
    return
  }
  yield { name: 'reach', status: 'pass', detail: `Mattermost ${config.Version} answers` }
  yield compareVersions(config.Version, OLDEST) >= 0
    ? { name: 'version', status: 'pass', detail: config.Version }
    : { name: 'version', status: 'fail', detail: `${config.Version} is older than ${OLDEST}`, remedy: 'Update the server first' }
  try {
    const me = await client.get(User, '/users/me', {}, signal)
    const admin = me.roles.split(' ').includes('system_admin')
    yield admin
      ? { name: 'token', status: 'pass', detail: `${me.username} is a system administrator` }
      : {
          name: 'token',
          status: 'fail',
          detail: `${me.username} is not a system administrator`,
          remedy: 'Use a token of a system administrator',
        }
    if (!admin) return
    yield* serverChecks(client, settings, signal)
    if (!isTeamName(settings.team)) {
      yield {
        name: 'team',
        status: 'fail',
        detail: `"${settings.team}" cannot be the name of a team`,
        remedy: 'Choose another name; it must not begin with a reserved word such as admin, help or post',
      }
      return
    }
    const team = await client.find(Team, `/teams/name/${settings.team}`, {}, signal)
    yield {
      name: 'team',
      status: 'pass',
      detail: team === undefined ? `"${settings.team}" will be made` : `"${settings.team}" is there and will be added to`,
    }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Fault)) throw error
    yield failed('token', error)
  }
}
const failed = (name: string, fault: Fault): Check => ({
  name,
  status: 'fail',
  detail: fault.message,
  ...(fault.remedy === undefined ? {} : { remedy: fault.remedy }),
})
