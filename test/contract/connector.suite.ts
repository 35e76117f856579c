import { expect, test } from 'vitest'
import type { Change, Collection, Connector } from '../../src/contract/connector.ts'
import type { Capabilities, LossCode } from '../../src/contract/fidelity.ts'
import { cursor, type CollectionId, type Cursor, type ItemId } from '../../src/contract/ids.ts'
import type { Kind, SourceItem } from '../../src/contract/item.ts'
import type { Clock, Log, Ports, QuotaNeed, RateLimit } from '../../src/contract/ports.ts'
import { faultIn } from '../../src/fault.ts'
import { bodySchemas } from '../../src/model/bodies.ts'

/** A connector before a world that the suite can change. Optional parts are left out by roads that cannot have them. */
export interface ConnectorStage extends AsyncDisposable {
  readonly definition: {
    readonly capabilities: Capabilities
    readonly limits: Readonly<Record<string, RateLimit>>
    quotaOf(request: Request): readonly QuotaNeed[]
  }
  open(ports: Ports): Promise<Connector>
  /** Secrets that must show up nowhere. */
  readonly canaries: readonly string[]
  /** Each changes one thing and names the item that must be seen to change. */
  readonly world?: {
    add(): Promise<ItemId>
    edit(): Promise<ItemId>
    remove(): Promise<ItemId>
  }
  /** Makes the next request for something fail with this status (or with the vendor's word for it). */
  readonly failNext?: (status: 401 | 403 | 404 | 410 | 429 | 500 | 503) => void
}

interface Heard extends Ports {
  readonly lines: string[]
  readonly requests: Request[]
}

function ports(): Heard {
  const lines: string[] = []
  const requests: Request[] = []
  const note = (msg: string, fields?: object): void => void lines.push(`${msg} ${JSON.stringify(fields)}`)
  const log: Log = { debug: note, info: note, warn: note }
  const clock: Clock = { now: () => new Date(), monotonicMs: () => performance.now(), sleep: async (_, signal) => signal.throwIfAborted() }
  const fetch: Ports['fetch'] = (input, init) => {
    requests.push(new Request(input, { method: init?.method ?? 'GET' }))
    return globalThis.fetch(input, init)
  }
  return { fetch, clock, log, lines, requests }
}

const never = new AbortController().signal

async function all(connector: Connector, signal = never): Promise<Collection[]> {
  return Array.fromAsync(connector.collections(signal))
}

