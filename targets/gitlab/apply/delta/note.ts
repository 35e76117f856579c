import type { Loss } from '../../../../src/contract/fidelity.ts'
import type { JsonObject } from '../../../../src/contract/json.ts'
import { Fault } from '../../../../src/fault.ts'
import { Discussion, Note } from '../../api/wire.ts'
import { noteFields, textHash } from '../../file/expect.ts'
import { quoted } from '../../map/quote.ts'
import type { NoteOperation, VerdictOperation } from '../../operations.ts'
import { noteRemote } from '../../remote.ts'
import { recall, recalledLosses } from '../memory.ts'
import type { StockRow } from '../stock.ts'
import { degraded, dropped, isRefused } from '../work.ts'
import type { Authors } from './authors.ts'
import type { Delta } from './delta.ts'
import type { Standing } from './standing.ts'
import { withUploads } from './uploads.ts'

/** Writes a comment, or changes the words of one. Texts are free of what GitLab would take for commands: the mapping sees to that. */
export async function bringNote(
  delta: Delta,
  authors: Authors,
  standing: Standing,
  op: NoteOperation | VerdictOperation,
  signal: AbortSignal,
): Promise<void> {
  const { stock } = delta.work
  const row = stock.of(op.key)
  try {
    if (row.known === undefined || row.known.notes['failed'] === true) await write(delta, authors, standing, op, signal)
    else await rewrite(delta, standing, op, row, signal)
  } catch (error) {
    if (!(error instanceof Fault) || !isRefused(error)) throw error
    const remote = noteRemote(op.project, standing.on, op.createdAt)
    stock.keep({
      key: op.key,
      outcome: 'failed',
      remote,
      expect: {},
      losses: [dropped(op.item, 'rejected-by-target', error.why ?? error.what)],
    })
  }
}

async function rewrite(
  { work, ...rest }: Delta,
  standing: Standing,
  op: NoteOperation | VerdictOperation,
  row: StockRow,
  signal: AbortSignal,
): Promise<void> {
  const { client, stock } = work
  const known = row.known
  if (known === undefined) return
  const found = await standing.at(known.remote.slice(known.remote.lastIndexOf('/') + 1), signal)
  if (found === undefined)
    throw new Fault({ code: 'gone', what: `A comment of ${standing.path} is gone`, why: 'somebody has deleted it there' })
  const losses = recalledLosses(known)
  const lost = losses.some(({ effect }) => effect.type === 'degraded' && effect.field === 'anchor')
  const lead = op.type === 'note' && op.anchor !== null && lost ? quoted(op.anchor) : ''
  const carried = op.type === 'note' ? await withUploads({ work, ...rest }, op, signal) : op
  const text = lead + carried.text
  const before = (known.notes['expect'] as JsonObject | undefined) ?? {}
  if (before['text'] !== textHash(text))
    await client.call(Note, { method: 'PUT', path: `${standing.path}/notes/${found.note.id}`, json: { body: text } }, signal)
  const more = reactions(op, before)
  stock.keep({
    key: op.key,
    outcome: 'updated',
    remote: known.remote,
    expect: { ...recall(op, null, known), text: textHash(text) },
    losses: [...losses.filter(({ effect }) => !('field' in effect) || effect.field !== 'reactions'), ...more],
  })
}

async function write(
  delta: Delta,
  authors: Authors,
  standing: Standing,
  op: NoteOperation | VerdictOperation,
  signal: AbortSignal,
): Promise<void> {
  const { work, people } = delta
  const { client, stock } = work
  const { key, item, author } = op
  const losses: Loss[] = []
  const say = (code: Loss['code'], field: string, detail: string) => void losses.push(degraded(item, code, field, detail))
  const acting = await authors.as(author.username, signal)
  if (acting === undefined)
    say('author-replaced', 'author', `${author.login} cannot write there: the account is switched off; the text names them`)
  const anchor = op.type === 'note' && op.thread === item ? op.anchor : null
  if (anchor !== null) say('text-changed', 'anchor', 'written after the import: the line it stands on is quoted')
  if (op.type === 'verdict') say('no-such-concept', 'verdict', 'given after the import: it is told in a comment')
  else if (op.system !== null) say('no-such-concept', 'system', 'it happened after the import: it is told in a comment')
  const carried = op.type === 'note' ? await withUploads(delta, op, signal) : op
  const text = `${acting === undefined ? `*${author.login}:*\n\n` : ''}${anchor === null ? '' : quoted(anchor)}${carried.text}`
  losses.push(...reactions(op, { awards: [] }))
  const root = op.type === 'note' ? op.thread : null
  const begun = root === null || root === item ? undefined : await standing.conversation(root, signal)
  if (root !== null && root !== item && begun === undefined)
    say('withheld-by-source', 'replyTo', 'the conversation it belongs to is not there')
  let createdAt = op.createdAt
  let found = await standing.at(createdAt, signal)
  // One of the same millisecond that says something else, or that is known as another comment, is another one.
  for (
    ;
    found !== undefined && (found.note.body !== text || isAnothers(delta, standing, op, createdAt));
    found = await standing.at(createdAt, signal)
  )
    createdAt = new Date(Date.parse(createdAt) + 1).toISOString()
  standing.claimed.add(createdAt)
  if (found === undefined) {
    const call = { method: 'POST', json: { body: text, created_at: createdAt }, sudo: acting?.sudo } as const
    if (root !== null && begun === undefined) {
      const made = await client.call(Discussion, { ...call, path: `${standing.path}/discussions` }, signal)
      const [note] = made.notes
      if (note !== undefined) found = { note, discussion: made.id }
    } else {
      const path = begun === undefined ? `${standing.path}/notes` : `${standing.path}/discussions/${begun}/notes`
      const note = await client.call(Note, { ...call, path }, signal)
      found = { note, discussion: begun ?? '' }
    }
    if (found !== undefined) await standing.add(found.note, found.discussion, signal)
  }
  const discussion = root === item && found !== undefined ? found.discussion : undefined
  if (root !== null && discussion !== undefined) standing.name(root, discussion)
  const shape = { text, system: false, discussion: null, position: null, resolved: false }
  const written = acting === undefined ? { login: author.login, username: null } : author
  const { discussion: _, position: __, resolved: ___, ...expect } = noteFields({ author: written, createdAt, awards: [] }, shape, people)
  stock.keep({
    key,
    outcome: 'created',
    remote: noteRemote(op.project, standing.on, createdAt),
    expect,
    losses,
    ...(discussion === undefined ? {} : { notes: { discussion } }),
  })
}

function reactions(op: NoteOperation | VerdictOperation, before: JsonObject): readonly Loss[] {
  if (op.type === 'verdict') return []
  const had = Array.isArray(before['awards']) ? before['awards'].length : 0
  return op.awards.length === had
    ? []
    : [
        degraded(
          op.item,
          'no-such-concept',
          'reactions',
          `${op.awards.length} reactions, of which GitLab has ${had}: those after the import are not brought`,
        ),
      ]
}

/** The comment of this moment came of another operation, now or in an earlier run: people say the same thing twice. */
function isAnothers({ work }: Delta, standing: Standing, op: NoteOperation | VerdictOperation, createdAt: string): boolean {
  const known = work.context.ledger.byRemote(noteRemote(op.project, standing.on, createdAt))
  return standing.claimed.has(createdAt) || (known !== undefined && known.key !== op.key)
}
