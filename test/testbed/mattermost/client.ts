import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { ZipArchive } from 'archiver'

/** What a server answered: status, and the body as JSON where it is JSON. */
export interface Said {
  readonly status: number
  readonly body: unknown
  readonly headers: Headers
}

/** A caller for tests, of the emulator or of a real server alike. Paths are below `/api/v4`. */
export interface Caller {
  (method: string, path: string, body?: unknown): Promise<Said>
  readonly url: string
  readonly token: string
}

export function caller(url: string, token: string): Caller {
  const call = async (method: string, path: string, body?: unknown): Promise<Said> => {
    const bare = body instanceof Uint8Array || body instanceof FormData
    const response = await fetch(`${url}/api/v4${path}`, {
      method,
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(bare || body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: bare ? (body as FormData | Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: parsed(text), headers: response.headers }
  }
  return Object.assign(call, { url, token })
}
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** An import zip: `import.jsonl` at the root, files below `data/`. Lines that are strings go in as they are. */
export async function importZip(lines: readonly unknown[], files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<Buffer> {
  const archive = new ZipArchive({ store: true })
  const sink = new PassThrough()
  const whole = buffer(archive.pipe(sink))
  const jsonl = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
  archive.append(`${jsonl}\n`, { name: 'import.jsonl' })
  for (const [name, bytes] of Object.entries(files))
    archive.append(typeof bytes === 'string' ? bytes : Buffer.from(bytes), { name: `data/${name}` })
  await archive.finalize()
  return whole
}

export interface JobSaid {
  readonly status: string
  readonly error: string
  readonly line: string
}

/** Uploads a zip and runs it as the API wants it done. `pauseMs` between polls: none for the emulator. */
export async function runImport(call: Caller, zip: Uint8Array, pauseMs = 0): Promise<JobSaid> {
  const session = await call('POST', '/uploads', { type: 'import', filename: 'import.zip', file_size: zip.byteLength })
  const { id } = session.body as { id: string }
  await call('POST', `/uploads/${id}`, zip)
  return awaitJob(call, await startImport(call, `${id}_import.zip`), pauseMs)
}
export async function startImport(call: Caller, file: string): Promise<string> {
  const job = await call('POST', '/jobs', { type: 'import_process', data: { import_file: file } })
  return (job.body as { id: string }).id
}
export async function awaitJob(call: Caller, id: string, pauseMs = 0, polls = 2000): Promise<JobSaid> {
  for (let poll = 0; poll < polls; poll++) {
    const { body } = await call('GET', `/jobs/${id}`)
    const job = body as { status: string; data: Record<string, string> | null }
    if (job.status === 'success' || job.status === 'error')
      return { status: job.status, error: job.data?.['error'] ?? '', line: job.data?.['line_number'] ?? '' }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  throw new Error(`job ${id} did not end`)
}
