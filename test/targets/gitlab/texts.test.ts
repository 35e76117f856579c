import { expect, test } from 'vitest'
import { linksTo } from '../../../src/references/attachments.ts'
import { Bench } from './bench.ts'
import * as the from './items.ts'
import { type CodeWorld, smallWorld } from './world.ts'

const SOURCE = 'https://github.com'
const TEXTS = [
  'see #1 and acme/app#2 and https://github.com/acme/app/issues/1',
  'elsewhere: https://github.com/other/thing/issues/9',
  '/close\n\n/assign @ada\n\nfixed in https://github.com/acme/app/pull/77',
  'plain, and `https://github.com/in/code`',
]
function said(world: CodeWorld, from: number): void {
  for (const [n, text] of TEXTS.entries()) {
    world.put(the.issue(from + n, { text, author: the.ada }))
    world.put(the.comment(`issue/3${from}${n}`, 'issue/1/1', { text, author: the.ada }))
  }
}

test('every link that still leads to the old host is told of, by file and by single calls, and no command in a text runs', async () => {
  await using bench = await Bench.open(await smallWorld())
  said(bench.world, 10)
  const first = await bench.bring()
  said(bench.world, 20)
  const second = await bench.bring()
  expect([first.wrong, second.wrong]).toEqual([[], []])
  const { world } = bench.bed
  const project = world.projectAt('acme/app')
  if (project === undefined) throw new Error('no project')
  const told = new Set([...first.losses, ...second.losses].map(({ item }) => String(item)))
  const silent: string[] = []
  let old = 0
  const look = (item: string, text: string): void => {
    const links = linksTo([SOURCE], text)
    old += links.length
    if (links.length > 0 && !told.has(item)) silent.push(`${item}: ${links.join(' ')}`)
  }
  for (const issue of world.items.each(project.id, 'issue')) {
    look(`issue/1/${issue.iid}`, issue.description ?? '')
    expect(issue.state).toBe('opened')
    expect(issue.assignee_ids).toEqual([])
  }
  for (const note of world.items.notes(project.id, 'issue', 1)) {
    // Its time ends in the last digits of its number at the source.
    look(`comment/1/issue/3${note.created_at.slice(20, 23)}`, note.body)
  }
  expect(silent).toEqual([])
  expect(old).toBeGreaterThan(0)
  expect(bench.bed.mails).toEqual([])
})
