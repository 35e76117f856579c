import { randomUUID } from 'node:crypto'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { badRequest } from './refusal.ts'

export interface ReceivedFile {
  readonly path: string
  readonly filename: string
  readonly size: number
}
export interface ReceivedForm {
  readonly fields: readonly (readonly [string, string])[]
  readonly files: ReadonlyMap<string, ReceivedFile>
}

/** Reads multipart/form-data as it comes; files go to disk, so a project of any size costs no memory (Workhorse does the same). */
export async function receiveForm(request: Request, type: string, directory: string): Promise<ReceivedForm> {
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1]
  if (boundary === undefined || request.body === null) throw badRequest('bad multipart body')
  await mkdir(directory, { recursive: true })
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  const fields: [string, string][] = []
  const files = new Map<string, ReceivedFile>()
  let held = Buffer.from('\r\n')
  let part: Part | undefined
  let ended = false

  const step = async (last: boolean): Promise<void> => {
    for (;;) {
      if (part === undefined) {
        const at = held.indexOf(delimiter)
        const head = at < 0 ? -1 : held.indexOf('\r\n\r\n', at)
        if (at >= 0 && held.subarray(at + delimiter.length, at + delimiter.length + 2).toString() === '--') ended = true
        if (ended || head < 0) return
        part = await beginPart(held.subarray(at + delimiter.length, head).toString(), directory)
        held = held.subarray(head + 4)
      }
      const end = held.indexOf(delimiter)
      const upTo = end >= 0 ? end : last ? held.length : Math.max(0, held.length - delimiter.length)
      await part.write(held.subarray(0, upTo))
      held = held.subarray(upTo)
      if (end < 0) return
      await part.close(fields, files)
      part = undefined
    }
  }
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    held = Buffer.concat([held, chunk])
    await step(false)
  }
  await step(true)
  if (!ended) throw badRequest('the body ended in the middle of a part')
  return { fields, files }
}

interface Part {
  write(chunk: Buffer): Promise<void>
  close(fields: [string, string][], files: Map<string, ReceivedFile>): Promise<void>
}
async function beginPart(headers: string, directory: string): Promise<Part> {
  const disposition = /content-disposition:([^\r\n]*)/i.exec(headers)?.[1] ?? ''
  const name = /[; ]name="([^"]*)"/.exec(disposition)?.[1] ?? ''
  const filename = /filename="((?:[^"\\]|\\.)*)"/.exec(disposition)?.[1]
  if (filename === undefined) return textPart(name)
  const path = join(directory, randomUUID())
  return filePart(name, filename.replaceAll('%22', '"'), path, await open(path, 'w'))
}
function textPart(name: string): Part {
  const chunks: Buffer[] = []
  return {
    write: async (chunk) => void chunks.push(Buffer.from(chunk)),
    close: async (fields) => void fields.push([name, Buffer.concat(chunks).toString('utf8')]),
  }
}
function filePart(name: string, filename: string, path: string, file: FileHandle): Part {
  let size = 0
  return {
    write: async (chunk) => {
      size += chunk.length
      await file.writeFile(chunk)
    },
    close: async (_, files) => {
      await file.close()
      files.set(name, { path, filename, size })
    },
  }
}
