import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import type { Kind } from '../src/contract/item.ts'
import type { TargetDefinition } from '../src/contract/target.ts'
import type { DavOperation } from '../src/dav/target/operations.ts'
import type { CommonSettings } from '../src/dav/target/settings.ts'
import { openLedger } from '../src/engine/ledger.ts'
import { cardAs3 } from '../src/standards/card-as-3.ts'
import { definition as caldav } from '../targets/caldav/definition.ts'
import { definition as carddav } from '../targets/carddav/definition.ts'
import { applyAll, differences } from '../test/contract/target-run.ts'
import { card, event } from '../test/testbed/dav/bodies.ts'
import { ports, secret } from '../test/testbed/dav/ports.ts'
import { type RealServer, radicale } from '../test/testbed/dav/real.ts'
import { Source } from '../test/testbed/dav/source.ts'

const sh = promisify(execFile)
const signal = AbortSignal.timeout(3_600_000)
type Time = 'zoned' | 'utc'
const at9 = (time: Time, local: string) =>
  time === 'zoned' ? ({ type: 'zoned', local, zone: 'Europe/Berlin' } as const) : ({ type: 'utc', at: `${local}Z` } as const)
const day = (at: number): string => `2026-${String((at % 12) + 1).padStart(2, '0')}-${String((at % 28) + 1).padStart(2, '0')}`

