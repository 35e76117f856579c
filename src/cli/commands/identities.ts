import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import type { FoundAccount } from '../../config/propose.ts'
import type { SourceHandle, Workspace } from '../../engine/api.ts'
import { exitCodes } from '../exit-code.ts'
import { countText } from '../format.ts'
import type { Act } from '../session.ts'

export const configure = (command: Command, act: Act): Command => command.addCommand(check(act)).addCommand(propose(act))

const check = (act: Act): Command =>
  new Command('check').description('read identities.yaml and say what is wrong or not reviewed').action(
    act(async (session) => {
      const { loadIdentities } = await import('../../config/identities.ts')
      const path = (await session.config()).config.identities
      const people = await loadIdentities(path)
      const proposed = people.filter((person) => person.proposed)
      for (const { name } of proposed) session.output.note(`not reviewed: ${name}`)
      const text = `${path}: ${countText(people.length - proposed.length, 'person', 'people')} reviewed, ${proposed.length} proposed`
      session.output.print(
        { type: 'summary', command: 'identities check', path, reviewed: people.length - proposed.length, proposed: proposed.length },
        text,
      )
      return exitCodes.done
    }),
  )

const propose = (act: Act): Command =>
  new Command('propose')
    .description('ask sources for their accounts, join them by e-mail, add who is missing as "proposed: true"')
    .argument('[source...]', 'names from the configuration (default: all)')
    .action(
      act(async (session, names) => {
        const { loadIdentities, writeIdentities } = await import('../../config/identities.ts')
        const { proposeIdentities } = await import('../../config/propose.ts')
        const { sourceHandle } = await import('../../config/backends.ts')
        const { openWorkspace } = await import('../workspace.ts')
        const loaded = await session.config()
        const path = loaded.config.identities
        const wanted = names.length > 0 ? names : Object.keys(loaded.config.sources)
        await using open = await openWorkspace(session, { contentKey: false, identities: false })
        const found: FoundAccount[] = []
        for (const name of wanted) found.push(...(await accountsOf(await sourceHandle(loaded, name), open.workspace, session.signal)))
        const before = await readFile(path, 'utf8').catch(() => undefined)
        const { people, added, extended, conflicts } = proposeIdentities(await loadIdentities(path), found)
        for (const { person, detail } of conflicts)
          session.output.print({ type: 'conflict', person, detail }, `look at: ${person} ${detail}`)
        const write = session.globals.dryRun !== true && added + extended > 0
        if (write) await writeIdentities(path, before, people)
        const text = `${path}: ${countText(added, 'new person', 'new people')}, ${extended} extended, ${countText(conflicts.length, 'conflict')}${write ? '; check them and delete their "proposed: true" lines' : ', nothing written'}`
        session.output.print(
          { type: 'summary', command: 'identities propose', path, added, extended, conflicts: conflicts.length, written: write },
          text,
        )
        return exitCodes.done
      }),
    )

/** People of a source, straight from its directory; bots and unknowns are nobody's accounts. */
async function accountsOf(
  { name, definition, config }: SourceHandle,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<readonly FoundAccount[]> {
  const ports = workspace.portsFor({ name, limits: definition.limits, quotaOf: (request) => definition.quotaOf(request), reads: true })
  await using connector = await definition.open(name, config, ports, signal)
  const found: FoundAccount[] = []
  for await (const collection of connector.collections(signal)) {
    if (!collection.kinds.includes('account')) continue
    for await (const change of connector.changes(collection, undefined, signal)) {
      if (change.type !== 'upsert' || change.item.kind !== 'account') continue
      const { handle, realName, displayName, email, role } = change.item.body
      if (role !== 'bot' && role !== 'unknown') found.push({ service: name, account: handle, name: realName ?? displayName, email })
    }
  }
  return found
}
