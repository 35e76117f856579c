import { hash } from 'node:crypto'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { NoteOperation, VerdictOperation } from '../operations.ts'
import type { Placed } from './anchors.ts'
import { awardRecords } from './awards.ts'
import type { FilePeople } from './people.ts'
import { PROJECT } from './places.ts'

/** What GitLab calls a conversation by: 40 hex digits (`Note` validates that; read 2026-11-25). */
export const discussionId = (root: string): string => hash('sha1', `fallreep ${root}`)

export interface NoteParts {
  readonly noteable: 'Issue' | 'MergeRequest' | 'Commit'
  readonly text: string
  readonly createdAt: string
  /** Root of the conversation; null: it stands alone. */
  readonly thread: string | null
  readonly placed: Placed | undefined
  readonly resolved: { readonly at: string; readonly by: number } | undefined
}

/** A line of `notes`. `author.name` and `updated_at` are read even where the author is found. */
export function noteRecord(op: NoteOperation | VerdictOperation, parts: NoteParts, people: FilePeople): JsonObject {
  const { noteable, text, createdAt, thread, placed, resolved } = parts
  const user = people.of(op.author)
  const system = op.type === 'verdict' ? { action: op.verdict === 'approved' ? 'approved' : null } : op.system
  const record = {
    note: text,
    noteable_type: noteable,
    author_id: user.id,
    created_at: createdAt,
    updated_at: op.type === 'verdict' || op.updatedAt < createdAt ? createdAt : op.updatedAt,
    project_id: PROJECT,
    system: system !== null,
    type: placed !== undefined ? 'DiffNote' : thread !== null ? 'DiscussionNote' : null,
    discussion_id: thread === null ? null : discussionId(thread),
    line_code: placed?.lineCode ?? null,
    position: placed?.position ?? null,
    original_position: placed?.position ?? null,
    resolved_at: resolved?.at ?? null,
    resolved_by_id: resolved?.by ?? null,
    author: { name: user.name },
    ...(placed === undefined || placed.diffFile === null ? {} : { note_diff_file: placed.diffFile }),
    award_emoji: op.type === 'verdict' ? [] : awardRecords(op.awards, 'Note', people),
  }
  const action = system?.action ?? null
  return action === null ? record : { ...record, system_note_metadata: { action, created_at: createdAt, updated_at: createdAt } }
}
