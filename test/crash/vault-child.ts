import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cursor } from '../../src/contract/ids.ts'
import { Secret } from '../../src/config/secret.ts'
import { openVault } from '../../src/vault/open.ts'
import { channel, message, streamOf } from '../support/vault/subject.ts'

/*
 * One backup run in a process of its own, to be killed: `node vault-child.ts ROOT RUN`. ROOT holds `vault`, `state` and `index.key`.
 * Run number r says of message m: text `m-r` when m is a multiple of (r mod 3) + 1, so that runs edit what earlier ones wrote.
 * It resumes like a connector: collections before their cursor are not written again.
 */

export const COLLECTIONS = 6
export const MESSAGES = 40
const at = (n: number): string => new Date(Date.UTC(2026, n % 5, 1 + (n % 27), n % 24)).toISOString().replace('Z', '000Z')

/** The text every message has after a whole run. */
export function textAfter(run: number, n: number): string | undefined {
  let text: string | undefined
  for (let r = 1; r <= run; r++) if (n % ((r % 3) + 1) === 0 || text === undefined) text = `${n}-${r}`
  return text
}

export async function backup(root: string, run: number, signal: AbortSignal): Promise<void> {
  const key = new Secret(async () => (await readFile(join(root, 'index.key'), 'utf8')).trim())
  const quiet = (): void => undefined
  const ports = {
    clock: { now: () => new Date(), monotonicMs: () => performance.now(), sleep: () => Promise.resolve() },
    log: { debug: quiet, info: quiet, warn: quiet },
  }
  await using vault = await openVault(
    { dir: join(root, 'vault'), stateDir: join(root, 'state'), host: 'night', ports, indexIdentity: key },
    signal,
  )
  await using writer = await vault.begin('acme', signal)
  for (let c = 0; c < COLLECTIONS; c++) {
    const collection = channel(`C${c}`)
    if (writer.resume.get(collection.id) === `run-${run}`) continue
    await writer.begin(collection)
    for (let n = 0; n < MESSAGES; n++) {
      const text = textAfter(run, n) ?? ''
      const blob =
        n % 5 === 0
          ? await writer.putBlob(
              streamOf(`${collection.id} ${text} `.repeat(3000)),
              { mediaType: 'text/plain', name: `${n}.txt`, key: `${collection.id}/${text}`, collection: collection.id },
              signal,
            )
          : null
      const item = message(collection.id, at(n).replace('.000', `.${String(n).padStart(3, '0')}`), text, blob === null ? [] : [blob])
      if (!writer.has(collection.id, item.id, item.revision)) await writer.write(collection.id, { type: 'upsert', item })
    }
    await writer.write(collection.id, { type: 'checkpoint', cursor: cursor(`run-${run}`) })
    await writer.checkpoint()
  }
  await writer.commit('complete')
}

if (import.meta.main) await backup(process.argv[2] ?? '', Number(process.argv[3]), new AbortController().signal)
