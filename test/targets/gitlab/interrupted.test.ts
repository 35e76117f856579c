import { beforeAll, expect, test } from 'vitest'
import type { Observed } from '../../../src/contract/target.ts'
import { stopAt } from '../../support/stopping-ledger.ts'
import { Bench } from './bench.ts'
import * as the from './items.ts'
import { type CodeWorld, smallWorld } from './world.ts'

let world: CodeWorld
let whole: readonly Observed[]
let changed: readonly Observed[]
function change(to: CodeWorld): void {
  to.edit('issue/1/1', { title: 'Another title' })
  to.put(
    the.comment('issue/8', 'issue/1/1', { author: the.passer, text: 'later' }),
    the.issue(3),
    the.comment('issue/9', 'issue/1/2', { text: 'too' }),
  )
  to.remove('comment/1/issue/7')
}
beforeAll(async () => {
  world = await smallWorld()
  await using bench = await Bench.open(world.copy())
  await bench.bring()
  whole = await bench.look()
  change(bench.world)
  await bench.bring()
  changed = await bench.look()
})
const remotes = (seen: readonly Observed[]): string[] => seen.map(({ remote }) => remote)

test('stopped at writes of the ledger, the next run ends where an undisturbed one does', async () => {
  let stops = 0
  for (let number = 1; ; number += 3) {
    await using bench = await Bench.open(world.copy())
    const stop = stopAt(bench.ledger, number, number % 2 === 0)
    const stopped = await bench.apply().then(
      () => false,
      () => true,
    )
    stop.goOn()
    if (!stopped) {
      stops = number
      break
    }
    expect([number, ...(await bench.bring()).wrong]).toEqual([number])
    expect(remotes(await bench.look())).toEqual(remotes(whole))
    expect(bench.bed.mails).toEqual([])
  }
  expect(stops).toBeGreaterThan(4)
}, 60_000)

test('a run that brings changes can be cut off at its requests, and leaves nobody unblocked or a member in the end', async () => {
  for (let number = 1; ; number += 17) {
    await using bench = await Bench.open(world.copy())
    await bench.bring()
    change(bench.world)
    const { fetch } = bench.ports
    let requests = 0
    bench.ports.fetch = async (input, init) => {
      if (init?.method !== 'GET' && ++requests >= number) throw new Error('cut off')
      return fetch(input, init)
    }
    const stopped = await bench.apply().then(
      () => false,
      () => true,
    )
    bench.ports.fetch = fetch
    expect([number, ...(await bench.bring()).wrong]).toEqual([number])
    expect(remotes(await bench.look())).toEqual(remotes(changed))
    const project = bench.bed.world.projectAt('acme/app')
    expect([...bench.bed.world.membersOf(`project:${project?.id}`)]).toEqual([])
    expect(project?.settings).toMatchObject({ emails_enabled: true, autoclose_referenced_issues: true })
    expect([...bench.bed.world.users.values()].filter(({ state }) => state === 'active').map(({ username }) => username)).toEqual(['root'])
    expect(bench.bed.mails).toEqual([])
    if (!stopped) return
  }
}, 60_000)

test('a server that dies in the middle of an import is met again, and the project that is ours is imported anew', async () => {
  await using bench = await Bench.open(world.copy())
  bench.bed.outage.duringImport(3)
  await expect(bench.apply()).rejects.toMatchObject({ code: 'unavailable', retry: { type: 'backoff' } })
  bench.bed.outage.end()
  expect((await bench.bring()).wrong).toEqual([])
  expect(remotes(await bench.look())).toEqual(remotes(whole))
})

test('an answer that is lost on its way does not make two projects', async () => {
  await using bench = await Bench.open(world.copy())
  bench.bed.faults.next('POST /projects/import', { type: 'lost-answer' })
  await expect(bench.apply()).rejects.toMatchObject({ code: 'unavailable' })
  await bench.bed.idle()
  const { id } = bench.bed.world.projectAt('acme/app') ?? {}
  expect((await bench.bring()).wrong).toEqual([])
  // The same file had been imported: it is not sent again.
  expect(bench.bed.world.projectAt('acme/app')?.id).toBe(id)
})
