import type { Observed } from '../../../src/contract/target.ts'
import { lfsBatch } from '../../../src/git/lfs-batch.ts'
import { listRefs } from '../../../src/git/upload-pack.ts'
import { orGone } from '../api/client.ts'
import { refsHash } from '../api/refs-hash.ts'
import type { Project } from '../api/wire.ts'
import { lfsRemote, projectRemote } from '../remote.ts'
import type { Scan } from './observe.ts'

/** Objects that are asked for in one request. */
const AT_ONCE = 100

/** The project itself with what its branches and tags point to, and which large files it gives. */
export async function* observeRepository(scan: Scan, found: Project, signal: AbortSignal): AsyncGenerator<Observed> {
  const { client, project, intended } = scan
  const { refs } = await listRefs(client.git(project), { prefixes: ['refs/heads/', 'refs/tags/'] }, signal)
  yield {
    remote: projectRemote(project),
    fields: {
      name: found.name,
      description: found.description ?? '',
      visibility: found.visibility,
      archived: found.archived,
      topics: found.topics.toSorted(),
      issues: found.issues_enabled,
      wiki: found.wiki_enabled,
      refs: refsHash(refs),
      wikiRefs: found.wiki_enabled ? await wikiRefs(scan, signal) : null,
      defaultBranch: found.default_branch ?? null,
    },
  }
  const pointers = [...intended.lfs].map(([oid, size]) => ({ oid, size }))
  for (let at = 0; at < pointers.length; at += AT_ONCE) {
    const some = pointers.slice(at, at + AT_ONCE)
    const answers = await lfsBatch(client.git(project), 'download', some, signal)
    for (const { oid, size } of some) {
      const answer = answers.get(oid)
      if (answer?.actions?.download !== undefined) yield { remote: lfsRemote(project, oid), fields: { bytes: answer.size ?? size } }
    }
  }
}

/** A wiki without a page is no repository. */
async function wikiRefs({ client, project }: Scan, signal: AbortSignal): Promise<string | null> {
  const list = await orGone(() => listRefs(client.git(`${project}.wiki`), { prefixes: ['refs/heads/', 'refs/tags/'] }, signal))
  return list === undefined ? null : refsHash(list.refs)
}
