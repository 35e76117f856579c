import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { exitCodeOf } from '../../src/cli/exit-code.ts'
import { faultIn, type Fault } from '../../src/fault.ts'
import { changesBetween, workshop, type Workshop, type WorkshopOptions } from '../support/workshop.ts'
import { demoWorld } from '../testbed/world/demo.ts'
import type { PlannedFault } from '../testbed/kit/faults.ts'

/** What stands on the server after one undisturbed cutover. */
let undisturbed: readonly string[]
/** Every type of conversation, a thread, files, a reaction and a pin: small, because it is brought over many times. */
function worldOf() {
  const world = demoWorld({ stories: false, messagesPerChannel: 2 })
  const { general, dm } = world.rooms
  const { ada, erika, ken } = world.people
  const root = world.postMessage(general.id, { user: erika, text: 'the *picture*', files: [world.demo.picture, world.demo.japanese] })
  world.replyLate(general.id, root.ts, { user: ken, text: 'seen', files: [world.demo.snippet] })
  world.react(general.id, root.ts, 'tada', ada)
  world.pin(general.id, root.ts, ada)
  world.postMessage(dm.id, { user: ada, text: 'between us' })
  return world
}
const opened = async (options: WorkshopOptions = {}): Promise<Workshop> => {
  const shop = await workshop({ slack: { world: worldOf() }, ...options })
  await shop.backup()
  return shop
}
beforeAll(async () => {
  await using shop = await opened()
  await shop.cutover()
  undisturbed = shop.picture()
})
const failing = async (work: Promise<unknown>): Promise<Fault> => {
  const fault = faultIn(await work.then(() => undefined).catch((error: unknown) => error))
  if (fault === undefined) throw new Error('it did not fail, or not with a Fault')
  return fault
}
/** The same command again, until it gets through: what a timer or a tired person does. */
async function until(shop: Workshop, tries: number): Promise<void> {
  for (let n = 1; ; n++) {
    const result = await shop.cutover().catch((error: unknown) => {
      if (n >= tries || faultIn(error) === undefined) throw error
      return undefined
    })
    if (result === undefined) continue
    expect(result.totals).toMatchObject({ differs: 0, missing: 0 })
    return
  }
}
const same = (shop: Workshop): void => expect(changesBetween(undisturbed, shop.picture())).toEqual({ gone: [], come: [] })

describe('a server that goes away', () => {
  test.each([0, 60])('in the import, after %i lines: the same command again ends as if nothing had been', async (lines) => {
    await using shop = await opened()
    const { outage, state } = shop.mattermost
    outage.duringImport(lines)
    const fault = await failing(shop.cutover())
    expect(fault).toMatchObject({ code: 'unavailable', remedy: expect.any(String) as string })
    expect(exitCodeOf(fault.code)).toBe(75)
    outage.end()
    for (const job of state.jobs.values()) if (job.status !== 'success') job.status = 'canceled'
    await until(shop, 1)
    same(shop)
    expect(shop.mattermost.notifications).toEqual([])
  })

  test('in the import, whose job stays in progress for ever: the next run waits, then says which job is to be cancelled', async () => {
    await using shop = await opened({ haste: 60 })
    const { outage, state } = shop.mattermost
    outage.duringImport(5)
    await failing(shop.cutover())
    outage.end()
    // Nobody can tell a dead job from a slow one but the people of that server.
    const waited = await failing(shop.cutover())
    const dead = [...state.jobs.values()].map(({ id }) => id)
    expect(dead).toHaveLength(1)
    expect(waited).toMatchObject({ code: 'locked', why: `job ${dead[0]}`, remedy: expect.stringContaining('cancel') as string })
  })

  test('while it is read back: nothing was written twice when it is back', async () => {
    let once = false
    await using shop = await opened({
      onEvent: (event, { mattermost }) => {
        if (once || event.type !== 'stage' || event.stage !== 'observe') return
        once = true
        mattermost.outage.begin()
      },
    })
    expect((await failing(shop.cutover())).code).toBe('unavailable')
    shop.mattermost.outage.end()
    const again = await shop.cutover()
    expect(again.applied.created).toBe(0)
    expect(again.totals).toMatchObject({ differs: 0, missing: 0 })
    same(shop)
  })

  test('before the first byte: the vault and the ledger know of nothing, and a later run begins anew', async () => {
    await using shop = await opened()
    shop.mattermost.outage.begin()
    expect((await failing(shop.cutover())).code).toBe('unavailable')
    shop.mattermost.outage.end()
    await until(shop, 1)
    same(shop)
  })
})

