import { PowerCut } from '../power-cut.ts'
import { Refusal } from '../refusal.ts'
import type { ImportLimits } from '../limits.ts'
import type { Store } from '../store.ts'
import { conversation, importDirectChannel } from './direct.ts'
import { importBot, importUser } from './people.ts'
import { importChannel, importEmoji, importTeam } from './places.ts'
import { BatchError, prepareThreads, type PreparedBatch, type Thread, usersByName } from './posts.ts'
import type { Run } from './run-context.ts'
import { type Line, readLine } from './shapes.ts'
import { abort, validateDirectPost, validatePost } from './validate.ts'
import { wordingOf } from './wording.ts'
import { openZip } from './zip.ts'

export type ImportResult =
  | { readonly type: 'success' }
  | { readonly type: 'error'; readonly message: string; readonly line?: number }
  /** The server went away in the middle: nobody will ever hear of this run again. */
  | { readonly type: 'interrupted' }

/** Errors that the server writes to its log and passes over. */
const SHRUGGED_OFF = new Set([
  'api.file.upload_file.large_image.app_error',
  'app.import.validate_direct_channel_import_data.members_too_few.error',
  'app.import.validate_direct_channel_import_data.members_too_many.error',
])

const failed = (id: string, line?: number): ImportResult => ({
  type: 'error',
  message: wordingOf(id),
  ...(line === undefined ? {} : { line }),
})

/** Does what the `import_process` job does with an uploaded file, and removes the file if all went well. */
export async function runImport(store: Store, jobId: string, file: string | undefined): Promise<ImportResult> {
  if (file === undefined) return failed('import_process.worker.do_job.missing_file')
  const bytes = store.imports.get(file)
  if (bytes === undefined) return failed('import_process.worker.do_job.file_exists')
  const zip = await openZip(bytes).catch(() => undefined)
  if (zip === undefined) return failed('import_process.worker.do_job.unzip')
  const jsonl = zip.names.find((name) => name.endsWith('.jsonl') && !name.includes('/'))
  if (jsonl === undefined) return failed('import_process.worker.do_job.missing_jsonl')

  const run: Run = { store, zip, warnings: [] }
  const tally = { lines: 0, byType: {} as Record<string, number>, typeChanges: 0 }
  let error: { readonly id: string; readonly line: number; readonly message: string } | undefined
  try {
    await importLines(run, await zip.read(jsonl), store.importLimits, tally)
    store.imports.delete(file)
  } catch (cause) {
    if (cause instanceof PowerCut) return { type: 'interrupted' }
    const at = cause instanceof BatchError ? cause : new BatchError(tally.lines, cause)
    const refusal = at.cause
    if (!(refusal instanceof Refusal)) throw cause
    error = { id: refusal.id, line: at.line, message: refusal.detail === '' ? refusal.message : `${refusal.message} — ${refusal.detail}` }
  }
  store.importRuns.push({
    jobId,
    lines: tally.lines,
    linesByType: tally.byType,
    typeChanges: tally.typeChanges,
    warnings: run.warnings,
    ...(error === undefined ? {} : { error }),
  })
  return error === undefined ? { type: 'success' } : { type: 'error', message: error.message, line: error.line }
}

interface Numbered {
  readonly line: Line
  readonly number: number
}

async function importLines(
  run: Run,
  jsonl: Buffer,
  limits: ImportLimits,
  tally: { lines: number; byType: Record<string, number>; typeChanges: number },
): Promise<void> {
  let type = ''
  let segment: Numbered[] = []
  for (const text of linesOf(jsonl, limits.lineBytes)) {
    tally.lines++
    if (text === undefined)
      throw new BatchError(
        0,
        new Refusal('app.import.bulk_import.file_scan.error', 500, 'Error reading import data file.', 'bufio.Scanner: token too long'),
      )
    const line = parse(text, tally.lines)
    if (tally.lines === 1) {
      checkVersion(line)
      continue
    }
    const lineType = line.type ?? ''
    if (lineType !== type) {
      await importSegment(run, type, segment, limits)
      if (type !== lineType) tally.typeChanges++
      segment = []
      type = lineType
    }
    tally.byType[type] = (tally.byType[type] ?? 0) + 1
    run.store.outage.lineRead()
    segment.push({ line, number: tally.lines })
  }
  if (tally.lines === 0) return
  await importSegment(run, type, segment, limits)
}

function parse(text: string, number: number): Line {
  try {
    return readLine(text)
  } catch (cause) {
    throw new BatchError(
      number,
      new Refusal(
        'app.import.bulk_import.json_decode.error',
        400,
        'JSON decode of line failed.',
        cause instanceof Error ? cause.message : '',
      ),
    )
  }
}

function checkVersion(line: Line): void {
  if (line.type !== 'version' || line.version === undefined)
    throw new BatchError(
      1,
      new Refusal(
        'app.import.process_import_data_file_version_line.invalid_version.error',
        400,
        'Unable to read the version of the data import file.',
      ),
    )
  if (line.version !== 1)
    throw new BatchError(
      1,
      new Refusal('app.import.bulk_import.unsupported_version.error', 400, 'Incorrect or missing version in the data import file.'),
    )
}

