import type { Loss } from '../../../src/contract/fidelity.ts'
import type { NoteOperation, ReleaseOperation } from '../operations.ts'
import { noteRemote, releaseRemote } from '../remote.ts'
import type { Composition } from './compose.ts'
import type { Composed } from './composed.ts'
import { noteFields, releaseFields } from './expect.ts'
import { Moments } from './moments.ts'
import { noteRecord } from './note-record.ts'
import { releaseRecord } from './release-record.ts'
import { leftOut } from './write-issues.ts'

/** Comments on commits, which stand in a relation of their own. They come commit by commit. */
export function* composeCommitNotes({ input, people, history, relations }: Composition): Generator<Composed> {
  let last = { sha: '', moments: new Moments() }
  for (const op of input.spool.part<NoteOperation>(input.project.project, 'on-commit')) {
    if (op.on.type !== 'commits') continue
    const { sha } = op.on
    if (!history.has(sha)) {
      yield* leftOut([op], 'withheld-by-source', 'the commit it stands on is not in the archive')
      continue
    }
    if (last.sha !== sha) last = { sha, moments: new Moments() }
    const createdAt = last.moments.take(op.createdAt)
    const parts = { noteable: 'Commit', text: op.text, createdAt, thread: null, placed: undefined, resolved: undefined } as const
    const shape = { text: op.text, system: false, discussion: null, position: null, resolved: false }
    // The importer reads no reactions here.
    const { award_emoji: _, ...record } = noteRecord(op, parts, people)
    if (!relations.add('commit_notes', { ...record, commit_id: sha })) {
      yield* leftOut([op], 'too-large', 'longer than GitLab reads')
      continue
    }
    const losses: readonly Loss[] =
      op.awards.length === 0
        ? []
        : [
            {
              item: op.item,
              stage: 'apply',
              code: 'no-such-concept',
              effect: { type: 'degraded', field: 'reactions' },
              detail: `${op.awards.length} reactions: an import brings none to comments on commits`,
            },
          ]
    const expect = noteFields({ author: op.author, createdAt, awards: [] }, shape, people)
    yield { key: op.key, item: op.item, remote: noteRemote(op.project, op.on, createdAt), expect, losses }
  }
}

export function* composeReleases({ input, people, history, relations }: Composition): Generator<Composed> {
  const tags = new Set<string>()
  for (const op of input.spool.part<ReleaseOperation>(input.project.project, 'release')) {
    if (tags.has(op.tag)) {
      yield* leftOut([op], 'name-changed', `another release has the tag ${op.tag}`)
      continue
    }
    tags.add(op.tag)
    const sha = history.tag(op.tag)
    if (!relations.add('releases', releaseRecord(op, sha, people))) {
      yield* leftOut([op], 'too-large', 'longer than GitLab reads')
      continue
    }
    const losses: readonly Loss[] =
      sha === undefined
        ? [
            {
              item: op.item,
              stage: 'apply',
              code: 'withheld-by-source',
              effect: { type: 'degraded', field: 'tag' },
              detail: `the tag ${op.tag} is not in the archive`,
            },
          ]
        : []
    yield { key: op.key, item: op.item, remote: releaseRemote(op.project, op.tag), expect: releaseFields(op, people), losses }
  }
}
