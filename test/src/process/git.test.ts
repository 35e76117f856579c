import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Fault } from '../../../src/fault.ts'
import { git, gitText, gitVersion } from '../../../src/process/git.ts'
import { records } from '../../../src/process/records.ts'

const never = new AbortController().signal
const repository = async (): Promise<string> => {
  const directory = join(await mkdtemp(join(tmpdir(), 'git-')), 'r.git')
  await gitText(['init', '-q', '--bare', '--template=', directory], { what: 'init failed' }, never)
  return directory
}
const faultOf = async (attempt: Promise<unknown>): Promise<Fault> => {
  const error = await attempt.catch((error: unknown) => error)
  if (error instanceof Fault) return error
  throw new Error('no Fault', { cause: error })
}

test('knows its version', async () => {
  expect(await gitVersion(never)).toMatch(/^2\.\d+/)
})

test('feeds and reads at once, more than any pipe holds', async () => {
  const directory = await repository()
  const blob = (await gitText(['hash-object', '-w', '--stdin'], { what: 'no blob', directory, stdin: ['hello'] }, never)).stdout.trim()
  async function* asks(): AsyncGenerator<string> {
    for (let n = 0; n < 2_000; n++) yield `${blob}\n`.repeat(10)
  }
  let answers = 0
  for await (const line of records(git(['cat-file', '--batch-check'], { what: 'no objects', directory, stdin: asks() }, never))) {
    if (line.toString() === `${blob} blob 5`) answers++
  }
  expect(answers).toBe(20_000)
})

test('takes neither configuration nor hooks nor variables from its surroundings', async () => {
  process.env['GIT_DIR'] = '/nowhere'
  process.env['GIT_CONFIG_PARAMETERS'] = "'user.name=stranger'"
  try {
    const directory = await repository()
    const { stdout } = await gitText(['config', '--list', '--show-origin'], { what: 'no configuration', directory }, never)
    const origins = new Set(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0]),
    )
    expect(origins).toEqual(new Set([`file:${directory}/config`, 'command line:']))
    expect(stdout).not.toContain('stranger')
  } finally {
    delete process.env['GIT_DIR']
    delete process.env['GIT_CONFIG_PARAMETERS']
  }
})

test('a failure is a Fault in which no secret, address or path of ours stands', async () => {
  const directory = await repository()
  const args = ['rev-parse', '--verify', 'hunter2-jane@example.org']
  const fault = await faultOf(gitText(args, { what: 'The name could not be read', directory, secrets: ['hunter2'] }, never))
  expect(fault).toMatchObject({ code: 'rejected', what: 'The name could not be read' })
  expect(fault.why).toMatch(/^git ended with code 128 and says: fatal: /)
  const gone = await faultOf(gitText(['cat-file', '-t', 'HEAD'], { what: 'x', directory: `${directory}-gone` }, never))
  for (const text of [fault.message, gone.message]) expect(text).not.toMatch(/hunter2|jane|\/git-/)
})

test('the signal ends git and those it has started, with its own reason', async () => {
  const stop = new AbortController()
  const reason = new Error('enough')
  const waiting = gitText(
    ['-c', 'alias.wait=!cat >&2; sleep 600', 'wait'],
    { what: 'x', stdin: endless(() => stop.abort(reason)) },
    stop.signal,
  )
  await expect(waiting).rejects.toBe(reason)
})

test('what the input throws is thrown, and git is ended', async () => {
  const directory = await repository()
  async function* broken(): AsyncGenerator<string> {
    yield 'HEAD\n'
    throw new Error('the archive broke off')
  }
  await expect(gitText(['cat-file', '--batch-check'], { what: 'x', directory, stdin: broken() }, never)).rejects.toThrow(
    'the archive broke off',
  )
})

test('git that fails is not waited for because of an input that never ends', async () => {
  const directory = await repository()
  const stdin = endless(() => {})
  expect(await faultOf(gitText(['cat-file', '--no-such-option'], { what: 'x', directory, stdin }, never))).toMatchObject({
    code: 'rejected',
  })
})

test('git that fails in the middle of a long input is the failure, not its broken pipe', async () => {
  const directory = await repository()
  let ended = false
  async function* long(): AsyncGenerator<string> {
    try {
      for (;;) yield 'no such object\n'.repeat(5_000)
    } finally {
      ended = true
    }
  }
  const fault = await faultOf(gitText(['update-ref', '--stdin'], { what: 'x', directory, stdin: long() }, never))
  expect(fault.why).toContain('unknown command')
  await expect.poll(() => ended).toBe(true)
})

test('git that is not installed is a Fault that says so', async () => {
  const path = process.env['PATH']
  process.env['PATH'] = '/nowhere'
  try {
    expect(await faultOf(gitVersion(never))).toMatchObject({ code: 'config', what: 'git cannot be started', why: 'ENOENT' })
  } finally {
    process.env['PATH'] = path
  }
})

test('records keep what stands across chunks and behind the last separator', async () => {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (const text of ['a\0b', 'c', '', 'd\0\0e']) yield Buffer.from(text)
  }
  const found: string[] = []
  for await (const record of records(chunks(), 0)) found.push(record.toString())
  expect(found).toEqual(['a', 'bcd', '', 'e'])
})

async function* endless(begun: () => void): AsyncGenerator<string> {
  yield 'x'
  begun()
  await new Promise(() => {})
}
