import { execFile } from 'node:child_process'
import { mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { runCli } from './run-cli.ts'

test('help opens with two real examples and ends with every exit code', async () => {
  const { code, out } = await runCli(['--help'])
  expect(code).toBe(0)
  expect(out).toMatch(/^Examples:\n {2}fallreep backup .*\n {2}fallreep rehearse .*\n/)
  for (const exit of [0, 1, 2, 3, 4, 5, 10, 11, 12, 75, 130, 143]) expect(out).toMatch(new RegExp(`^ +${exit} {2}\\S`, 'm'))
})

test('a link to the launcher starts it with the right Node, whatever Node is installed', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'fallreep-link-'))
  await symlink(fileURLToPath(new URL('../../../config/fallreep', import.meta.url)), join(directory, 'fallreep'))
  const { stdout } = await promisify(execFile)(join(directory, 'fallreep'), ['--version'], { env: { PATH: '/usr/bin:/bin' } })
  expect(stdout).toMatch(/^fallreep \d+\.\d+\.\d+\n$/)
})

test('the help of a command has its options and the exit codes', async () => {
  const { code, out } = await runCli(['cutover', '--help'])
  expect(code).toBe(0)
  expect(out).toContain('--confirm <organisation>')
  expect(out).toContain('Exit codes:')
  expect(out).not.toContain('Examples:')
})

/** Every package that was loaded from node_modules, as Node's own resolver saw it. */
async function packagesLoadedBy(args: readonly string[]): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'fallreep-loaded-'))
  const [hook, list] = [join(directory, 'hook.mjs'), join(directory, 'list')]
  await writeFile(
    hook,
    `import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(list)}, url + '\\n'); return next(url, context) } })`,
  )
  await runCli(args, { nodeArgs: ['--import', hook] })
  const urls = (await readFile(list, 'utf8')).split('\n')
  return [...new Set(urls.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []))]
}

test('help loads commander and no other package: no SDK, no schema library', async () => {
  expect(await packagesLoadedBy(['--help'])).toEqual(['commander'])
  expect(await packagesLoadedBy(['backup', '--help'])).toEqual(['commander'])
})

test('listing connectors and targets loads no SDK', async () => {
  const loaded = [...(await packagesLoadedBy(['connectors'])), ...(await packagesLoadedBy(['targets', 'mattermost']))]
  expect(loaded.filter((name) => !['commander', 'yaml', 'zod'].includes(name))).toEqual([])
})
