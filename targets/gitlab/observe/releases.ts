import type { Observed } from '../../../src/contract/target.ts'
import { projectPath } from '../api/client.ts'
import { Release } from '../api/wire.ts'
import { packageFiles } from '../apply/assets.ts'
import { textHash } from '../file/expect.ts'
import { ASSET_PACKAGE } from '../map/release.ts'
import { releaseRemote } from '../remote.ts'
import type { Scan } from './observe.ts'
import { nameOf, timeOf } from './people.ts'

/** Releases with the links they show; a link to a file of ours whose bytes are not there does not count. */
export async function* observeReleases({ client, project, id }: Scan, signal: AbortSignal): AsyncGenerator<Observed> {
  let files: ReadonlyMap<string, string> | undefined
  for await (const release of client.list(Release, projectPath(id, '/releases'), {}, signal)) {
    const assets: string[] = []
    for (const { name, url } of release.assets.links) {
      const [, path] = /\/packages\/generic\/(.+)$/.exec(url) ?? []
      if (path?.startsWith(`${ASSET_PACKAGE}/`) === true) {
        files ??= await packageFiles(client, id, ASSET_PACKAGE, signal)
        if (!files.has(decodeURIComponent(path))) continue
      }
      assets.push(`${name} ${url}`)
    }
    yield {
      remote: releaseRemote(project, release.tag_name),
      fields: {
        name: release.name ?? release.tag_name,
        text: textHash(release.description ?? ''),
        author: nameOf(release.author),
        releasedAt: timeOf(release.released_at),
        assets: assets.toSorted(),
      },
    }
  }
}
