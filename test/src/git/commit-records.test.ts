import { expect, test } from 'vitest'
import { commitRecords } from '../../../src/git/commit-records.ts'
import type { FoundCommit } from '../../../src/git/commit-records.ts'
import { gitText } from '../../../src/process/git.ts'
import { makeRepository } from './made-repository.ts'

const never = new AbortController().signal
const read = async (directory: string, oids: readonly string[]): Promise<FoundCommit[]> => {
  const found: FoundCommit[] = []
  for await (const record of commitRecords(directory, oids, never)) found.push(record)
  return found
}
/** A commit exactly as written, however wrong. */
async function written(
  directory: string,
  tree: string,
  headers: string,
  message: string,
  encoding: BufferEncoding = 'utf8',
): Promise<string> {
  const stdin = [Buffer.from(`tree ${tree}\n${headers}\n\n${message}`, encoding)]
  const args = ['hash-object', '-t', 'commit', '-w', '--stdin', '--literally']
  return (await gitText(args, { what: 'x', directory, stdin }, never)).stdout.trim()
}
const plain = 'author A <a@x> 1600000000 +0530\ncommitter B <b@x> 1600000060 -0200'

test('commits say who, when and what, in the zone of those who wrote them', async () => {
  const { directory, oids } = await makeRepository([{ parents: [] }, { parents: [0], message: 'Subject\n\nBody ä\n' }])
  const [root = '', second = ''] = oids
  expect(await read(directory, [second])).toEqual([
    {
      oid: second,
      type: 'commit',
      commit: {
        oid: second,
        tree: expect.stringMatching(/^[0-9a-f]{40}$/),
        parents: [root],
        author: { name: 'Ann', email: 'ann@example.org', at: '2020-01-01T01:10:00+01:00' },
        committer: { name: 'Bob', email: 'bob@example.org', at: '2020-01-01T01:10:00+01:00' },
        message: 'Subject\n\nBody ä\n',
        exact: true,
      },
    },
  ])
})

test('old encodings, signatures and broken headers are read as well as they can be', async () => {
  const { directory, oids } = await makeRepository([{ parents: [] }])
  const tree = (await gitText(['rev-parse', `${oids[0]}^{tree}`], { what: 'x', directory }, never)).stdout.trim()
  const commit = (headers: string, message: string, encoding?: BufferEncoding): Promise<string> =>
    written(directory, tree, headers, message, encoding)
  const asked = [
    await commit(`${plain}\nencoding ISO-8859-1`, 'Straße', 'latin1'),
    await commit(`${plain}\nencoding UTF-8`, 'Straße', 'latin1'),
    await commit(`${plain}\ngpgsig -----BEGIN\n author X <x@x> 1 +0000\n -----END`, 'signed\n'),
    await commit('author <> <c@x>> 99999999999999999 +9999\ncommitter D', ''),
    await commit(`${plain}\nencoding klingon`, 'Qapla\0'),
    await commit('author E <e@x> -100 +0000\ncommitter F <f@x> 0 -0030', 'before 1970'),
  ]
  const commits = (await read(directory, asked)).map((found) => (found.type === 'commit' ? found.commit : found))
  expect(commits).toMatchObject([
    { message: 'Straße', exact: true },
    { message: 'Straße', exact: false },
    { message: 'signed\n', author: { name: 'A', at: '2020-09-13T17:56:40+05:30' }, committer: { at: '2020-09-13T10:27:40-02:00' } },
    { message: '', author: { at: undefined }, committer: { name: 'D', email: '', at: undefined } },
    { message: 'Qapla\ufffd', exact: false },
    { author: { at: '1969-12-31T23:58:20Z' }, committer: { at: '1969-12-31T23:30:00-00:30' } },
  ])
})

test('what is missing or no commit is said in its place; nothing else is touched', async () => {
  const { directory, oids } = await makeRepository([{ parents: [], message: `${'x'.repeat(1_200_000)}\n` }, { parents: [0] }])
  const [large = '', small = ''] = oids
  const tree = (await gitText(['rev-parse', `${small}^{tree}`], { what: 'x', directory }, never)).stdout.trim()
  const found = await read(directory, [large, 'e'.repeat(40), tree, 'HEAD', small])
  expect(found.map(({ type }) => type)).toEqual(['commit', 'missing', 'broken', 'missing', 'commit'])
  expect(found[0]).toMatchObject({ commit: { exact: false } })
  expect(found[2]).toMatchObject({ why: 'it is a tree' })
  expect(found[4]).toMatchObject({ commit: { message: 'commit 1', exact: true } })
})
