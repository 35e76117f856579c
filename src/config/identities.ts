import { readFile, rename, writeFile } from 'node:fs/promises'
import { isMap, isNode, isSeq, parseDocument, stringify } from 'yaml'
import { z } from 'zod'
import type { Person } from '../contract/target.ts'
import { faultOf, readYaml } from './document.ts'
import { keysOf } from './keys.ts'
import { mistakesOf, type Mistake } from './mistakes.ts'

const Identity = z.strictObject({
  name: z.string().min(1),
  addresses: z.array(z.string().min(3)).default([]),
  /** Source or target name → account name there (handle or native id). */
  accounts: z.record(z.string(), z.string().min(1)).default({}),
  /** Put there by `identities propose`; deleting the line is the review. */
  proposed: z.literal(true).optional(),
})
const Identities = z.strictObject({ people: z.array(Identity).default([]) })

/** One person of the file; `proposed` ones were joined by e-mail and nobody has looked at them yet. */
export interface IdentityLine extends Person {
  readonly proposed: boolean
}

/** Reads the people map; a missing file is an empty one. @throws Fault `config` with line and column, also for an account that two people claim. */
export async function loadIdentities(path: string): Promise<readonly IdentityLine[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? [] : parseIdentities(path, text)
}

export function parseIdentities(path: string, text: string): readonly IdentityLine[] {
  const source = readYaml(path, text)
  const parsed = Identities.safeParse(source.value)
  if (!parsed.success) throw faultOf(source, mistakesOf(parsed.error.issues, keysOf(Identities)))
  const lines = parsed.data.people.map(({ proposed, ...person }) => ({ ...person, proposed: proposed === true }))
  const doubled = doubledClaims(lines)
  if (doubled.length > 0) throw faultOf(source, doubled)
  return lines
}

/** People somebody has looked at: what the engine may map by. */
export const reviewed = (lines: readonly IdentityLine[]): readonly Person[] => lines.filter(({ proposed }) => !proposed)

/** An address or an account can belong to one person only; letter case never matters. */
function doubledClaims(lines: readonly IdentityLine[]): readonly Mistake[] {
  const owners = new Map<string, string>()
  const mistakes: Mistake[] = []
  const claim = (key: string, what: string, person: string, path: readonly PropertyKey[]): void => {
    const owner = owners.get(key)
    if (owner === undefined) owners.set(key, person)
    else
      mistakes.push({
        path,
        atKey: false,
        what: `${what} is already ${owner === person ? 'listed for' : 'with'} ${owner}`,
        instead: 'keep it with one person',
      })
  }
  for (const [index, { name, addresses, accounts }] of lines.entries()) {
    for (const [at, address] of addresses.entries())
      claim(`address ${address.toLowerCase()}`, address, name, ['people', index, 'addresses', at])
    for (const [service, account] of Object.entries(accounts))
      claim(`${service} ${account.toLowerCase()}`, `account ${account} of ${service}`, name, ['people', index, 'accounts', service])
  }
  return mistakes
}

/**
 * Writes additions into the file: new people at the end, new accounts and addresses of proposed people in place. Comments, order and
 * every reviewed line stay as they are. `lines` is what `proposeIdentities` returned for what the file holds.
 */
export async function writeIdentities(path: string, before: string | undefined, lines: readonly IdentityLine[]): Promise<void> {
  await writeFile(`${path}.tmp`, identitiesText(before, lines), { mode: 0o600 })
  await rename(`${path}.tmp`, path)
}

const INTRODUCTION = `# Who is who. fallreep maps authors and members by this file; people marked "proposed: true" are not used until
# somebody has checked them and deleted that line. Account names are handles or ids, by source or target name.`

/** Splices text into text, so that whatever a person wrote stays letter by letter. */
export function identitiesText(before: string | undefined, lines: readonly IdentityLine[]): string {
  const contents: unknown = before === undefined ? undefined : parseDocument(before).contents
  const people: unknown = isMap(contents) ? contents.get('people') : undefined
  if (before === undefined || !isSeq(people) || people.items.length === 0 || people.flow === true) return freshText(before, lines)
  const spliced: { readonly from: number; readonly to: number; readonly text: string }[] = []
  let end = 0
  let indent = 0
  for (const [index, node] of people.items.entries()) {
    const line = lines[index]
    if (!isNode(node) || !node.range || line === undefined) continue
    const [from, to] = node.range
    indent = from - before.lastIndexOf('\n', from - 1) - 1
    end = node.range[2]
    if (line.proposed) spliced.push({ from, to, text: `${entryText(line, indent)}${before.slice(from, to).endsWith('\n') ? '\n' : ''}` })
  }
  const dash = `${' '.repeat(Math.max(0, indent - 2))}- `
  const added = lines.slice(people.items.length).map((line) => `${dash}${entryText(line, indent)}\n`)
  if (added.length > 0) spliced.push({ from: end, to: end, text: `${before.slice(0, end).endsWith('\n') ? '' : '\n'}${added.join('')}` })
  return spliced.reduceRight((text, { from, to, text: by }) => text.slice(0, from) + by + text.slice(to), before)
}

const entryOf = ({ name, addresses, accounts, proposed }: IdentityLine): object => ({
  name,
  addresses,
  accounts,
  ...(proposed ? { proposed: true } : {}),
})
const entryText = (line: IdentityLine, indent: number): string =>
  stringify(entryOf(line), { lineWidth: 0 })
    .trimEnd()
    .replaceAll('\n', `\n${' '.repeat(indent)}`)

/** Where there is no list of people yet. */
function freshText(before: string | undefined, lines: readonly IdentityLine[]): string {
  const introduction = before ?? `${INTRODUCTION}\n`
  return `${introduction.replace(/^people:.*\n?/m, '')}${stringify({ people: lines.map(entryOf) }, { lineWidth: 0 })}`
}