/** Lines without their ends; undefined for one that is too long, after which nothing is read. */
function* linesOf(jsonl: Buffer, maxBytes: number): Generator<string | undefined> {
  for (let from = 0; from < jsonl.length;) {
    const at = jsonl.indexOf(10, from)
    const to = at < 0 ? jsonl.length : at
    if (to - from >= maxBytes) {
      yield undefined
      return
    }
    yield jsonl.toString('utf8', from, jsonl[to - 1] === 13 ? to - 1 : to)
    from = to + 1
  }
}

/** Lines of one type. Those of posts are dealt out to workers, who store them in batches: an error in one batch does not stop the others' last ones. */
async function importSegment(run: Run, type: string, lines: readonly Numbered[], limits: ImportLimits): Promise<void> {
  if (lines.length === 0) return
  if (type !== 'post' && type !== 'direct_post') {
    for (const each of lines) await passingOver(run, () => importLine(run, each))
    return
  }
  // Workers go at the same time: the batches of one round are all matched before any of them is saved.
  for (const round of dealt(lines, limits)) {
    const errors: unknown[] = []
    const prepared: PreparedBatch[] = []
    for (const batch of round)
      await passingOver(run, async () => {
        prepared.push(await (type === 'post' ? preparePosts(run, batch) : prepareDirectPosts(run, batch)))
      }).catch((error: unknown) => errors.push(error))
    for (const batch of prepared) await passingOver(run, () => batch.commit()).catch((error: unknown) => errors.push(error))
    if (errors.length > 0) throw errors[0]
  }
}

function* dealt(lines: readonly Numbered[], { workers, batchLines }: ImportLimits): Generator<readonly (readonly Numbered[])[]> {
  for (let from = 0; from < lines.length; from += workers * batchLines) {
    const share = lines.slice(from, from + workers * batchLines)
    const hands = Array.from({ length: workers }, (_, worker) => share.filter((_, index) => index % workers === worker))
    yield hands.filter((hand) => hand.length > 0)
  }
}

async function passingOver(run: Run, work: () => void | Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const refusal = error instanceof BatchError ? error.cause : error
    if (!(refusal instanceof Refusal) || !SHRUGGED_OFF.has(refusal.id)) throw error
    run.warnings.push(refusal.id)
  }
}

async function importLine(run: Run, { line, number }: Numbered): Promise<void> {
  const { store } = run
  const type = line.type ?? ''
  const need = <T>(value: T | undefined): T => value ?? abort(`app.import.import_line.null_${type}.error`)
  try {
    if (!store.can.lineTypes.includes(type) || type === 'version')
      abort('app.import.import_line.unknown_line_type.error', '', `Import data line has unknown type "${type}".`)
    if (type === 'team') importTeam(run, need(line.team))
    else if (type === 'channel') importChannel(run, need(line.channel))
    else if (type === 'user') await importUser(run, need(line.user))
    else if (type === 'bot') await importBot(run, need(line.bot))
    else if (type === 'emoji') await importEmoji(run, need(line.emoji))
    else if (type === 'direct_channel') importDirectChannel(run, need(line.direct_channel))
    else need(type === 'role' ? line.role : line.scheme)
  } catch (cause) {
    throw new BatchError(number, cause)
  }
}

async function preparePosts(run: Run, batch: readonly Numbered[]): Promise<PreparedBatch> {
  const { store } = run
  for (const { line, number } of batch) {
    try {
      validatePost(line.post ?? abort('app.import.import_line.null_post.error'), store.can)
    } catch (cause) {
      throw new BatchError(number, cause)
    }
  }
  const threads: Thread[] = []
  try {
    usersByName(
      store,
      batch.flatMap(({ line }) => [line.post?.user ?? '', ...(line.post?.flagged_by ?? [])]),
    )
    for (const { line } of batch)
      if (!store.teamNamed(line.post?.team ?? '')) abort('app.import.get_teams_by_names.some_teams_not_found.error')
    for (const { line, number } of batch) {
      const post = line.post ?? {}
      const channel = store.channelNamed(store.teamNamed(post.team ?? '')?.id ?? '-', post.channel ?? '')
      if (channel === undefined || (channel.delete_at !== 0 && !store.can.archivedChannelsImport))
        return abort(
          'app.import.import_post.channel_not_found.error',
          '',
          `Error importing post. Channel with name "${post.channel}" could not be found.`,
        )
      threads.push({ line: post, channel, number })
    }
  } catch (cause) {
    throw new BatchError(0, cause)
  }
  return prepareThreads(run, threads)
}

async function prepareDirectPosts(run: Run, batch: readonly Numbered[]): Promise<PreparedBatch> {
  const { store } = run
  for (const { line, number } of batch) {
    try {
      validateDirectPost(line.direct_post ?? abort('app.import.import_line.null_direct_post.error'))
    } catch (cause) {
      throw new BatchError(number, cause)
    }
  }
  let users
  try {
    users = usersByName(
      store,
      batch.flatMap(({ line }) => [
        line.direct_post?.user ?? '',
        ...(line.direct_post?.flagged_by ?? []),
        ...(line.direct_post?.channel_members ?? []),
      ]),
    )
  } catch (cause) {
    throw new BatchError(0, cause)
  }
  const found = users
  return prepareThreads(
    run,
    batch.map(({ line, number }) => ({
      line: line.direct_post ?? {},
      number,
      channel: conversation(store, line.direct_post?.channel_members ?? [], found),
    })),
  )
}
