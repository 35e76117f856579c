import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../../../config/completions/fallreep.bash', import.meta.url))

/** What bash would offer behind these words; the last one is being typed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const program = `source "$1"; shift; COMP_WORDS=(fallreep "$@"); COMP_CWORD=$#; _fallreep; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout } = await promisify(execFile)('bash', ['-c', program, 'bash', script, ...words])
  return stdout.trim().split('\n')
}

test('bash completes commands, commands below them, and options, those of every command included', async () => {
  expect(await offered('re')).toEqual(['rehearse', 'report'])
  expect(await offered('config', 's')).toEqual(['show', 'schema'])
  expect(await offered('cutover', 'acme', '--co')).toEqual(['--confirm', '--config', '--color'])
  expect(await offered('--json', 'backup', '--f')).toEqual(['--full'])
})
