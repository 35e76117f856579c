import { emojiAnswer, fileAnswer, jobAnswer, uploadAnswer } from '../answers.ts'
import { askForJob, pollJob } from '../jobs.ts'
import { isImage, saveFile } from '../media.ts'
import { isAdmin } from '../people.ts'
import { badBody, notAllowed, Refusal } from '../refusal.ts'
import type { EmojiRow, FileRow, UploadRow } from '../rows.ts'
import { isSystemEmoji } from '../system-emoji.ts'
import { type Ask, body, channelIn, json, ok, pageOf, param, query, readable, requireAdmin, type Route, textOf } from './ask.ts'

const FIRST_PART_BYTES = 5 * 1024 * 1024

function fileIn(ask: Ask): FileRow {
  const file = ask.store.files.get(param(ask, 'file_id'))
  if (file === undefined || file.delete_at !== 0) throw new Refusal('app.file_info.get.app_error', 404, 'Unable to get the file info.')
  const channel = ask.store.channels.get(file.channel_id)
  if (channel !== undefined) readable(ask, channel)
  return file
}

/** Parts of one or more files: multipart with `channel_id` and `files`, or the bare bytes with `channel_id` and `filename` in the query. */
async function upload(ask: Ask): Promise<readonly FileRow[]> {
  const limit = ask.store.config.FileSettings.MaxFileSize
  const tooLarge = (): Refusal =>
    new Refusal('api.file.upload_file.too_large_detailed.app_error', 413, 'Unable to upload file. File is too large.')
  const save = (channelId: string, name: string, bytes: Uint8Array): FileRow => {
    const channel = channelIn(ask, channelId)
    if (!isAdmin(ask.me) && ask.store.channelMember(channel.id, ask.me.id) === undefined) throw notAllowed()
    if (bytes.byteLength > limit) throw tooLarge()
    return saveFile(ask.store, { user_id: ask.me.id, channel_id: channel.id, name, bytes })
  }
  if (!(ask.http.req.header('content-type') ?? '').startsWith('multipart/'))
    return [save(query(ask, 'channel_id'), query(ask, 'filename'), new Uint8Array(await ask.http.req.arrayBuffer()))]
  const form = await ask.http.req.parseBody({ all: true })
  const given = [form['files'] ?? []].flat().filter((part) => part instanceof File)
  const channelId = typeof form['channel_id'] === 'string' ? form['channel_id'] : query(ask, 'channel_id')
  const saved: FileRow[] = []
  for (const part of given) saved.push(save(channelId, part.name, new Uint8Array(await part.arrayBuffer())))
  return saved
}

function sessionIn(ask: Ask): UploadRow {
  const session = ask.store.uploads.get(param(ask, 'upload_id'))
  if (session === undefined) throw new Refusal('app.upload.get.app_error', 404, 'Unable to get the upload.')
  if (session.type === 'import') requireAdmin(ask)
  return session
}

/** Appends one part. The first one must be at least 5 MiB or the whole file; no part may reach beyond the promised size. */
async function append(ask: Ask, session: UploadRow): Promise<FileRow | undefined> {
  const bytes = new Uint8Array(await ask.http.req.arrayBuffer())
  if (bytes.byteLength > session.file_size - session.file_offset)
    throw new Refusal('api.upload.upload_data.invalid_content_length', 400, 'Invalid content length.')
  if (session.file_offset === 0 && bytes.byteLength < FIRST_PART_BYTES && bytes.byteLength !== session.file_size)
    throw new Refusal(
      'app.upload.upload_data.first_part_too_small.app_error',
      400,
      'Failed to upload data. First part must be at least 5242880 Bytes.',
    )
  session.parts.push(bytes)
  session.file_offset += bytes.byteLength
  if (session.file_offset < session.file_size) return undefined
  ask.store.uploads.delete(session.id)
  const whole = Buffer.concat(session.parts)
  if (session.type === 'import') ask.store.imports.set(`${session.id}_${session.filename}`, whole)
  return saveFile(ask.store, { user_id: session.user_id, channel_id: session.channel_id, name: session.filename, bytes: whole })
}

function emojiIn(ask: Ask): EmojiRow {
  const emoji = ask.store.emojis.get(param(ask, 'emoji_id'))
  if (emoji === undefined || emoji.delete_at !== 0) throw new Refusal('app.emoji.get.no_result', 404, 'We couldn’t find the emoji.')
  return emoji
}

