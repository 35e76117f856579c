import { z } from 'zod'
import type { Check } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import type { MattermostClient } from './client.ts'
import type { Settings } from './settings.ts'
import { Job, Licence, ServerConfig } from './wire.ts'

const Environment = z.record(z.string(), z.record(z.string(), z.unknown()))
/** What an import may have to change for a while, by section. */
const CHANGED: Readonly<Record<string, readonly string[]>> = {
  TeamSettings: ['MaxUsersPerTeam', 'MaxChannelsPerTeam'],
  FileSettings: ['MaxFileSize'],
  EmailSettings: ['SendEmailNotifications'],
}

/** What of the server's own settings stands in the way of an import, or will be said of it afterwards. Reads only. */
export async function* serverChecks(client: MattermostClient, settings: Settings, signal: AbortSignal): AsyncGenerator<Check> {
  const server = await client.get(ServerConfig, '/config', {}, signal)
  yield* files(server, settings)
  yield {
    name: 'limits',
    status: 'pass',
    detail: `${server.TeamSettings.MaxUsersPerTeam} users and ${server.TeamSettings.MaxChannelsPerTeam} channels in a team`,
  }
  yield* environment(client, settings, signal)
  yield mail(server, settings)
  yield await imports(client, signal)
  yield {
    name: 'open files',
    status: 'skip',
    detail: 'the API does not tell how many files the server may hold open; old versions hold every file of an import open until its end',
    remedy: 'Set LimitNOFILE of the server above the number of files of the source before the import',
  }
  yield rehearsals(server)
  const licence = await client.get(Licence, '/license/client', { format: 'old' }, signal)
  yield {
    name: 'licence',
    status: 'pass',
    detail:
      licence.IsLicensed === 'true'
        ? 'licensed: user groups and bookmarks come along'
        : 'none: user groups become names in bold, bookmarks a pinned post',
  }
}

function* files({ FileSettings }: ServerConfig, { adjustLimits }: Settings): Generator<Check> {
  const { EnableFileAttachments, MaxFileSize } = FileSettings
  if (!EnableFileAttachments)
    yield {
      name: 'files',
      status: 'fail',
      detail: 'file attachments are switched off, and an import zip is one',
      remedy: 'Set FileSettings.EnableFileAttachments to true',
    }
  else
    yield {
      name: 'files',
      status: 'pass',
      detail: `up to ${MaxFileSize} bytes each, and the import zip as a whole counts as one file`,
      ...(adjustLimits ? {} : { remedy: 'For a larger zip raise FileSettings.MaxFileSize, or set `adjustLimits: true`' }),
    }
}

async function* environment(client: MattermostClient, { adjustLimits }: Settings, signal: AbortSignal): AsyncGenerator<Check> {
  if (!adjustLimits) return
  const fixed = await client.get(Environment, '/config/environment', {}, signal)
  const names = Object.entries(CHANGED).flatMap(([section, settings]) =>
    settings.filter((name) => fixed[section]?.[name] === true).map((name) => `${section}.${name}`),
  )
  if (names.length > 0)
    yield {
      name: 'environment',
      status: 'warn',
      detail: `fixed where the server is started, so that \`adjustLimits\` cannot change them: ${names.join(', ')}`,
      remedy: `Set them there high enough for the import: ${names.map((name) => `MM_${name.replace('.', '_').toUpperCase()}`).join(', ')}`,
    }
}

function mail({ EmailSettings }: ServerConfig, { adjustLimits, notifyMembers = 'never' }: Settings): Check {
  const name = 'mail'
  if (!EmailSettings.SendEmailNotifications) return { name, status: 'pass', detail: 'the server mails nobody about messages' }
  if (notifyMembers === 'leave-out')
    return { name, status: 'pass', detail: 'nobody who has an account is added to channels, so nobody is mailed' }
  if (notifyMembers === 'allow')
    return {
      name,
      status: 'warn',
      detail: 'people who have an account will be mailed about every channel they are added to, as the configuration allows',
    }
  if (adjustLimits)
    return {
      name,
      status: 'pass',
      detail: 'mails about messages are switched off for the seconds in which people with an account are added',
    }
  return {
    name,
    status: 'warn',
    detail: 'the server would mail people with an account who are added to channels; an import that must add some is refused',
    remedy: 'Set `adjustLimits: true`, or `notifyMembers: allow` or `leave-out`',
  }
}

async function imports(client: MattermostClient, signal: AbortSignal): Promise<Check> {
  const name = 'imports'
  try {
    const waiting = await client.get(z.array(z.string()).nullable(), '/imports', {}, signal)
    const jobs = await client.get(z.array(Job), '/jobs/type/import_process', { page: 0, per_page: 20 }, signal)
    const busy = jobs.filter(({ status }) => status === 'pending' || status === 'in_progress')
    if (busy.length > 0)
      return {
        name,
        status: 'warn',
        detail: `${busy.length} imports are under way on the server: ${busy.map(({ id }) => id).join(', ')}`,
        remedy: 'Wait for them; a job whose server was restarted never ends and must be canceled: POST /api/v4/jobs/ID/cancel',
      }
    const left = waiting?.length ?? 0
    return {
      name,
      status: 'pass',
      detail:
        left === 0
          ? 'allowed'
          : `allowed; ${left} import files of earlier attempts lie in ImportSettings.Directory and may be deleted there`,
    }
  } catch (error) {
    if (!(error instanceof Fault) || error.code === 'unavailable') throw error
    return {
      name,
      status: 'fail',
      detail: error.message,
      remedy: 'The token needs the right to manage jobs: use one of a system administrator',
    }
  }
}

function rehearsals({ ServiceSettings }: ServerConfig): Check {
  const off = (['EnableAPITeamDeletion', 'EnableAPIUserDeletion'] as const).filter((name) => !ServiceSettings[name])
  return off.length === 0
    ? { name: 'rehearsals', status: 'pass', detail: 'leave nothing behind' }
    : {
        name: 'rehearsals',
        status: 'warn',
        detail: 'leave an archived team and deactivated people behind',
        remedy: `Set ServiceSettings.${off.join(' and ServiceSettings.')} to true while you rehearse`,
      }
}
