import { copyFile, mkdir, rename, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { ProjectRow, UploadRow } from './rows.ts'
import type { World } from './world.ts'

/** CarrierWave keeps letters, digits and `_ . - +`; everything else, spaces too, becomes `_`. */
export const storedName = (filename: string): string =>
  basename(filename)
    .replaceAll(/[^\p{L}\p{M}\p{Nd}\p{Pc}.\-+]/gu, '_')
    .slice(-255)

export async function addUpload(
  world: World,
  project: ProjectRow,
  file: string,
  filename: string,
  secret: string,
  how: 'copy' | 'move',
): Promise<UploadRow> {
  const name = storedName(filename)
  if (name !== filename)
    world.problems.push({ project: world.pathOf(project), where: `uploads/${secret}/${filename}`, what: `is stored as ${name}` })
  const path = join(world.directory, 'uploads', String(project.id), secret, name)
  await mkdir(dirname(path), { recursive: true })
  await (how === 'copy' ? copyFile(file, path) : rename(file, path))
  const known = world.uploads.findIndex((row) => row.project_id === project.id && row.secret === secret && row.filename === name)
  if (known >= 0) world.uploads.splice(known, 1)
  const row: UploadRow = {
    id: world.next('upload'),
    project_id: project.id,
    secret,
    filename: name,
    size: (await stat(path)).size,
    path,
    created_at: world.now(),
  }
  world.uploads.push(row)
  return row
}