export const fileRoutes: readonly Route[] = [
  {
    route: 'POST /files',
    answer: async (ask) => json({ file_infos: (await upload(ask)).map(fileAnswer), client_ids: [] as string[] }, 201),
  },
  {
    route: 'GET /files/{file_id}',
    answer: (ask) => {
      const file = fileIn(ask)
      return {
        bytes: file.bytes,
        type: file.mime_type,
        headers: { 'content-disposition': `attachment;filename*=UTF-8''${encodeURIComponent(file.name)}` },
      }
    },
  },
  { route: 'GET /files/{file_id}/info', answer: (ask) => json(fileAnswer(fileIn(ask))) },
  {
    route: 'POST /uploads',
    answer: async (ask) => {
      const fields = await body(ask, 'upload')
      const type = textOf(fields, 'type') === 'import' ? 'import' : 'attachment'
      const channel_id = textOf(fields, 'channel_id') ?? ''
      const file_size = typeof fields.file_size === 'number' ? fields.file_size : 0
      if (type === 'import') requireAdmin(ask)
      else if (ask.store.channelMember(channel_id, ask.me.id) === undefined) throw notAllowed()
      if (file_size > ask.store.config.FileSettings.MaxFileSize)
        throw new Refusal('app.upload.create.upload_too_large.app_error', 413, 'Unable to upload file. File is too large.')
      const filename = (textOf(fields, 'filename') ?? '').split('/').at(-1) ?? ''
      if (filename === '') throw new Refusal('model.upload_session.is_valid.filename.app_error', 400, 'Invalid value for Filename')
      if (file_size <= 0) throw new Refusal('model.upload_session.is_valid.file_size.app_error', 400, 'Invalid value for FileSize')
      const row: UploadRow = {
        id: ask.store.id(),
        type,
        create_at: ask.store.now(),
        user_id: ask.me.id,
        channel_id,
        filename,
        file_size,
        parts: [],
        file_offset: 0,
      }
      ask.store.uploads.set(row.id, row)
      return json(uploadAnswer(row), 201)
    },
  },
  { route: 'GET /uploads/{upload_id}', answer: (ask) => json(uploadAnswer(sessionIn(ask))) },
  {
    route: 'POST /uploads/{upload_id}',
    answer: async (ask) => {
      const done = await append(ask, sessionIn(ask))
      return done === undefined ? { status: 204 } : json(fileAnswer(done))
    },
  },
  {
    route: 'GET /users/{user_id}/uploads',
    answer: (ask) => json([...ask.store.uploads.values()].filter((row) => row.user_id === ask.me.id).map(uploadAnswer)),
  },
  { route: 'GET /imports', answer: (ask) => (requireAdmin(ask), json([...ask.store.imports.keys()])) },
  { route: 'POST /jobs', answer: async (ask) => (requireAdmin(ask), json(jobAnswer(askForJob(ask.store, await body(ask, 'job'))), 201)) },
  { route: 'GET /jobs', answer: (ask) => (requireAdmin(ask), json(pageOf(ask, [...ask.store.jobs.values()].toReversed()).map(jobAnswer))) },
  {
    route: 'GET /jobs/type/{job_type}',
    answer: (ask) => {
      requireAdmin(ask)
      const jobs = [...ask.store.jobs.values()].filter((job) => job.type === param(ask, 'job_type')).toReversed()
      return json(pageOf(ask, jobs).map(jobAnswer))
    },
  },
  { route: 'GET /jobs/{job_id}', answer: (ask) => (requireAdmin(ask), json(jobAnswer(pollJob(ask.store, param(ask, 'job_id'))))) },
  {
    route: 'GET /emoji',
    answer: (ask) => {
      const all = [...ask.store.emojis.values()].filter((emoji) => emoji.delete_at === 0)
      return json(pageOf(ask, query(ask, 'sort') === 'name' ? all.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : all).map(emojiAnswer))
    },
  },
  {
    route: 'POST /emoji',
    answer: async (ask) => {
      if (!ask.store.config.ServiceSettings.EnableCustomEmoji)
        throw new Refusal('api.emoji.disabled.app_error', 501, 'Custom emoji have been disabled.')
      const form = await ask.http.req.parseBody()
      const fields: unknown = JSON.parse(typeof form['emoji'] === 'string' ? form['emoji'] : 'null')
      const name = typeof fields === 'object' && fields !== null ? textOf(fields as Readonly<Record<string, unknown>>, 'name') : undefined
      const image = form['image']
      if (name === undefined || !(image instanceof File)) throw badBody('emoji')
      if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name) || isSystemEmoji(name))
        throw new Refusal('model.emoji.name.app_error', 400, 'The name is not valid.')
      if ([...ask.store.emojis.values()].some((emoji) => emoji.delete_at === 0 && emoji.name === name))
        throw new Refusal(
          'api.emoji.create.duplicate.app_error',
          400,
          'Unable to create emoji. Another emoji with the same name already exists.',
        )
      if (image.size > ask.store.can.apiEmojiBytes)
        throw new Refusal('api.emoji.create.too_large.app_error', 413, 'Unable to create emoji. Image is too large.')
      const now = ask.store.now()
      const row: EmojiRow = {
        id: ask.store.id(),
        create_at: now,
        update_at: now,
        delete_at: 0,
        creator_id: ask.me.id,
        name,
        image: new Uint8Array(await image.arrayBuffer()),
      }
      ask.store.emojis.set(row.id, row)
      return json(emojiAnswer(row))
    },
  },
  {
    route: 'GET /emoji/name/{emoji_name}',
    answer: (ask) => {
      const found = [...ask.store.emojis.values()].find((emoji) => emoji.delete_at === 0 && emoji.name === param(ask, 'emoji_name'))
      if (found === undefined) throw new Refusal('app.emoji.get_by_name.no_result', 404, 'We couldn’t find the emoji.')
      return json(emojiAnswer(found))
    },
  },
  { route: 'GET /emoji/{emoji_id}', answer: (ask) => json(emojiAnswer(emojiIn(ask))) },
  {
    route: 'GET /emoji/{emoji_id}/image',
    answer: (ask) => {
      const { image } = emojiIn(ask)
      if (!isImage(image)) throw new Refusal('api.emoji.get_image.decode.app_error', 500, 'Unable to decode image file for emoji.')
      return { bytes: image, type: 'image/png' }
    },
  },
  {
    route: 'DELETE /emoji/{emoji_id}',
    answer: (ask) => {
      const emoji = emojiIn(ask)
      if (emoji.creator_id !== ask.me.id) requireAdmin(ask)
      emoji.delete_at = ask.store.now()
      return ok()
    },
  },
]
