import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import type { FoundAccount } from '../../config/propose.ts'
import { exitCodes } from '../exit-code.ts'
import { countText } from '../format.ts'
import { repeatable } from '../options.ts'
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
    .addOption(repeatable('--to <target>', 'also join the accounts this target has already; may be repeated'))
    .action(
      act<{ readonly to?: readonly string[] }>(async (session, names, { to = [] }) => {
        const { loadIdentities, writeIdentities } = await import('../../config/identities.ts')
        const { proposeIdentities } = await import('../../config/propose.ts')
        const { sourceHandle, targetHandle } = await import('../../config/backends.ts')
        const { sourceAccounts, targetAccounts } = await import('../found-accounts.ts')
        const { openPorts } = await import('../workspace.ts')
        const loaded = await session.config()
        const path = loaded.config.identities
        const wanted = names.length > 0 ? names : Object.keys(loaded.config.sources)
        await using ports = await openPorts(session)
        const found: FoundAccount[] = []
        const there: FoundAccount[] = []
        for (const name of wanted) found.push(...(await sourceAccounts(await sourceHandle(loaded, name), ports.portsFor, session.signal)))
        for (const name of to) there.push(...(await targetAccounts(await targetHandle(loaded, name), ports.portsFor, session.signal)))
        const before = await readFile(path, 'utf8').catch(() => undefined)
        const { people, added, extended, conflicts } = proposeIdentities(await loadIdentities(path), found, there)
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
