import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf } from '../../src/cli/import.ts'
import type { Finding, RunResult } from '../../src/engine/api.ts'
import type { PostRow } from '../testbed/mattermost/rows.ts'
import type { Store } from '../testbed/mattermost/store.ts'
import { wordsOf, workshop, type Workshop } from '../support/workshop.ts'

/** Spoils one thing on the server, and says the text or the name of it at the source. */
type Tampering = (state: Store) => string

const posts = (state: Store): readonly PostRow[] =>
  [...state.posts.values()].filter(({ delete_at, type, original_id }) => delete_at === 0 && type === '' && original_id === '')
function pick<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('there is nothing to tamper with')
  return found
}
const balanced = ({ totals: { planned, matched, explained, differs, missing } }: RunResult): boolean =>
  planned > 0 && planned === matched + explained + differs + missing

const said = (state: Store, words: string): PostRow => pick(posts(state).find(({ message }) => message === words))

const cases: readonly {
  readonly name: string
  readonly field: string | undefined
  readonly type: Finding['type']
  readonly tamper: Tampering
}[] = [
  {
    name: 'a post whose text was altered',
    field: 'text',
    type: 'differs',
    tamper: (state) => {
      said(state, 'me, on day 1').message = 'not me'
      return 'me, on day 1'
    },
  },
  {
    name: 'a post that was altered after its notation was changed on the way',
    field: 'text',
    type: 'differs',
    tamper: (state) => {
      const long = pick(posts(state).find(({ message }) => message.includes('ä'.repeat(100))))
      long.message = `${long.message}!`
      return long.message.slice(0, 100)
    },
  },
  {
    name: 'a post that was deleted',
    field: undefined,
    type: 'missing',
    tamper: (state) => {
      said(state, 'me, on day 2').delete_at = 1
      return 'me, on day 2'
    },
  },
  {
    name: 'a post that stands there twice',
    field: 'count',
    type: 'differs',
    tamper: (state) => {
      state.addPost({ ...said(state, 'me, on day 3'), id: state.id() })
      return 'me, on day 3'
    },
  },
  {
    name: 'a post under another author',
    field: 'author',
    type: 'differs',
    tamper: (state) => {
      said(state, 'me, on day 4').user_id = pick(state.userNamed('olena')).id
      return 'me, on day 4'
    },
  },
  {
    name: 'a reply that hangs on nothing any more',
    field: 'root',
    type: 'differs',
    tamper: (state) => {
      said(state, 'me, on day 5').root_id = ''
      return 'me, on day 5'
    },
  },
  {
    name: 'a file with other bytes under the same name',
    field: 'files',
    type: 'differs',
    tamper: (state) => {
      const file = pick(state.filesOf(said(state, 'the team').id)[0])
      state.dropFile(file)
      state.addFile({ ...file, bytes: Buffer.from('another picture') })
      return 'the team'
    },
  },
  {
    name: 'a reaction that was taken away',
    field: 'reactions',
    type: 'differs',
    tamper: (state) => {
      pick(state.reactionsOf(said(state, 'The plan').id).find(({ delete_at }) => delete_at === 0)).delete_at = 1
      return 'The plan'
    },
  },
  {
    name: 'a member who was taken out of a channel',
    field: 'members',
    type: 'differs',
    tamper: (state) => {
      const channel = pick([...state.channels.values()].find(({ name }) => name === 'random'))
      state.removeChannelMember(channel.id, pick(state.userNamed('yusuf')).id)
      return 'random'
    },
  },
  {
    name: 'a private channel that was opened to all',
    field: 'type',
    type: 'differs',
    tamper: (state) => {
      pick([...state.channels.values()].find(({ name }) => name === 'secret-plans')).type = 'O'
      return 'secret-plans'
    },
  },
]

describe('what verification reports when the server was changed between the import and the reading back', () => {
  let result: RunResult
  let findings: readonly Finding[]
  const spoiled = new Map<string, string>()
  beforeAll(async () => {
    await using shop = await workshop({
      onEvent: (event, { mattermost: { state } }) => {
        if (event.type !== 'stage' || event.stage !== 'observe' || event.state !== 'started') return
        for (const { name, tamper } of cases) spoiled.set(name, tamper(state))
      },
    })
    await shop.backup()
    result = await shop.cutover()
    findings = await shop.findings(result)
    for (const item of await shop.items()) {
      const words = item.kind === 'message' ? wordsOf(item) : item.kind === 'channel' ? item.body.name : ''
      for (const [name, text] of spoiled) if (text === words || (text.length === 100 && words.includes(text))) spoiled.set(name, item.id)
    }
  })

  test.each(cases)('$name', ({ name, field, type }) => {
    const own = findings.filter(({ item }) => item === spoiled.get(name))
    expect(own.map((finding) => [finding.type, finding.field])).toEqual([[type, field]])
  })

  test('nothing else is reported, the sum holds, and the exit code is 5', () => {
    expect(findings).toHaveLength(cases.length)
    expect(result.totals).toMatchObject({ missing: 1, differs: cases.length - 1 })
    expect(balanced(result)).toBe(true)
    expect(codeOf(result)).toBe(5)
  })
})

describe('what a second cutover finds on a server that people have used', () => {
  let shop: Workshop
  beforeAll(async () => {
    shop = await workshop()
    await shop.backup()
    await shop.cutover()
  })
  afterAll(() => shop[Symbol.asyncDispose]())

  test('a post somebody wrote there is told as foreign and left alone', async () => {
    const { state } = shop.mattermost
    const post = said(state, 'the team')
    state.addPost({ ...post, id: state.id(), message: 'written on the server', create_at: post.create_at + 77, file_ids: [] })
    const result = await shop.cutover()
    expect(await shop.findings(result)).toEqual([])
    expect(result.foreign).toBeGreaterThan(0)
    expect(balanced(result)).toBe(true)
    expect(codeOf(result)).toBe(0)
    expect(posts(state).filter(({ message }) => message === 'written on the server')).toHaveLength(1)
  })

  test('a post somebody deleted there is missing and stays deleted', async () => {
    const { state } = shop.mattermost
    said(state, 'Tomorrow').delete_at = 1
    const result = await shop.cutover()
    expect((await shop.findings(result)).map(({ type }) => type)).toEqual(['missing'])
    expect(balanced(result)).toBe(true)
    expect(codeOf(result)).toBe(5)
    expect(posts(state).filter(({ message }) => message === 'Tomorrow')).toEqual([])
  })
})
