import type { Capabilities, Support } from '../contract/fidelity.ts'
import type { RateLimit } from '../contract/ports.ts'
import { Fault } from '../fault.ts'
import { exitCodes, type ExitCode } from './exit-code.ts'
import { table } from './format.ts'
import type { Session } from './session.ts'

interface Backend {
  readonly id: string
  readonly title: string
  readonly capabilities: Capabilities
  readonly limits: Readonly<Record<string, RateLimit>>
}
interface Wanted<B extends Backend> {
  readonly what: 'connector' | 'target'
  readonly name: string | undefined
  readonly ids: readonly string[]
  readonly load: (id: string) => Promise<B | undefined>
}

/** Lists backends, or tells everything one of them declares. @throws Fault `usage` for an unknown name */
export async function showBackends<B extends Backend>(
  session: Session,
  { what, name, ids, load }: Wanted<B>,
  text: (backend: B) => string,
): Promise<ExitCode> {
  if (name !== undefined && !ids.includes(name))
    throw new Fault({ code: 'usage', what: `There is no ${what} "${name}"`, remedy: `There are: ${ids.join(', ')}` })
  let shown = 0
  for (const id of name === undefined ? ids : [name]) {
    const backend = await load(id)
    if (backend === undefined) continue
    shown++
    const { title, capabilities, limits } = backend
    session.output.print({ type: 'backend', what, id, title, capabilities, limits }, name === undefined ? `${id}  ${title}` : text(backend))
  }
  session.output.print({ type: 'summary', command: `${what}s`, shown }, '')
  return exitCodes.done
}

/** What a support says, in words. */
export function supportText(support: Support): string {
  if (support.level === 'full') return 'complete'
  return support.level === 'partial' ? `partial (${support.loses.join(', ')}): ${support.note}` : `not carried: ${support.note}`
}

export function backendText({ title, capabilities, limits }: Backend): string {
  const carried = Object.entries(capabilities).map(([kind, support]) => [`  ${kind}`, supportText(support)])
  const budgets = Object.entries(limits).map(([key, { requests, perMs, concurrency }]) => [
    `  ${key}`,
    `${requests} per ${perMs / 1000}s`,
    `${concurrency} at once`,
  ])
  return [title, 'carries:', table(carried), ...(budgets.length === 0 ? [] : ['budgets:', table(budgets)])].join('\n')
}
