import { z } from 'zod'
import { Fault } from '../../../src/fault.ts'
import { projectPath, type GitlabClient } from '../api/client.ts'
import { Package, PackageFile } from '../api/wire.ts'
import type { Asset, ProjectOperation, ReleaseOperation } from '../operations.ts'
import { degraded, isRefused, type Work } from './work.ts'

/** SHA-256 of the files in a project's generic packages, by `package/version/file`; of a name that stands twice, the newest. */
export async function packageFiles(
  client: GitlabClient,
  project: string | number,
  name: string,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  const query = { package_type: 'generic', package_name: name, order_by: 'created_at', sort: 'asc' }
  for await (const { id, name, version } of client.list(Package, projectPath(project, '/packages'), query, signal))
    for await (const file of client.list(PackageFile, projectPath(project, `/packages/${id}/package_files`), {}, signal))
      files.set(`${name}/${version}/${file.file_name}`, file.file_sha256 ?? `${file.size} bytes`)
  return files
}
export const assetPath = (asset: Pick<Asset, 'package' | 'version' | 'file'>): string => `${asset.package}/${asset.version}/${asset.file}`

/**
 * Brings files of releases into generic packages; the links to them are in the import file. What is there with the same bytes is not sent again.
 * https://docs.gitlab.com/user/packages/generic_packages/ (read 2026-11-25)
 */
export async function uploadAssets(work: Work, project: ProjectOperation, id: number, whole: boolean, signal: AbortSignal): Promise<void> {
  const { client, context, spool, stock } = work
  const releases = [...spool.part<ReleaseOperation>(project.project, 'release')].filter(
    ({ key, assets }) => assets.length > 0 && (whole ? stock.result(key)?.outcome === 'created' : stock.of(key).state !== 'same'),
  )
  const [first] = releases.flatMap(({ assets }) => assets)
  if (first === undefined) return
  const there = await packageFiles(client, id, first.package, signal)
  const total = releases.reduce((sum, { assets }) => sum + assets.length, 0)
  let done = 0
  for (const op of releases)
    for (const asset of op.assets) {
      if (there.get(assetPath(asset)) !== asset.blob.sha256) await upload(work, op, id, asset, signal)
      context.progress('release files', ++done, total)
    }
}

async function upload(
  { client, context, stock }: Work,
  op: ReleaseOperation,
  id: number,
  asset: Asset,
  signal: AbortSignal,
): Promise<void> {
  const { blob } = asset
  const path = projectPath(id, `/packages/generic/${[asset.package, asset.version, asset.file].map(encodeURIComponent).join('/')}`)
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(blob.bytes) }
  try {
    await client.call(z.unknown(), { method: 'PUT', path, headers, stream: () => context.blobs.open(blob, signal) }, signal)
  } catch (error) {
    if (!(error instanceof Fault) || !isRefused(error)) throw error
    const result = stock.result(op.key)
    if (result === undefined) return
    const loss = degraded(op.item, 'rejected-by-target', 'assets', `${asset.name}: ${error.why ?? error.what}`)
    stock.keep({ ...result, losses: [...result.losses, loss] })
  }
}
