import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import yauzl from 'yauzl'
import { z } from 'zod'
import { IMPORT_FILE } from './layout.ts'

const Line = z.looseObject({ type: z.string() })
const Named = z
  .object({
    username: z.string(),
    name: z.string(),
    channel: z.string(),
    create_at: z.number(),
    props: z.object({ fallreep: z.object({ id: z.string() }) }),
  })
  .partial()

/** What stands in a line of an import zip, in words without text of messages: `post message/C1/170.1 in general at 1700…`. */
export async function failedLine(zip: string, wanted: number, signal: AbortSignal): Promise<string | undefined> {
  const archive = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(zip, { lazyEntries: true })
  try {
    const entry = await new Promise<yauzl.Entry>((resolve, reject) => {
      archive
        .once('entry', resolve)
        .once('error', reject)
        .once('end', () => reject(new Error('empty zip')))
      archive.readEntry()
    })
    if (entry.fileName !== IMPORT_FILE) return undefined
    const stream = await promisify<yauzl.Entry, NodeJS.ReadableStream>((entry, done) =>
      archive.openReadStream(entry, (error, stream) => done(error, stream)),
    )(entry)
    let number = 0
    for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      signal.throwIfAborted()
      if (++number === wanted) return describe(text)
    }
    return undefined
  } finally {
    archive.close()
  }
}

function describe(text: string): string {
  const line = Line.parse(JSON.parse(text))
  const body = Named.safeParse(line[line.type]).data ?? {}
  const parts = [
    line.type,
    body.props?.fallreep?.id,
    body.username ?? body.name,
    body.channel === undefined ? undefined : `in ${body.channel}`,
    body.create_at === undefined ? undefined : `at ${body.create_at}`,
  ]
  return parts.filter((part) => part !== undefined).join(' ')
}
