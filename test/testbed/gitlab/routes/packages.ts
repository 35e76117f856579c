import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { packageAnswer } from '../answers/projects.ts'
import { type Ask, created, json, noContent, param, projectIn, received, type Route, word } from '../ask.ts'
import { page } from '../pages.ts'
import { badRequest, missing, notFound } from '../refusal.ts'
import type { PackageRow, UploadRow } from '../rows.ts'
import { addUpload } from '../uploads.ts'

const NAME = /^[A-Za-z0-9._+~@-]{1,255}$/
/** Puts the body of a request on disk; tells its size and hash. */
export async function spool(ask: Ask, path: string): Promise<{ readonly size: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  let size = 0
  const counting = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk)
      size += chunk.length
      done(null, chunk)
    },
  })
  const { body } = ask.http.req.raw
  await pipeline(body === null ? Readable.from([]) : Readable.fromWeb(body as never), counting, createWriteStream(path))
  return { size, sha256: hash.digest('hex') }
}
function packageNamed(ask: Ask, projectId: number, name: string, version: string): PackageRow | undefined {
  return ask.world.packages.find((row) => row.project_id === projectId && row.name === name && row.version === version)
}
function packageIn(ask: Ask, level = 0): PackageRow {
  const project = projectIn(ask, level)
  const row = ask.world.packages.find((each) => each.project_id === project.id && each.id === Number(param(ask, 'package_id')))
  if (row === undefined) throw notFound('Package')
  return row
}
function uploadNumbered(ask: Ask): UploadRow {
  const project = projectIn(ask, 40)
  const row = ask.world.uploads.find((each) => each.project_id === project.id && each.id === Number(param(ask, 'upload_id')))
  if (row === undefined) throw notFound('Upload')
  return row
}
function uploadIn(ask: Ask): UploadRow {
  const project = projectIn(ask)
  const row = ask.world.uploads.find(
    (each) => each.project_id === project.id && each.secret === param(ask, 'secret') && each.filename === param(ask, 'filename'),
  )
  if (row === undefined) throw notFound('File')
  return row
}
const uploadAnswer = ({ id, size, filename, created_at }: UploadRow): Record<string, unknown> => ({
  id,
  size,
  filename,
  created_at,
  uploaded_by: null,
})

export const packageRoutes: readonly Route[] = [
  {
    // Every upload is kept: the same name twice makes two files, and the newest is the one that is fetched.
    route: 'PUT /projects/{id}/packages/generic/{name}/{version}/{file_name}',
    answer: async (ask) => {
      const project = projectIn(ask, 30)
      const [name, version, file_name] = [param(ask, 'name'), param(ask, 'version'), param(ask, 'file_name')]
      for (const [key, value] of Object.entries({ package_name: name, package_version: version, file_name }))
        if (!NAME.test(value) || value.startsWith('~') || value.startsWith('@')) throw badRequest(`${key} is invalid`)
      const directory = join(ask.world.directory, 'packages')
      await mkdir(directory, { recursive: true })
      const path = join(directory, randomUUID())
      const { size, sha256 } = await spool(ask, path)
      const known = packageNamed(ask, project.id, name, version)
      const row = known ?? { id: ask.world.next('package'), project_id: project.id, name, version, created_at: ask.world.now(), files: [] }
      if (known === undefined) ask.world.packages.push(row)
      const id = ask.world.next('package_file')
      row.files.push({ id, file_name, size, sha256, path })
      if (word(ask, 'select') !== 'package_file') return json({ message: '201 Created' }, 201)
      return created({ id, package_id: row.id, file_name, size, file_sha256: sha256, created_at: row.created_at, file: { url: '' } })
    },
  },
  {
    route: 'GET /projects/{id}/packages/generic/{name}/{version}/{file_name}',
    answer: (ask) => {
      const row = packageNamed(ask, projectIn(ask).id, param(ask, 'name'), param(ask, 'version'))
      const file = row?.files.findLast((each) => each.file_name === param(ask, 'file_name'))
      if (file === undefined) throw notFound('Package')
      return { file: file.path, type: 'application/octet-stream', name: file.file_name }
    },
  },
  {
    route: 'GET /projects/{id}/packages',
    answer: (ask) => {
      const project = projectIn(ask)
      const name = word(ask, 'package_name')
      const rows = ask.world.packages.filter((row) => row.project_id === project.id && (name === undefined || row.name.includes(name)))
      return page(ask, rows, (row) => packageAnswer(ask.world, row))
    },
  },
  { route: 'GET /projects/{id}/packages/{package_id}', answer: (ask) => json(packageAnswer(ask.world, packageIn(ask))) },
  {
    route: 'GET /projects/{id}/packages/{package_id}/package_files',
    answer: (ask) => {
      const row = packageIn(ask)
      return page(ask, row.files, ({ id, file_name, size, sha256 }) => ({
        id,
        package_id: row.id,
        created_at: row.created_at,
        file_name,
        size,
        file_sha256: sha256,
      }))
    },
  },
  {
    route: 'DELETE /projects/{id}/packages/{package_id}',
    answer: (ask) => {
      const row = packageIn(ask, 40)
      ask.world.packages.splice(ask.world.packages.indexOf(row), 1)
      return noContent
    },
  },
  {
    route: 'POST /projects/{id}/uploads',
    answer: async (ask) => {
      const project = projectIn(ask)
      const { files } = await received(ask)
      const file = files.get('file')
      if (file === undefined) throw missing('file')
      if (file.size > Number(ask.world.settings['max_attachment_size']) * 1024 * 1024) {
        await rm(file.path)
        throw badRequest('File is too large')
      }
      const row = await addUpload(ask.world, project, file.path, file.filename, ask.world.secret(16), 'move')
      const url = `/uploads/${row.secret}/${row.filename}`
      const image = /\.(?:png|jpe?g|gif|bmp|tiff|ico|webp|mp4|m4v|mov|webm|ogv|mp3|oga|ogg|wav)$/i.test(row.filename)
      const alt = image ? row.filename.replace(/\.[^.]+$/, '') : row.filename
      return created({ id: row.id, alt, url, full_path: `/-/project/${project.id}${url}`, markdown: `${image ? '!' : ''}[${alt}](${url})` })
    },
  },
  {
    route: 'GET /projects/{id}/uploads',
    exists: (world) => world.can.listsUploads,
    answer: (ask) => {
      const project = projectIn(ask, 40)
      return page(
        ask,
        ask.world.uploads.filter((row) => row.project_id === project.id),
        uploadAnswer,
      )
    },
  },
  {
    route: 'GET /projects/{id}/uploads/{secret}/{filename}',
    exists: (world) => world.can.listsUploads,
    answer: (ask) => {
      const row = uploadIn(ask)
      return { file: row.path, type: 'application/octet-stream', name: row.filename }
    },
  },
  {
    route: 'GET /projects/{id}/uploads/{upload_id}',
    exists: (world) => world.can.listsUploads,
    answer: (ask) => {
      const row = uploadNumbered(ask)
      return { file: row.path, type: 'application/octet-stream', name: row.filename }
    },
  },
  {
    route: 'DELETE /projects/{id}/uploads/{upload_id}',
    exists: (world) => world.can.listsUploads,
    answer: (ask) => {
      ask.world.uploads.splice(ask.world.uploads.indexOf(uploadNumbered(ask)), 1)
      return noContent
    },
  },
]
