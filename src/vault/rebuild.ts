import { Fault } from '../fault.ts'
import type { Catalog } from './catalog.ts'
import type { Committed } from './commit.ts'
import type { Driver } from './driver.ts'
import { IndexEntry } from './locations.ts'
import { RefLine } from './refs.ts'
import { linesOf, unsealing } from './unsealed.ts'

/**
 * Brings the catalog to the newest commit: from where it stands if that is a commit of this chain, else from nothing.
 * Needs the index identity alone. @throws Fault `corrupt`, `gone`, `unavailable`
 */
export async function rebuild(
  driver: Driver,
  catalog: Catalog,
  chain: readonly Committed[],
  identity: string,
  signal: AbortSignal,
): Promise<void> {
  const seq = Number(catalog.meta('seq') ?? 0)
  const standing = chain[seq - 1]
  const fits = seq === 0 ? catalog.meta('sha256') === undefined : standing?.sha256 === catalog.meta('sha256')
  if (fits && seq === chain.length) return
  const from = fits ? seq : 0
  const recipient = catalog.meta('recipient')
  catalog.begin()
  if (from === 0) {
    catalog.clear()
    if (recipient !== undefined) catalog.setMeta('recipient', recipient)
  }
  for (const { body, sha256 } of chain.slice(from)) {
    for (const name of body.refs)
      for await (const line of linesOf(unsealing(driver, name, [identity], signal))) catalog.apply(parsed(name, line))
    for (const name of body.index)
      for await (const line of linesOf(unsealing(driver, name, [identity], signal))) {
        const { h, n } = IndexEntry.parse(JSON.parse(line))
        catalog.putBlob(h, n)
      }
    catalog.setMeta('seq', String(body.seq))
    catalog.setMeta('sha256', sha256)
  }
  catalog.commit()
}

function parsed(name: string, line: string): RefLine {
  try {
    return RefLine.parse(JSON.parse(line))
  } catch (cause) {
    throw new Fault({
      code: 'corrupt',
      what: `The file ${name} holds a line that cannot be read`,
      remedy: 'Restore it from a second copy of the vault',
      cause,
    })
  }
}
