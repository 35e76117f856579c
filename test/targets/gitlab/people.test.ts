import { expect, test } from 'vitest'
import { addUser } from '../../testbed/gitlab/people.ts'
import { Bench } from './bench.ts'
import * as the from './items.ts'
import { repositorySettings, smallWorld } from './world.ts'

test('somebody who is in GitLab already writes under their own name, gets their rights, and is neither changed nor told', async () => {
  const world = await smallWorld()
  world.edit('account/11', { email: 'ada@example.test' })
  world.put(
    repositorySettings({ members: [{ account: the.ada, role: 'write' }], teams: [{ group: 'group/7', role: 'write' }] }),
    the.item('group', 'group/7' as never, { handle: 'acme/core', name: 'Core', description: '', members: ['account/11'], active: true }),
  )
  await using bench = await Bench.open(world)
  const user = addUser(bench.bed.world, {
    username: 'ada.lovelace',
    name: 'Ada',
    email: 'ada@example.test',
    public_email: 'ada@example.test',
  })
  const before = { ...user }
  const first = await bench.bring()
  world.put(the.comment('issue/70', 'issue/1/1', { author: the.ada, text: 'more, @ada' }))
  world.edit('issue/1/2', { assignees: [the.ada] })
  const second = await bench.bring()
  expect([first.wrong, second.wrong]).toEqual([[], []])
  expect(bench.bed.world.users.get(user.id)).toEqual(before)
  expect(bench.bed.mails).toEqual([])
  const project = bench.bed.world.projectAt('acme/app')
  expect([...bench.bed.world.membersOf(`project:${project?.id}`)]).toEqual([[user.id, 30]])
  const notes = bench.bed.world.items.notes(project?.id ?? 0, 'issue', 1).filter(({ system }) => !system)
  expect(notes.map(({ author_id }) => author_id)).toEqual([user.id, user.id])
})

test('an account that is switched off is named in the text', async () => {
  const world = await smallWorld()
  world.edit('account/11', { email: 'ada@example.test' })
  await using bench = await Bench.open(world)
  addUser(bench.bed.world, { username: 'ada.lovelace', email: 'ada@example.test', public_email: 'ada@example.test', state: 'deactivated' })
  await bench.bring()
  world.put(the.comment('issue/70', 'issue/1/1', { author: the.ada, text: 'more' }))
  const { wrong, losses } = await bench.bring()
  expect(wrong).toEqual([])
  expect(losses).toContainEqual(expect.objectContaining({ item: 'comment/1/issue/70', code: 'author-replaced' }))
  const note = bench.bed.world.items.notes(bench.bed.world.projectAt('acme/app')?.id ?? 0, 'issue', 1).at(-1)
  expect(note?.body).toBe('*ada:*\n\nmore')
})

test('a project that was archived is archived again, also when something came late', async () => {
  const world = await smallWorld()
  world.edit(the.R, { archived: true })
  await using bench = await Bench.open(world)
  await bench.bring()
  world.put(the.comment('issue/70', 'issue/1/1', { author: the.ada, text: 'more' }))
  expect((await bench.bring()).wrong).toEqual([])
  expect(bench.bed.world.projectAt('acme/app')?.archived).toBe(true)
})
