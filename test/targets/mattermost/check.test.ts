import { expect, test } from 'vitest'
import type { Check } from '../../../src/contract/ports.ts'
import { definition } from '../../../targets/mattermost/definition.ts'
import type { Settings } from '../../../targets/mattermost/settings.ts'
import { type MattermostTestbed, type MattermostTestbedOptions, mattermostTestbed } from '../../testbed/mattermost/testbed.ts'
import { ports, settings, signal } from './world.ts'

async function looked(
  options: MattermostTestbedOptions,
  more: Partial<Settings> = {},
  before: (bed: MattermostTestbed) => void = () => undefined,
): Promise<ReadonlyMap<string, Check>> {
  await using bed = await mattermostTestbed(options)
  before(bed)
  await using target = await definition.open('mattermost', settings(bed.url, bed.token, more), ports, signal)
  const found = await Array.fromAsync(target.check(signal))
  expect(bed.calls.calls.filter(({ method }) => method !== 'GET')).toEqual([])
  return new Map(found.map((check) => [check.name, check]))
}

test('a fresh server passes, with what should be known beforehand', async () => {
  const found = await looked({}, { adjustLimits: true })
  expect([...found.values()].filter(({ status }) => status === 'fail')).toEqual([])
  expect(Object.fromEntries([...found].map(([name, { status }]) => [name, status]))).toEqual({
    reach: 'pass',
    version: 'pass',
    token: 'pass',
    files: 'pass',
    limits: 'pass',
    mail: 'pass',
    imports: 'pass',
    'open files': 'skip',
    rehearsals: 'warn',
    licence: 'pass',
    team: 'pass',
  })
})

test.each<[string, MattermostTestbedOptions, Partial<Settings>, Check['status'], string]>([
  ['files', { config: { FileSettings: { EnableFileAttachments: false } } }, {}, 'fail', 'EnableFileAttachments'],
  ['files', {}, {}, 'pass', 'MaxFileSize'],
  ['mail', {}, {}, 'warn', 'notifyMembers'],
  [
    'environment',
    { environment: { TeamSettings: { MaxUsersPerTeam: 50 } } },
    { adjustLimits: true },
    'warn',
    'MM_TEAMSETTINGS_MAXUSERSPERTEAM',
  ],
  ['rehearsals', {}, {}, 'warn', 'EnableAPIUserDeletion'],
  ['team', {}, { team: 'post-office' }, 'fail', 'reserved word'],
])('%s with %j and %j: %s', async (name, options, more, status, remedy) => {
  const found = (await looked(options, more)).get(name)
  expect(found).toMatchObject({ status, remedy: expect.stringContaining(remedy) as string })
})

test('people who will be mailed are said', async () => {
  expect((await looked({}, { notifyMembers: 'allow' })).get('mail')).toMatchObject({ status: 'warn' })
  expect((await looked({}, { notifyMembers: 'leave-out' })).get('mail')).toMatchObject({ status: 'pass' })
  expect((await looked({ config: { EmailSettings: { SendEmailNotifications: false } } })).get('mail')).toMatchObject({ status: 'pass' })
})

test('imports that are under way, forbidden or left behind are said', async () => {
  const busy = await looked({}, {}, ({ state }) => {
    const job = { id: 'j'.repeat(26), type: 'import_process', priority: 0, create_at: 1, start_at: 1, last_activity_at: 1, progress: 0 }
    state.jobs.set(job.id, { ...job, status: 'in_progress', data: { import_file: 'x_import.zip' }, polls: 0 })
  })
  expect(busy.get('imports')).toMatchObject({ status: 'warn', detail: expect.stringContaining('j'.repeat(26)) as string })
  const left = await looked({}, {}, ({ state }) => void state.imports.set('id_import.zip', new Uint8Array(1)))
  expect(left.get('imports')).toMatchObject({ status: 'pass', detail: expect.stringContaining('1 import files') as string })
  const forbidden = await looked({}, {}, ({ faults }) => faults.next('GET /imports', { type: 'status', status: 403 }))
  expect(forbidden.get('imports')).toMatchObject({ status: 'fail', remedy: expect.stringContaining('administrator') as string })
})

test('a licence is seen', async () => {
  expect((await looked({ version: '10.11.0', licence: 'professional' })).get('licence')?.detail).toContain('licensed')
})

test('a wrong token is the end of looking', async () => {
  await using bed = await mattermostTestbed()
  await using target = await definition.open('mattermost', settings(bed.url, 'wrong'), ports, signal)
  const found = await Array.fromAsync(target.check(signal))
  expect(found.at(-1)).toMatchObject({ name: 'token', status: 'fail', remedy: expect.stringContaining('access token') as string })
})
