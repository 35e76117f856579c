import type { Fields } from '../../../../src/contract/target.ts'
import { Fault } from '../../../../src/fault.ts'
import { part, projectPath } from '../../api/client.ts'
import { resourcesOf } from '../../api/resources.ts'
import { Release } from '../../api/wire.ts'
import { releaseFields } from '../../file/expect.ts'
import type { ReleaseOperation } from '../../operations.ts'
import { releaseRemote } from '../../remote.ts'
import { degraded, dropped, isRefused } from '../work.ts'
import { type Delta, isPending, keepAsItIs } from './delta.ts'
import { withUploads } from './uploads.ts'

/** New and changed releases; the bytes of their files come with the large files. */
export async function bringReleases(delta: Delta, signal: AbortSignal): Promise<void> {
  const { work, project } = delta
  for (const op of [...work.spool.part<ReleaseOperation>(project.project, 'release')]) {
    const row = work.stock.of(op.key)
    if (!isPending(row)) {
      keepAsItIs(delta, op)
      continue
    }
    const remote = releaseRemote(project.project, op.tag)
    try {
      const fresh = await bringOne(delta, op, signal)
      const { author, ...fields }: Record<string, Fields[string]> = { ...releaseFields(op, delta.people) }
      const expect = fresh ? fields : { ...fields, author: author ?? null }
      const losses = fresh ? [degraded(op.item, 'author-replaced', 'author', 'made after the import: GitLab names the importing user')] : []
      work.stock.keep({ key: op.key, outcome: row.state === 'new' ? 'created' : 'updated', remote, expect, losses })
    } catch (error) {
      if (!(error instanceof Fault) || !isRefused(error)) throw error
      work.stock.keep({
        key: op.key,
        outcome: 'failed',
        remote,
        expect: {},
        losses: [dropped(op.item, 'rejected-by-target', error.why ?? error.what)],
      })
    }
  }
}

/** @returns whether it was made by us just now */
async function bringOne(delta: Delta, op: ReleaseOperation, signal: AbortSignal): Promise<boolean> {
  const { work, id } = delta
  const { client } = work
  const path = projectPath(id, `/releases/${part(op.tag)}`)
  const found = await client.find(Release, path, {}, signal)
  const { text } = await withUploads(delta, op, signal)
  const json = { name: op.name, description: text, released_at: op.releasedAt }
  const standing =
    found === undefined
      ? await client.call(Release, { method: 'POST', path: projectPath(id, '/releases'), json: { ...json, tag_name: op.tag } }, signal)
      : await client.call(Release, { method: 'PUT', path, json }, signal)
  const { releaseLinks } = resourcesOf(client, signal)
  const wanted = new Map(op.assets.map(({ name, url }) => [name, url]))
  for (const link of standing.assets.links)
    if (wanted.get(link.name) === link.url) wanted.delete(link.name)
    else if (wanted.has(link.name)) await releaseLinks.remove(id, op.tag, link.id)
  for (const [name, url] of wanted) await releaseLinks.create(id, op.tag, name, url)
  return found === undefined
}
