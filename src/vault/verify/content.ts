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
import type { Checked, FoundEntry } from './check-object.ts'
import { failed } from './structure.ts'

interface PackContent {
  readonly byHash: ReadonlyMap<string, FoundEntry>
  readonly byPath: ReadonlyMap<string, FoundEntry>
  readonly frames: Checked['frames']
}
export const contentOf = ({ entries, frames }: Checked): PackContent => ({
  byHash: new Map(entries.map((entry) => [entry.h, entry])),
  byPath: new Map(entries.map((entry) => [entry.path, entry])),
  frames,
})

/** Every line of a commit's index, manifests, refs and cursors leads to what it says. `packs`: what was found in the commit's packs. */
export async function* checkLines(
  driver: Driver,
  commit: Commit,
  packs: ReadonlyMap<string, PackContent>,
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
  for (const name of commit.index) yield* read(name, IndexEntry, (line) => misplaced(line, packs), 'index-line')
  for (const { manifest } of commit.roots)
    yield* read(
      manifest,
      ManifestLine,
      (line) => {
        if (line.op !== 'put') return undefined
        const entry = packs.get(packName(line.pack))?.byPath.get(line.path)
        return entry?.h === line.sha256 && entry.n === line.size ? undefined : `${line.path} is not in pack ${line.pack}`
      },
      'manifest-line',
    )
  for (const name of commit.refs) yield* read(name, RefLine, () => undefined, 'refs-line')
  if (commit.cursors !== null && commit.files.some(({ rel }) => rel === commit.cursors))
    yield* read(commit.cursors, CursorLine, () => undefined, 'cursors-line')
}

function misplaced(line: z.infer<typeof IndexEntry>, packs: ReadonlyMap<string, PackContent>): string | undefined {
  if ('parts' in line) {
    const missing = line.parts.find((part) => ![...packs.values()].some(({ byHash }) => byHash.has(part)))
    return missing === undefined ? undefined : `part ${missing} of ${line.h} is in no pack`
  }
  const pack = packs.get(packName(line.p))
  const entry = pack?.byHash.get(line.h)
  if (pack === undefined || entry === undefined || entry.n !== line.n) return `${line.h} is not in pack ${line.p}`
  const frame = pack.frames.find(({ start }) => start === line.zo)
  // Of two equal entries of one pack the index may mean either.
  const right =
    frame !== undefined &&
    (frame.raw + line.o === entry.at || [...pack.byPath.values()].some(({ h, at }) => h === line.h && frame.raw + line.o === at))
  return right || line.n === 0 ? undefined : `${line.h} does not begin where it should`
}
