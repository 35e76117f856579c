import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkBackends } from '../../../src/config/backends.ts'
import { effectiveSettings } from '../../../src/config/effective.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { Fault } from '../../../src/fault.ts'

const recipients = [
  'age1xt0h59l4uzja0mlqz0v875f4sfwkg6w3sytghqvue7dt596c6awsfphj5d',
  'age1j5h9jcwe2ktdfmrgja8685ea9glzu7sj3ne7t39sq6xwcum0cvhquywfjp',
]
const vault = `vault:\n  path: vault\n  recipients: [${recipients.join(', ')}]\n  indexIdentity: { file: index.key }\n`

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'fallreep-config-'))
})
afterEach(() => rm(home, { recursive: true }))

async function write(text: string, name = 'fallreep.yaml'): Promise<string> {
  const path = join(home, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  return path
}
const load = (path: string, env: Record<string, string> = {}) => loadConfig({ path, env: { HOME: home, ...env }, cwd: home })
async function faultOf(text: string): Promise<Fault> {
  const path = await write(text)
  const error: unknown = await load(path)
    .then(checkBackends, (cause: unknown) => cause)
    .catch((cause: unknown) => cause)
  if (!(error instanceof Fault)) throw new Error('the configuration was accepted', { cause: error })
  return error
}

describe('where it is looked for', () => {
  test('the named file wins over the environment, that over the home directory', async () => {
    const named = await write(vault, 'named.yaml')
    const fromEnv = await write(vault, 'env.yaml')
    const own = await write(vault, '.config/fallreep/fallreep.yaml')
    const env = { HOME: home, FALLREEP_CONFIG: fromEnv }
    expect((await loadConfig({ path: named, env, cwd: home })).path).toBe(named)
    expect((await loadConfig({ env, cwd: home })).path).toBe(fromEnv)
    expect((await loadConfig({ env: { HOME: home }, cwd: home })).path).toBe(own)
  })

  test('without any, the error says where it looked and what to run', async () => {
    const error = await loadConfig({ env: { HOME: home, XDG_CONFIG_HOME: join(home, 'none') }, cwd: home }).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: 'config', remedy: 'Run: fallreep init' })
    expect(String(error)).toContain('/etc/fallreep/fallreep.yaml')
  })
})

describe('what is wrong is told with its place', () => {
  test('an unknown key names the nearest known one', async () => {
    const fault = await faultOf(`${vault}notfy: {}\n`)
    expect(fault.what).toMatch(/fallreep\.yaml:5:1: "notfy" is not a setting$/)
    expect(fault.remedy).toBe('did you mean "notify"?')
  })

  test('an unknown key of a backend names the nearest known one', async () => {
    const fault = await faultOf(
      `${vault}targets:\n  chat:\n    target: mattermost\n    url: https://chat.example.org\n    token: { env: T }\n    taem: acme\n    team: acme\n`,
    )
    expect(fault.what).toMatch(/fallreep\.yaml:10:5: "taem" is not a setting$/)
    expect(fault.remedy).toBe('did you mean "team"?')
  })

  test('a literal secret is refused with that sentence, and is not repeated', async () => {
    const fault = await faultOf(vault.replace('{ file: index.key }', 'AGE-SECRET-KEY-1CANARY'))
    expect(fault.what).toMatch(/:4:18: "vault.indexIdentity": a secret is given by reference/)
    expect(JSON.stringify([fault.what, fault.why, fault.remedy])).not.toContain('CANARY')
  })

  test('a literal token of a source is refused too', async () => {
    const fault = await faultOf(`${vault}sources:\n  a: { connector: slack, via: api, token: xoxb-CANARY }\n`)
    expect(fault.what).toContain('a secret is given by reference')
    expect(fault.what).not.toContain('CANARY')
  })

  test('fewer than two recipients', async () => {
    expect((await faultOf(vault.replace(`, ${recipients[1]}`, ''))).what).toMatch(/:3:15: "vault.recipients": at least two recipients/)
  })

  test('an unknown connector is told with those there are', async () => {
    const fault = await faultOf(`${vault}sources:\n  a: { connector: slak }\n`)
    expect(fault.what).toMatch(/:6:19: "connector" has no such choice: slak$/)
    expect(fault.remedy).toBe('did you mean "slack"?')
  })

  test('a wrong way in is told with those there are', async () => {
    const fault = await faultOf(`${vault}sources:\n  a: { connector: slack, via: zip }\n`)
    expect(fault.what).toContain('"sources.a.via" has no such choice')
    expect(fault.remedy).toContain('api, export')
  })

  test('several mistakes are told at once, each on a line', async () => {
    const fault = await faultOf('vault: { path: 1 }\nlang: fr\n')
    expect(fault.what).toMatch(/has 4 mistakes$/)
    expect(fault.why?.split('\n')).toHaveLength(4)
  })

  test('broken YAML is told with line and column', async () => {
    expect((await faultOf('vault: [1\nlang: de\n')).what).toMatch(/fallreep\.yaml:2:1: this is no valid YAML$/)
  })
})

describe('what counts', () => {
  test('flags win over the environment, that over the file, the file over defaults', async () => {
    const path = await write(`${vault}lang: de\n`)
    const langOf = async (flag: string | undefined, env: Record<string, string>): Promise<string> =>
      (await loadConfig({ path, env: { HOME: home, ...env }, cwd: home, flags: { lang: flag } })).config.lang
    expect(await langOf('en', { FALLREEP_LANG: 'de' })).toBe('en')
    expect(await langOf(undefined, { FALLREEP_LANG: 'en' })).toBe('en')
    expect(await langOf(undefined, {})).toBe('de')
  })

  test('paths count from the file, the state directory from systemd or the home directory', async () => {
    const path = await write(vault, 'deep/fallreep.yaml')
    const { config } = await load(path)
    expect(config.vault.path).toBe(join(home, 'deep/vault'))
    expect(config.identities).toBe(join(home, 'deep/identities.yaml'))
    expect(config.stateDir).toBe(join(home, '.local/state/fallreep'))
    expect((await load(path, { STATE_DIRECTORY: '/var/lib/fallreep:/var/lib/other' })).config.stateDir).toBe('/var/lib/fallreep')
  })

  test('a secret file is found beside the configuration, wherever the command is started', async () => {
    await writeFile(join(home, 'index.key'), 'AGE-SECRET-KEY-1X\n', { mode: 0o600 })
    const { config } = await loadConfig({ path: await write(vault), env: { HOME: home }, cwd: '/' })
    expect(await config.vault.indexIdentity.expose(new AbortController().signal)).toBe('AGE-SECRET-KEY-1X')
  })

  test('every setting says where it comes from, and secrets stay references', async () => {
    const path = await write(`${vault}sources:\n  a: { connector: slack, via: api, token: { env: SLACK_TOKEN } }\n`)
    const settings = await effectiveSettings(await load(path, { FALLREEP_LANG: 'de', SLACK_TOKEN: 'xoxb-canary-1234567890' }))
    const of = (wanted: string) => settings.find((setting) => setting.path === wanted)
    expect(of('lang')).toMatchObject({ value: 'de', from: 'FALLREEP_LANG' })
    expect(of('identities')?.from).toBe('default')
    expect(of('sources.a.token')).toMatchObject({ value: { env: 'SLACK_TOKEN' }, from: `${path}:6:43` })
    expect(of('sources.a.apiUrl')).toMatchObject({ from: 'default' })
    expect(JSON.stringify(settings)).not.toContain('canary')
  })
})
