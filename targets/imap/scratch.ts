import type { Leftover } from '../../src/contract/target.ts'
import { Fault } from '../../src/fault.ts'
import { listFolders, wireName } from './client/folders.ts'
import { logIn } from './client/login.ts'
import { type Settings, scratchFolder } from './settings.ts'
import { openScripts, scriptName } from './sieve/place.ts'

/**
 * Removes the folders of this rehearsal, and of earlier ones that could not remove theirs, from these mailboxes. `logins` undefined: nobody
 * said whose mailboxes these are, and a mail server does not tell.
 */
export async function* destroyScratch(
  settings: Settings,
  run: string,
  logins: Iterable<string> | undefined,
  signal: AbortSignal,
): AsyncGenerator<Leftover> {
  const known = logins ?? fromSettings(settings)
  if (known === undefined) {
    yield {
      what: `folders named ${scratchFolder(run)}, if that rehearsal had made any`,
      why: 'a mail server does not tell whose mailboxes there are',
      remedy: 'A rehearsal of the same source removes them when it ends',
    }
    return
  }
  for (const login of known) {
    try {
      for (const [folder, why] of await removeFrom(settings, login, signal))
        yield { what: `folder ${folder} of ${login}`, why, remedy: 'Delete it in a mail program' }
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Fault)) throw error
      if (error.code === 'auth' || error.code === 'permission') continue
      yield {
        what: `folder ${scratchFolder(run)} of ${login}`,
        why: error.message,
        remedy: 'Rehearse again, or delete it in a mail program',
      }
    }
  }
}

function fromSettings({ access }: Settings): readonly string[] | undefined {
  if (access.via === 'account') return [access.user]
  if (access.via === 'people') return Object.keys(access.passwords)
  return undefined
}

async function removeFrom(settings: Settings, login: string, signal: AbortSignal): Promise<readonly (readonly [string, string])[]> {
  if (settings.sieve !== undefined) {
    await using scripts = await openScripts(settings, login, signal)
    await scripts.remove(scriptName(settings))
  }
  await using connection = await logIn(settings, login, signal)
  const kept: [string, string][] = []
  const ours = (await listFolders(connection))
    .filter(({ name, delimiter }) => {
      const parts = delimiter === null ? [name] : name.split(delimiter)
      // With a prefix such as `INBOX.` it is the second name.
      return parts.slice(0, 2).some((part) => part.startsWith(scratchFolder('')))
    })
    .toSorted((a, b) => b.name.length - a.name.length)
  for (const { name, flags } of ours) {
    await connection.command([`UNSUBSCRIBE ${wireName(connection, name)}`])
    const reply = await connection.command([`DELETE ${wireName(connection, name)}`])
    const empty = flags.includes(String.raw`\noselect`) || flags.includes(String.raw`\nonexistent`)
    if (reply.status !== 'OK' && !empty) kept.push([name, reply.text])
  }
  return kept
}