describe('a bad line to the server', () => {
  const parts: readonly (readonly [string, Readonly<Record<string, readonly PlannedFault[]>>])[] = [
    [
      'while it is asked what is there',
      {
        'GET /config': [{ type: 'status', status: 503 }],
        'GET /users': [{ type: 'status', status: 429, retryAfterS: 1 }, { type: 'reset' }],
        'GET /channels/{channel_id}/posts': [{ type: 'reset' }, { type: 'status', status: 500 }],
        'GET /files/{file_id}': [
          { type: 'status', status: 429 },
          { type: 'cut', afterBytes: 1 },
        ],
      },
    ],
    [
      'while a file is brought over',
      {
        'POST /uploads': [{ type: 'lost-answer' }],
        'POST /uploads/{upload_id}': [{ type: 'reset' }, { type: 'lost-answer' }],
        'POST /jobs': [{ type: 'lost-answer' }],
        'GET /jobs/{job_id}': [{ type: 'html' }, { type: 'status', status: 502 }],
      },
    ],
  ]
  test.each(parts)('%s: the end is the same, and nothing is doubled', async (_when, faults) => {
    await using shop = await opened()
    for (const [route, planned] of Object.entries(faults)) shop.mattermost.faults.next(route, ...planned)
    await until(shop, 4)
    expect(shop.mattermost.faults.unused).toEqual([])
    same(shop)
  })
})

describe('a rehearsal', () => {
  const scratchTeams = (shop: Workshop): readonly string[] =>
    [...shop.mattermost.state.teams.values()]
      .filter(({ name, delete_at }) => name.startsWith('rehearsal-') && delete_at === 0)
      .map(({ name }) => name)

  test('that is stopped half-way leaves a place behind, and the next one removes it', async () => {
    const stop = new AbortController()
    await using shop = await opened({
      onEvent: (event) => {
        if (event.type === 'stage' && event.stage === 'observe') stop.abort(new Error('stopped by a person'))
      },
    })
    await expect(shop.rehearse({ signal: stop.signal })).rejects.toThrow('stopped by a person')
    const left = scratchTeams(shop)
    expect(left).toHaveLength(1)
    const result = await shop.rehearse()
    expect(result.totals).toMatchObject({ differs: 0, missing: 0 })
    expect(scratchTeams(shop)).toEqual([])
    const marks = (await readdir(join(shop.stateDir, 'runs'), { recursive: true })).filter((name) => name.endsWith('scratch.json'))
    expect(marks).toEqual([])
  })

  test('leaves nothing at all on a server that lets teams and people be deleted', async () => {
    await using shop = await opened({
      mattermost: { config: { ServiceSettings: { EnableAPITeamDeletion: true, EnableAPIUserDeletion: true } } },
    })
    const before = shop.picture()
    const { totals, leftovers } = await shop.rehearse()
    expect(totals).toMatchObject({ differs: 0, missing: 0 })
    expect(leftovers).toEqual([])
    const { gone, come } = changesBetween(before, shop.picture())
    expect(gone).toEqual([])
    // A conversation whose people are deleted is a row without members, which no call removes.
    for (const line of come) expect(line).toMatch(/^channel \{"place":"between ".*"members":\[\]\}$/)
    expect(shop.mattermost.notifications).toEqual([])
  })

  test('says what it could not remove elsewhere, and nobody can log in as it', async () => {
    await using shop = await opened()
    const before = shop.picture()
    const { leftovers } = await shop.rehearse()
    expect(leftovers.map(({ what }) => what)).toEqual([expect.stringContaining('(archived)'), expect.stringContaining('deactivated users')])
    const { gone, come } = changesBetween(before, shop.picture())
    expect(gone).toEqual([])
    for (const line of come.filter((line) => line.startsWith('user '))) expect(line).toContain('"active":false')
    expect(scratchTeams(shop)).toEqual([])
    expect(shop.mattermost.notifications).toEqual([])
  })
})
