import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { rows, runCli } from './run-cli.ts'

let directory: string
let config: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fallreep-usage-'))
  config = join(directory, 'fallreep.yaml')
  const recipients = [
    'age1xt0h59l4uzja0mlqz0v875f4sfwkg6w3sytghqvue7dt596c6awsfphj5d',
    'age1j5h9jcwe2ktdfmrgja8685ea9glzu7sj3ne7t39sq6xwcum0cvhquywfjp',
  ]
  await writeFile(
    config,
    `organisation: Acme Ltd
vault: { path: vault, recipients: [${recipients.join(', ')}], indexIdentity: { file: index.key } }
sources: { acme-slack: { connector: slack, via: api, token: { env: SLACK_TOKEN } } }
targets: { chat: { target: mattermost, url: 'http://127.0.0.1:1', token: { env: CHAT_TOKEN }, team: acme } }
stateDir: state
`,
  )
})
const withConfig = (...args: readonly string[]) => runCli(['-c', config, ...args], { cwd: directory })

describe('wrong usage exits with 2 and says what is right', () => {
  test.each([
    ['an unknown command', ['bakcup'], /Did you mean backup\?/],
    ['an unknown option', ['backup', '--ful'], /Did you mean --full\?/],
    ['no command at all', [], /Usage: fallreep/],
    ['an impossible choice', ['verify', '--depth', 'deep'], /Allowed choices are structure, keyless, every-byte/],
    ['an operand too few', ['plan'], /missing required argument 'snapshot'/],
    ['a duration without a unit', ['backup', '--max-duration', '20'], /45s, 90m, 2h, 1d/],
    ['no configuration', ['backup'], /Run: fallreep init/],
  ])('%s', async (_, args, text) => {
    const { code, out, err } = await runCli(args)
    expect(err).toMatch(text)
    expect([code, out]).toEqual([2, ''])
  })

  test('an unknown source is told with the nearest one', async () => {
    const { code, err } = await withConfig('backup', 'acme-slak')
    expect(code).toBe(2)
    expect(err).toContain('Did you mean "acme-slack"?')
  })

  test('a journey without a target names those there are', async () => {
    const { code, err } = await withConfig('plan', 'acme-slack')
    expect(code).toBe(2)
    expect(err).toContain('Choose from: chat')
  })

  test('reading content without its key says which setting is missing', async () => {
    const { code, err } = await withConfig('rehearse', 'acme-slack', '--to', 'chat')
    expect(code).toBe(2)
    expect(err).toContain('vault.contentKey is not set')
  })

  test('a cutover that nobody confirmed says how to confirm, before anything is opened', async () => {
    const { code, err } = await withConfig('cutover', 'acme-slack', '--to', 'chat')
    expect(code).toBe(2)
    expect(err).toContain('Add: --confirm "Acme Ltd"')
    expect((await withConfig('cutover', 'acme-slack', '--to', 'chat', '--confirm', 'acme ltd')).code).toBe(2)
  })

  test('init asks nothing without a terminal', async () => {
    const { code, err } = await runCli(['init'])
    expect(code).toBe(2)
    expect(err).toContain('There is no terminal to ask on')
  })
})

test('an error says what, why, what next, where to read on, and which run', async () => {
  const { err } = await withConfig('plan', 'acme-slack', '--to', 'mail')
  expect(err).toMatch(
    /^error: There is no target "mail" in the configuration\n {2}why: it names chat\n next: .*\n {7}docs\/errors\.md#usage {2}run [0-9A-Z]{26}\n$/,
  )
})

test('with --json the last line is the error, and stderr stays silent', async () => {
  const ended = await withConfig('--json', 'plan', 'acme-slack', '--to', 'mail')
  expect(rows(ended).at(-1)).toEqual({
    type: 'exit-error',
    code: 'usage',
    exitCode: 2,
    what: 'There is no target "mail" in the configuration',
    why: 'it names chat',
    remedy: 'Add it under targets: in the configuration',
    run: expect.any(String),
  })
  expect([ended.code, ended.err]).toEqual([2, ''])
})

test('colours come when they are asked for, and never by themselves into a file', async () => {
  expect((await withConfig('--color', 'always', 'plan', 'x', '--to', 'mail')).err).toContain('\u001b[')
  expect((await withConfig('plan', 'x', '--to', 'mail')).err).not.toContain('\u001b[')
  expect((await runCli(['-c', config, 'plan', 'x', '--to', 'mail'], { env: { FORCE_COLOR: '1' } })).err).toContain('\u001b[')
})

test('config show prints references and never a secret', async () => {
  const ended = await runCli(['-c', config, 'config', 'show', '--origin'], { env: { SLACK_TOKEN: 'xoxb-1234567890-canary' } })
  expect(ended.code).toBe(0)
  expect(ended.out).toContain('sources.acme-slack.token: {"env":"SLACK_TOKEN"}')
  expect(ended.out + ended.err).not.toContain('canary')
})

describe('fields of results, which programs read', () => {
  const fieldsOf = async (...args: readonly string[]) => rows(await withConfig('--json', ...args)).map((row) => Object.keys(row))
  test('config check', async () => {
    expect(await fieldsOf('config', 'check')).toEqual([['type', 'command', 'path', 'sources', 'targets']])
  })
  test('identities check', async () => {
    expect(await fieldsOf('identities', 'check')).toEqual([['type', 'command', 'path', 'reviewed', 'proposed']])
  })
  test('connectors', async () => {
    const fields = await fieldsOf('connectors')
    expect(fields.length).toBeGreaterThan(2)
    for (const backend of fields.slice(0, -1)) expect(backend).toEqual(['type', 'what', 'id', 'title', 'capabilities', 'limits'])
    expect(fields.at(-1)).toEqual(['type', 'command', 'shown'])
  })
  test('environment', async () => {
    expect(await fieldsOf('environment')).toEqual([['type', 'command', 'variables']])
  })
})
