import type { Check } from '../../../src/contract/ports.ts'
import { Fault } from '../../../src/fault.ts'
import type { Selection } from '../config.ts'
import { type Listed, listChannels, missingScopes, scopeUse } from './listing.ts'
import type { Reader } from './reader.ts'

/** What `doctor` shows of a Slack that is read through its API. */
export async function* check(reader: Reader, selection: Selection, signal: AbortSignal): AsyncGenerator<Check> {
  let listed: Listed
  try {
    listed = await listChannels(reader, selection, signal)
  } catch (error) {
    signal.throwIfAborted()
    yield failed('token', error)
    return
  }
  const { identity, blind } = listed
  yield { name: 'token', status: 'pass', detail: `${identity.bot ? 'bot' : 'user'} token of workspace ${identity.team}` }
  yield scopes(listed)
  const types =
    blind.length === 0
      ? 'all four types of channels are visible'
      : `not visible: ${blind.map(({ type, scope }) => `${type} (${scope} is missing)`).join(', ')}`
  yield {
    name: 'channels',
    status: blind.length === 0 ? 'pass' : 'warn',
    detail: `${listed.channels.size} of ${listed.seen} listed channels will be read; ${types}`,
  }
  if (listed.notMember > 0)
    yield {
      name: 'membership',
      status: 'warn',
      detail: `the bot is not a member of ${listed.notMember} public channels and cannot read them`,
      remedy: 'Invite the app to them (/invite), or use a user token',
    }
  yield {
    name: 'coverage',
    status: 'warn',
    detail: identity.bot
      ? 'a bot token never sees private channels, direct messages and groups that it is not a member of'
      : "a user token sees the private channels and direct messages of its own user, and nobody else's",
    remedy: 'For everything of everybody, ask Slack for an export of all conversations and read it with via: export',
  }
  yield await regime(reader, listed, signal)
}

function failed(name: string, error: unknown): Check {
  if (!(error instanceof Fault)) throw error
  return { name, status: 'fail', detail: error.message, ...(error.remedy === undefined ? {} : { remedy: error.remedy }) }
}

function scopes({ identity }: Listed): Check {
  const missing = missingScopes(identity)
  if (identity.scopes === undefined) return { name: 'scopes', status: 'skip', detail: 'Slack did not say which scopes this token has' }
  if (missing.length === 0) return { name: 'scopes', status: 'pass', detail: `${identity.scopes.length} scopes, nothing is missing` }
  return {
    name: 'scopes',
    status: 'warn',
    detail: `missing: ${missing.map((scope) => `${scope} (${scopeUse[scope]})`).join(', ')}`,
    remedy: 'Add them at https://api.slack.com/apps under OAuth & Permissions and reinstall the app',
  }
}

/** Asks two channels for more than fifteen messages each at most: whoever gets exactly fifteen and more to come is held short. */
async function regime(reader: Reader, listed: Listed, signal: AbortSignal): Promise<Check> {
  const name = 'message limit'
  try {
    for (const id of [...listed.channels.keys()].slice(0, 2)) {
      const page = await reader.history(id, '0.000000', '99999999999.000000', undefined, signal)
      if (page.more && page.messages.length === 15) return narrow
      if (page.messages.length > 15) return { name, status: 'pass', detail: 'Slack gives whole pages of messages' }
    }
    return reader.narrow ? narrow : { name, status: 'skip', detail: 'too few messages to tell' }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Fault && error.code === 'throttled' && error.retry.type === 'after' && error.retry.ms >= 30_000) return narrow
    return failed(name, error)
  }
}

const narrow: Check = {
  name: 'message limit',
  status: 'warn',
  detail: 'Slack gives 15 messages a minute: the app counts as distributed and not approved',
  remedy: 'Create your own internal app from the manifest in the README of the connector; such an app gets 50 calls a minute',
}
