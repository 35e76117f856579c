import type { CollectionId } from '../../src/contract/ids.ts'
import type { Ports } from '../../src/contract/ports.ts'
import type { Ledger, Observed } from '../../src/contract/target.ts'
import { Fault } from '../../src/fault.ts'
import { Box, patiently } from './apply/box.ts'
import { Channel } from './channel.ts'
import { fetchHashes, type Seen } from './client/fetch.ts'
import { listFolders, openFolder } from './client/folders.ts'
import { folderNotes, folderRemote, mailFields, mailRemote } from './expect.ts'
import { inParallel } from './parallel.ts'
import type { Settings } from './settings.ts'
import { openScripts, scriptHash, scriptNotes, scriptRemote } from './sieve/place.ts'

/** Results read ahead of whoever compares them. */
const AHEAD = 1000

/** Every folder that the ledger knows, and every mail in it, its bytes hashed on this side as they come. Reads only. */
export async function* observe(
  settings: Settings,
  ports: Ports,
  ledger: Ledger,
  only: ReadonlySet<CollectionId> | undefined,
  signal: AbortSignal,
): AsyncGenerator<Observed> {
  const people = new Map<string, Set<string>>()
  for (const entry of ledger.entries({ prefix: 'mailbox/' })) {
    const notes = folderNotes(entry)
    if (notes === undefined || (only !== undefined && !only.has(entry.collection))) continue
    const folders = people.get(notes.login) ?? new Set()
    people.set(notes.login, folders.add(notes.folder))
  }
  yield* observeScripts(settings, ledger, only, signal)
  const stop = new AbortController()
  const channel = new Channel<Observed>(AHEAD)
  const inner = AbortSignal.any([signal, stop.signal])
  const read = inParallel([...people], settings.accounts, ([login, folders]) => readPerson(settings, ports, login, folders, channel, inner))
  read.then(
    () => channel.end(),
    (error: unknown) => channel.fail(error),
  )
  try {
    yield* channel.values()
  } finally {
    stop.abort(new Error('nobody reads on'))
    channel.close()
    await read.catch(() => undefined)
  }
}

/** The scripts that an import brought, as they stand there now. */
async function* observeScripts(
  settings: Settings,
  ledger: Ledger,
  only: ReadonlySet<CollectionId> | undefined,
  signal: AbortSignal,
): AsyncGenerator<Observed> {
  if (settings.sieve === undefined) return
  for (const entry of ledger.entries({ prefix: 'mail-settings/' })) {
    const notes = scriptNotes(entry)
    if (notes === undefined || (only !== undefined && !only.has(entry.collection))) continue
    await using scripts = await openScripts(settings, notes.login, signal)
    const found = await scripts.find(notes.name)
    if (found !== undefined) yield { remote: scriptRemote(notes), fields: { script: scriptHash(found.text), active: found.active } }
  }
}

async function readPerson(
  settings: Settings,
  ports: Ports,
  login: string,
  folders: ReadonlySet<string>,
  channel: Channel<Observed>,
  signal: AbortSignal,
): Promise<void> {
  await using box = new Box(login, settings, ports, signal)
  let listed
  try {
    listed = await box.use(async (connection) => ({
      there: await listFolders(connection),
      subscribed: new Set((await listFolders(connection, true)).map(({ name }) => name)),
    }))
  } catch (error) {
    // Whose mailbox is closed is told by what is missing in it.
    if (error instanceof Fault && (error.code === 'auth' || error.code === 'permission')) return
    throw error
  }
  const there = new Set(listed.there.map(({ name }) => name))
  for (const name of folders)
    if (there.has(name)) await channel.put({ remote: folderRemote(login, name), fields: { name, subscribed: listed.subscribed.has(name) } })
  await inParallel(
    [...folders].filter((name) => there.has(name)),
    settings.connections,
    async (name) => {
      let done = 0
      await patiently({ signal }, () =>
        box.use(async (connection) => {
          const { uidValidity, exists } = await openFolder(connection, name, true)
          if (exists === 0) return
          for await (const seen of fetchHashes(connection, `${done + 1}:*`)) {
            if (seen.uid <= done) continue
            done = seen.uid
            await channel.put(observed(login, name, uidValidity, seen))
          }
        }),
      )
    },
  )
}

const observed = (login: string, folder: string, uidValidity: number, { uid, sha256, date, flags }: Seen): Observed => ({
  remote: mailRemote(login, { folder, uidValidity, uid }),
  fields: mailFields(sha256, date, flags),
})