/** An hour of a day; with `series`, three of ten repeat, each with one occurrence left out or moved, as calendars are. */
function eventText(at: number, time: Time, series: boolean): string {
  const zoned = (local: string) => at9(time, local)
  const start = `${day(at)}T09:00:00`
  const parts = {
    start: zoned(start),
    end: zoned(`${day(at)}T10:00:00`),
    summary: `Planning ${at}`,
    description: `Agenda of ${at}\n`.repeat(5),
    location: 'Room 5',
  }
  if (!series || at % 10 >= 3) return event(`event-${at}@bench`, parts)
  const moved = { recurrenceId: zoned(start), start: zoned(`${day(at)}T11:00:00`), end: zoned(`${day(at)}T12:00:00`) }
  return event(`event-${at}@bench`, { ...parts, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=20'], excluded: [zoned(start)].slice(at % 2) }, moved)
}
const cardText = (at: number): string =>
  card(`card-${at}`, {
    name: { family: `Family ${at}`, given: 'Given', additional: '', prefix: '', suffix: '', phoneticFamily: '', phoneticGiven: '' },
    emails: [{ value: `p${at}@example.org`, types: ['work'], label: null, preferred: true }],
    phones: [{ value: `+49 30 ${at}`, types: ['cell'], label: null, preferred: false }],
    notes: [`Met in ${day(at)}`],
    categories: ['Customers'],
  })

type Case = 'events' | 'events-utc' | 'series-utc' | 'cards'
const textOf = (kind: Case, at: number): string =>
  kind === 'cards' ? cardAs3(cardText(at)).vcf : eventText(at, kind === 'events' ? 'zoned' : 'utc', kind !== 'events-utc')

function sourceOf(kind: Case, items: number): Source {
  const source = new Source()
  source.account('ada')
  const place = kind === 'cards' ? source.addressbook('ada', 'Bench') : source.calendar('ada', 'Bench')
  for (let at = 0; at < items; at++) {
    const name = String(at).padStart(6, '0')
    if (kind === 'cards') source.contact(place, name, cardText(at))
    else source.event(place, name, textOf(kind, at))
  }
  return source
}

/** Seconds that the import takes once everything is mapped; what stands afterwards is compared, off the clock. */
async function ours<S extends CommonSettings>(
  definition: TargetDefinition<string, S, DavOperation>,
  server: RealServer,
  source: Source,
  kinds: readonly Kind[],
  wholePlaces: 'auto' | 'never',
): Promise<number> {
  const login = { type: 'account', login: 'ada@example.org', password: { env: 'NONE' } }
  const parsed = definition.config.parse({ url: server.url, access: login, wholePlaces })
  const config: S = { ...parsed, access: { type: 'account', login: 'ada@example.org', password: secret('a') } }
  await using target = await definition.open('dav', config, ports, signal)
  const mapper = definition.mapper(source.directory, config, await target.survey(source.directory, signal))
  using ledger = openLedger(join(server.dir, 'ledger.db'))
  const started = performance.now()
  const { applied } = await applyAll({ items: source.ordered(kinds), blobs: source.blobs }, mapper, target, ledger, signal)
  const seconds = (performance.now() - started) / 1000
  const wrong = differences(applied, await Array.fromAsync(target.observe(ledger, undefined, signal)))
  if (wrong.length > 0) throw new Error(`${wrong.length} differ, the first: ${wrong[0] ?? ''}`)
  return seconds
}

async function vdirsyncer(kind: Case, server: RealServer, items: number): Promise<number> {
  const suffix = kind === 'cards' ? '.vcf' : '.ics'
  const dir = join(server.dir, 'vdirsyncer')
  const files = join(dir, 'local', 'bench')
  await mkdir(files, { recursive: true })
  for (let at = 0; at < items; at++) await writeFile(join(files, `${at}${suffix}`), textOf(kind, at))
  const config = [
    '[general]',
    `status_path = "${join(dir, 'status')}"`,
    '[pair p]',
    'a = "local"',
    'b = "remote"',
    'collections = ["bench"]',
    '[storage local]',
    'type = "filesystem"',
    `path = "${join(dir, 'local')}"`,
    `fileext = "${suffix}"`,
    '[storage remote]',
    `type = "${kind === 'cards' ? 'carddav' : 'caldav'}"`,
    `url = "${server.url}"`,
    'username = "ada@example.org"',
    'password = "a"',
  ]
  const path = join(dir, 'config')
  await writeFile(path, `${config.join('\n')}\n`)
  await sh('sh', ['-c', `yes | vdirsyncer -c '${path}' discover`])
  const started = performance.now()
  await sh('vdirsyncer', ['-c', path, 'sync'], { maxBuffer: 1 << 26 })
  return (performance.now() - started) / 1000
}

/**
 * Events and cards into Debian's Radicale, beside Debian's vdirsyncer in the same run. Both go in turns, each into a server of its own, so that what
 * else the machine does falls on both. The server keeps its files in memory unless `--disk` says otherwise: it waits for the disk after every item, which on a
 * slow disk is nearly all there is to measure, and the same for every tool.
 */
export async function run(argv: readonly string[]): Promise<void> {
  const options = {
    items: { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '4' },
    disk: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  } as const
  const { values } = parseArgs({ args: [...argv], options })
  const rounds = Math.min(Number(values.rounds), Number(values.items))
  const items = Math.floor(Number(values.items) / rounds)
  const seconds = new Map<string, { case: string; tool: string; items: number; seconds: number }>()
  const measure = async (name: string, tool: string, work: (server: RealServer) => Promise<number>): Promise<void> => {
    await using server = await radicale({ 'ada@example.org': 'a' }, values.disk ? tmpdir() : '/dev/shm')
    const took = await work(server)
    const row = seconds.get(`${name} ${tool}`) ?? { case: name, tool, items: 0, seconds: 0 }
    seconds.set(`${name} ${tool}`, { ...row, items: row.items + items, seconds: row.seconds + took })
  }
  for (const kind of ['events', 'events-utc', 'series-utc', 'cards'] as const) {
    const source = sourceOf(kind, items)
    // The two definitions differ in their settings, which is of no matter here.
    const definition = (kind === 'cards' ? carddav : caldav) as unknown as TargetDefinition<string, CommonSettings, DavOperation>
    const kinds: readonly Kind[] = kind === 'cards' ? ['addressbook', 'contact'] : ['calendar', 'event']
    const turns = [
      () => measure(kind, 'fallreep', (server) => ours(definition, server, source, kinds, 'never')),
      () => measure(kind, 'vdirsyncer', (server) => vdirsyncer(kind, server, items)),
      // A zoned event is put alone whatever the server allows: Radicale would change it.
      ...(kind === 'events'
        ? []
        : [() => measure(`${kind}-collection`, 'fallreep', (server) => ours(definition, server, source, kinds, 'auto'))]),
    ]
    for (let round = 0; round < rounds; round++) for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn()
  }
  const rounded = (value: number): number => Math.round(value * 100) / 100
  const rows = [...seconds.values()].map((row) => ({
    case: row.case,
    tool: row.tool,
    itemsPerSecond: rounded(row.items / row.seconds),
    seconds: rounded(row.seconds),
  }))
  console.log(JSON.stringify({ bench: 'dav', rounds, rows }))
}

if (import.meta.main) await run(process.argv.slice(2))
