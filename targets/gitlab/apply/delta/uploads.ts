import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { projectPath } from '../../api/client.ts'
import { multipart } from '../../api/multipart.ts'
import type { Upload } from '../../operations.ts'
import type { Delta } from './delta.ts'

const Uploaded = z.object({ url: z.string() })

/**
 * Brings the files of a text. Their addresses are GitLab's choice here, unlike in an import file, so the text is changed to name them.
 * https://docs.gitlab.com/api/project_markdown_uploads/ (read 2026-11-25)
 */
export async function withUploads(
  { work, id, workDir }: Delta,
  { text, uploads }: { readonly text: string; readonly uploads: readonly Upload[] },
  signal: AbortSignal,
): Promise<{ readonly text: string }> {
  let changed = text
  for (const { secret, name, blob } of uploads) {
    const path = join(workDir, secret)
    try {
      const bytes = await work.context.blobs.open(blob, signal)
      await pipeline(Readable.fromWeb(bytes as never), createWriteStream(path, { mode: 0o600 }), { signal })
      const { headers, body } = await multipart({}, { path, name, type: blob.mediaType })
      const call = { method: 'POST', path: projectPath(id, '/uploads'), headers, stream: body } as const
      const { url } = await work.client.call(Uploaded, call, signal)
      changed = changed.replaceAll(`/uploads/${secret}/${name}`, url)
    } finally {
      await rm(path, { force: true })
    }
  }
  return { text: changed }
}