/** What a vault would hold: items by id, with resets and deletions applied. */
class Held {
  readonly items = new Map<ItemId, SourceItem>()
  readonly cursors = new Map<CollectionId, Cursor>()
  readonly changes: Change[] = []
  #unseen: Set<ItemId> | undefined
  take(collection: CollectionId, change: Change): void {
    this.changes.push(change)
    if (change.type === 'upsert') {
      this.items.set(change.item.id, change.item)
      this.#unseen?.delete(change.item.id)
    } else if (change.type === 'delete') this.items.delete(change.id)
    else if (change.type === 'reset')
      this.#unseen = new Set([...this.items.values()].filter((item) => item.collection === collection).map(({ id }) => id))
    else if (change.type === 'checkpoint') {
      for (const id of this.#unseen ?? []) this.items.delete(id)
      this.#unseen = undefined
      this.cursors.set(collection, change.cursor)
    }
  }
  get revisions(): ReadonlyMap<ItemId, string> {
    return new Map(
      [...this.items.values()].map(({ id, revision }): [ItemId, string] => [id, revision]).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    )
  }
}

async function read(connector: Connector, held = new Held(), signal = never): Promise<Held> {
  for (const collection of await all(connector, signal))
    for await (const change of connector.changes(collection, held.cursors.get(collection.id), signal)) held.take(collection.id, change)
  return held
}

const announced = (capabilities: Capabilities, kind: string): readonly LossCode[] => {
  const support = capabilities[kind as Kind]
  return support?.level === 'partial' ? support.loses : []
}

/** One road into a source. `changes`: its world can change under it; `refusals`: there is a vendor who can refuse. Default: both. */
export interface Road {
  readonly name: string
  readonly start: () => Promise<ConnectorStage>
  readonly changes?: boolean
  readonly refusals?: boolean
}

/** The laws every connector obeys, whatever it reads. `start` gives a fresh world each time. */
export function connectorContract(road: Road): void {
  const { name, start } = road
  const staged = (law: string, body: (stage: ConnectorStage) => Promise<void>): void =>
    test(`${name}: ${law}`, async () => {
      expect.hasAssertions()
      await using stage = await start()
      await body(stage)
    })

  staged('1 ends every complete pass with a checkpoint', async (stage) => {
    await using connector = await stage.open(ports())
    for (const collection of await all(connector)) {
      const changes = await Array.fromAsync(connector.changes(collection, undefined, never))
      expect([collection.id, changes.at(-1)?.type]).toEqual([collection.id, 'checkpoint'])
    }
  })

  staged('2 yields nothing new when resumed from its last checkpoint', async (stage) => {
    await using connector = await stage.open(ports())
    const first = await read(connector)
    expect(first.items.size).toBeGreaterThan(0)
    const again = new Held()
    for (const [id, at] of first.cursors) again.cursors.set(id, at)
    await read(connector, again)
    expect(again.changes.filter(({ type }) => type !== 'checkpoint')).toEqual([])
  })

  staged('3 killed at any checkpoint and resumed, yields the same set as an unbroken pass', async (stage) => {
    await using whole = await stage.open(ports())
    const unbroken = await read(whole)
    for (const collection of await all(whole)) {
      const checkpoints = (await Array.fromAsync(whole.changes(collection, undefined, never))).filter(
        ({ type }) => type === 'checkpoint',
      ).length
      for (let kill = 1; kill <= checkpoints; kill += Math.max(1, Math.floor(checkpoints / 3))) {
        const held = new Held()
        await using first = await stage.open(ports())
        let met = 0
        for await (const change of first.changes(collection, undefined, never)) {
          held.take(collection.id, change)
          if (change.type === 'checkpoint' && (met += 1) === kill) break
        }
        await using second = await stage.open(ports())
        for await (const change of second.changes(collection, held.cursors.get(collection.id), never)) held.take(collection.id, change)
        const expected = [...unbroken.items.values()].filter((item) => item.collection === collection.id)
        expect(held.revisions).toEqual(
          new Map(expected.map(({ id, revision }): [ItemId, string] => [id, revision]).toSorted(([a], [b]) => (a < b ? -1 : 1))),
        )
      }
    }
  })

  staged('4 gives the same ids and revisions on two passes over an unchanged world', async (stage) => {
    await using one = await stage.open(ports())
    await using other = await stage.open(ports())
    expect((await read(one)).revisions).toEqual((await read(other)).revisions)
  })

  const { changes = true, refusals = true } = road
  const changing = (law: string, body: (stage: ConnectorStage, world: NonNullable<ConnectorStage['world']>) => Promise<void>): void => {
    if (changes)
      staged(law, async (stage) => {
        if (stage.world === undefined) throw new Error('this road says that its world can change, and gives none')
        await body(stage, stage.world)
      })
  }
  changing('5 shows what is new, an edit as a new revision, a removal as a deletion', async (stage, world) => {
    // Opened anew each time, as every run does.
    const pass = async (held?: Held): Promise<Held> => {
      await using connector = await stage.open(ports())
      return await read(connector, held)
    }
    const held = await pass()
    const before = held.revisions
    const added = await world.add()
    await pass(held)
    expect(held.items.has(added)).toBe(true)
    const edited = await world.edit()
    await pass(held)
    expect(before.get(edited)).toBeDefined()
    expect(held.revisions.get(edited)).not.toBe(before.get(edited))
    const removed = await world.remove()
    expect(held.items.has(removed)).toBe(true)
    await pass(held)
    expect(held.items.has(removed)).toBe(false)
  })

  staged('6 answers an unusable cursor with a reset and everything', async (stage) => {
    await using connector = await stage.open(ports())
    const fresh = await read(connector)
    const held = new Held()
    for (const [id] of fresh.cursors) held.cursors.set(id, cursor('not a cursor of anybody'))
    await read(connector, held)
    expect(held.changes.filter(({ type }) => type === 'reset')).toHaveLength(fresh.cursors.size)
    expect(held.revisions).toEqual(fresh.revisions)
  })

  staged('7 yields items that their schema accepts, with provenance', async (stage) => {
    await using connector = await stage.open(ports())
    for (const item of (await read(connector)).items.values()) {
      const parsed = bodySchemas[item.kind].safeParse(item.body)
      expect([item.id, parsed.error?.message]).toEqual([item.id, undefined])
      expect(item.id.startsWith(`${item.kind}/`)).toBe(true)
      expect(item.provenance.source).not.toBe('')
      expect(Date.parse(item.provenance.fetchedAt)).toBeGreaterThan(0)
    }
  })

  staged('8 announces every loss it has in its capabilities', async (stage) => {
    await using connector = await stage.open(ports())
    const losses = (await read(connector)).changes.flatMap((change) => (change.type === 'loss' ? [change.loss] : []))
    for (const loss of losses)
      expect({ ...loss, announced: announced(stage.definition.capabilities, loss.item.split('/')[0] ?? '').includes(loss.code) }).toEqual({
        ...loss,
        announced: true,
      })
  })

  staged('9 declares a budget for every request it makes', async (stage) => {
    const heard = ports()
    await using connector = await stage.open(heard)
    await read(connector)
    const declared = Object.keys(stage.definition.limits)
    const known = ({ key }: QuotaNeed): boolean => declared.some((name) => key === name || key.startsWith(name))
    const without = heard.requests.filter((request) => {
      const needs = stage.definition.quotaOf(request)
      return needs.length === 0 || !needs.every(known)
    })
    expect(without.map(({ url }) => new URL(url).pathname)).toEqual([])
  })

  staged('10 stops when it is told to', async (stage) => {
    await using connector = await stage.open(ports())
    const controller = new AbortController()
    const reason = new Error('enough')
    let seen = 0
    const reading = async (): Promise<void> => {
      for await (const collection of connector.collections(controller.signal))
        for await (const _ of connector.changes(collection, undefined, controller.signal)) {
          seen += 1
          if (seen === 3) controller.abort(reason)
        }
    }
    await expect(reading()).rejects.toBe(reason)
  })

  const refusing = (
    law: string,
    body: (stage: ConnectorStage, failNext: NonNullable<ConnectorStage['failNext']>) => Promise<void>,
  ): void => {
    if (refusals)
      staged(law, async (stage) => {
        if (stage.failNext === undefined) throw new Error('this road says that it can be refused, and gives no way')
        await body(stage, stage.failNext)
      })
  }
  refusing('11 gives every refusal its Fault, with a remedy', async (stage, failNext) => {
    const expected = {
      401: 'auth',
      403: 'permission',
      404: 'gone',
      410: 'gone',
      429: 'throttled',
      500: 'unavailable',
      503: 'unavailable',
    } as const
    for (const status of [401, 403, 404, 410, 429, 500, 503] as const) {
      await using connector = await stage.open(ports())
      failNext(status)
      const fault = faultIn(await all(connector).catch((error: unknown) => error))
      expect({ status, code: fault?.code, remedy: fault?.remedy }).toEqual({
        status,
        code: expected[status],
        remedy: expect.stringMatching(/./),
      })
    }
  })

  staged('12 shows its secrets to nobody', async (stage) => {
    const heard = ports()
    await using connector = await stage.open(heard)
    const held = await read(connector)
    const checks = await Array.fromAsync(connector.check(never))
    const shown = JSON.stringify([heard.lines, checks, held.changes])
    for (const canary of stage.canaries) expect(shown).not.toContain(canary)
  })
}
