import type { z } from 'zod'
import type { Check } from '../../contract/ports.ts'
import { faultIn } from '../../fault.ts'
import type { Commit } from '../commit.ts'
import type { Driver } from '../driver.ts'
import { packName } from '../layout.ts'
import { IndexEntry } from '../locations.ts'
import { ManifestLine } from '../manifest-line.ts'
import { CursorLine, RefLine } from '../refs.ts'
import { linesOf, unsealing } from '../unsealed.ts'
import type { Inventory } from './inventory.ts'
import { failed } from './structure.ts'

/**
 * Every line of a commit's index, manifests, refs and cursors leads to what it says. `inventory`: what was found in packs so far;
 * `joined`: the hash over the parts of each file in parts of this commit, by the hashes of the parts.
 */
export async function* checkLines(
  driver: Driver,
  commit: Commit,
  inventory: Inventory,
  joined: ReadonlyMap<string, string>,
  identity: string,
  signal: AbortSignal,
): AsyncGenerator<Check> {
  const read = async function* <T>(
    name: string,
    schema: z.ZodType<T>,
    judge: (line: T) => string | undefined,
    code: string,
  ): AsyncGenerator<Check> {
    try {
      for await (const text of linesOf(unsealing(driver, name, [identity], signal))) {
        const wrong = judge(schema.parse(JSON.parse(text)))
        if (wrong !== undefined) yield failed(code, `${name}: ${wrong}`)
      }
    } catch (error) {
      if (signal.aborted) throw error
      yield failed(code, `${name}: ${faultIn(error)?.message ?? 'a line cannot be read'}`)
    }
  }
  const compartment = commit.compartment.id
  for (const name of commit.index) yield* read(name, IndexEntry, (line) => misplaced(line, compartment, inventory, joined), 'index-line')
  for (const { manifest } of commit.roots)
    yield* read(
      manifest,
      ManifestLine,
      (line) => {
        if (line.op !== 'put') return undefined
        const there = inventory.hasPath(compartment, packName(line.pack), line.sha256, line.size, line.path)
        return there ? undefined : `${line.path} is not in pack ${line.pack}`
      },
      'manifest-line',
    )
  for (const name of commit.refs)
    yield* read(
      name,
      RefLine,
      (line) => {
        const named = line.o === 'entry' || line.o === 'blob' ? [line.h] : line.o === 'put' ? (line.h ?? []) : []
        for (const h of named) inventory.want(compartment, h, 'refs-line', name)
        return undefined
      },
      'refs-line',
    )
  if (commit.cursors !== null && commit.files.some(({ rel }) => rel === commit.cursors))
    yield* read(commit.cursors, CursorLine, () => undefined, 'cursors-line')
}

function misplaced(
  line: z.infer<typeof IndexEntry>,
  compartment: string,
  inventory: Inventory,
  joined: ReadonlyMap<string, string>,
): string | undefined {
  if ('parts' in line) {
    const missing = line.parts.find((part) => !inventory.has(compartment, part))
    if (missing !== undefined) return `part ${missing} of ${line.h} is in no pack`
    if (joined.get(line.parts.join(' ')) !== line.h) return `the parts of ${line.h} put together are not what its name says`
    inventory.joined(compartment, line.h)
    return undefined
  }
  const pack = packName(line.p)
  return line.n === 0 || inventory.hasAt(compartment, pack, line.h, line.zo, line.o, line.n)
    ? undefined
    : `${line.h} does not begin where it should in pack ${line.p}`
}
