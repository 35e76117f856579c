import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { mattermostTestbed } from '../../testbed/mattermost/testbed.ts'
import { everything } from './everything.ts'
import { memoryLedger, run, settings } from './world.ts'

const README = new URL('../../../targets/mattermost/README.md', import.meta.url)

/** What the README says of fields that nothing is compared with: `| account | role, bot |` below its heading. */
async function informational(): Promise<ReadonlyMap<string, readonly string[]>> {
  const [, table = ''] = (await readFile(README, 'utf8')).split('Fields of losses that nothing is compared with')
  const rows = [...table.matchAll(/^\| (account|group|emoji|channel|message) \| (.*) \|$/gm)]
  return new Map(rows.map(([, kind = '', fields = '']) => [kind, [...fields.matchAll(/`([a-z]+)`/g)].map(([, field = '']) => field)]))
}

test.each(['5.36.1', '10.11.0'] as const)('every loss on %s names a field that is compared, or one the README lists', async (version) => {
  await using bed = await mattermostTestbed({ version })
  const { applied, losses } = await run(everything(), settings(bed.url, bed.token, { adjustLimits: true }), memoryLedger())
  const kindOf = (item: string): string => item.slice(0, item.indexOf('/'))
  const compared = Map.groupBy(applied, ({ item }) => kindOf(item))
  const listed = await informational()
  const unknown = losses.flatMap(({ item, effect }) => {
    if (effect.type === 'dropped') return []
    const kind = kindOf(item)
    const fields = new Set((compared.get(kind) ?? []).flatMap(({ expect }) => Object.keys(expect)))
    return fields.has(effect.field) || listed.get(kind)?.includes(effect.field) === true ? [] : [`${kind}.${effect.field}`]
  })
  expect(unknown).toEqual([])
  expect(losses.length).toBeGreaterThan(20)
})

test('the mapper does not repeat what the backup recorded', async () => {
  await using bed = await mattermostTestbed()
  const world = everything()
  const withheld = { ...world.file('gone.pdf', 0), blob: null, state: 'withheld' as const }
  world.message('C1', '1700000100.000000', {
    files: [withheld],
    reactions: [{ name: '+1', tone: null, accounts: ['account/U1'], count: 7 }],
  })
  const { losses, wrong } = await run(world, settings(bed.url, bed.token, { adjustLimits: true }), memoryLedger())
  expect(losses.filter(({ item }) => item === 'message/C1/1700000100.000000')).toEqual([])
  expect(wrong).toEqual([])
  expect([...bed.state.posts.values()].some(({ message }) => message.includes('gone.pdf'))).toBe(true)
})
