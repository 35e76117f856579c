import type { Command } from 'commander'
import type { Check } from '../../contract/ports.ts'
import { Fault, faultIn } from '../../fault.ts'
import { checkText } from '../check-text.ts'
import { exitCodes } from '../exit-code.ts'
import { countText } from '../format.ts'
import type { Act, Session } from '../session.ts'

type Subject = readonly [subject: string, checks: () => AsyncIterable<Check>]

export const configure = (command: Command, act: Act): Command =>
  command.action(
    act(async (session, names) => {
      const counts = { pass: 0, warn: 0, fail: 0, skip: 0 }
      for (const [subject, checks] of await subjectsOf(session, names)) {
        try {
          for await (const check of checks()) told(session, subject, check, counts)
        } catch (error) {
          session.signal.throwIfAborted()
          const fault = faultIn(error)
          if (fault === undefined) throw error
          const detail = fault.why === undefined ? fault.what : `${fault.what}: ${fault.why}`
          told(
            session,
            subject,
            { name: fault.code, status: 'fail', detail, ...(fault.remedy === undefined ? {} : { remedy: fault.remedy }) },
            counts,
          )
        }
      }
      const text =
        counts.fail === 0
          ? `ready: ${countText(counts.pass, 'check')} passed, ${counts.warn} to look at`
          : `${countText(counts.fail, 'check')} failed`
      session.output.print({ type: 'summary', command: 'doctor', ...counts }, text)
      return counts.fail === 0 ? exitCodes.done : exitCodes.failed
    }),
  )

function told(session: Session, subject: string, check: Check, counts: Record<Check['status'], number>): void {
  counts[check.status]++
  session.output.print({ type: 'check', subject, ...check }, checkText(subject, check, session.streams))
}

/** Without names: this machine, the vault, every source and target. With names: only those. @throws Fault `usage` for an unknown name */
async function subjectsOf(session: Session, names: readonly string[]): Promise<readonly Subject[]> {
  const { machineChecks, vaultChecks } = await import('../checks.ts')
  const { config } = await session.config()
  for (const name of names)
    if (config.sources[name] === undefined && config.targets[name] === undefined)
      throw new Fault({
        code: 'usage',
        what: `There is neither a source nor a target "${name}"`,
        remedy: `There are: ${[...Object.keys(config.sources), ...Object.keys(config.targets)].join(', ') || 'none'}`,
      })
  const wanted = (name: string): boolean => names.length === 0 || names.includes(name)
  return [
    ...(names.length > 0
      ? []
      : ([
          ['machine', () => machineChecks(session)],
          ['vault', () => vaultChecks(session)],
        ] as const)),
    ...Object.keys(config.sources)
      .filter(wanted)
      .map((name): Subject => [name, () => backendChecks(session, 'source', name)]),
    ...Object.keys(config.targets)
      .filter(wanted)
      .map((name): Subject => [name, () => backendChecks(session, 'target', name)]),
  ]
}

async function* backendChecks(session: Session, role: 'source' | 'target', name: string): AsyncGenerator<Check> {
  const { sourceHandle, targetHandle } = await import('../../config/backends.ts')
  const { openSource, openTarget } = await import('../../engine/open.ts')
  const { openPorts } = await import('../workspace.ts')
  const loaded = await session.config()
  await using ports = await openPorts(session)
  await using backend =
    role === 'source'
      ? await openSource(await sourceHandle(loaded, name), ports.portsFor, session.signal)
      : await openTarget(await targetHandle(loaded, name), ports.portsFor, session.signal)
  yield* backend.check(session.signal)
}
