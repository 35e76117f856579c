import { awardAnswer, discussionsOf, eventAnswer, noteAnswer } from '../answers/items.ts'
import { type Ask, body, created, itemIn, json, noContent, param, projectIn, type Route } from '../ask.ts'
import { createNote, isNote, type NewNote } from '../changes.ts'
import { projectAccess } from '../access.ts'
import { emojiComplaint } from '../emoji.ts'
import { flagIn, isFields, textIn, timeIn } from '../fields.ts'
import { codeAt } from '../import/diff-lines.ts'
import { positionOf } from '../import/notes.ts'
import type { AwardRow, ItemKind, ItemRow, NoteRow, ResourceEventRow } from '../item-rows.ts'
import { page } from '../pages.ts'
import { badRequest, forbidden, missing, notFound } from '../refusal.ts'
import type { Fields, ProjectRow } from '../rows.ts'

type Room = 'issues' | 'merge_requests'
const kindOf = (room: Room): ItemKind => (room === 'issues' ? 'issue' : 'merge_request')

interface Place {
  readonly project: ProjectRow
  readonly item: ItemRow
}
function placeIn(ask: Ask, room: Room): Place {
  const project = projectIn(ask)
  return { project, item: itemIn(ask, project, kindOf(room)) }
}
function notesIn(ask: Ask, { project, item }: Place): NoteRow[] {
  return ask.world.items.notes(project.id, item.kind, item.iid)
}
function noteIn(ask: Ask, place: Place): NoteRow {
  const note = ask.world.items.note(Number(param(ask, 'note_id')))
  if (note === undefined || note.iid !== place.item.iid || note.project_id !== place.project.id || note.kind !== place.item.kind)
    throw notFound('Note')
  return note
}
function mayWrite(ask: Ask, { project, item }: Place): void {
  if (project.archived || (item.discussion_locked === true && projectAccess(ask.world, ask.me, project) < 10)) throw forbidden()
}
function changing(ask: Ask, room: Room): Place {
  const place = placeIn(ask, room)
  mayWrite(ask, place)
  return place
}
/** Writes a note; a body of nothing but quick actions makes none and is told so with 202. */
function write(
  ask: Ask,
  place: Place,
  fields: Fields,
  more: Omit<NewNote, 'body' | 'created_at' | 'confidential'>,
): NoteRow | Readonly<Record<string, unknown>> {
  const text = textIn(fields, 'body')
  if (text === undefined) throw missing('body')
  mayWrite(ask, place)
  ask.limits.note(ask.me)
  const confidential = flagIn(fields, 'internal') ?? flagIn(fields, 'confidential') ?? false
  return createNote(ask.world, place.project, ask.me, place.item, {
    ...more,
    body: text,
    created_at: timeIn(fields, 'created_at'),
    confidential,
  })
}
/** The position of a new diff note must be a line of the diff. */
function placed(ask: Ask, { project, item }: Place, fields: Fields): Pick<NewNote, 'type' | 'position' | 'line_code'> {
  if (!isFields(fields['position'])) return { type: 'DiscussionNote' }
  const position = positionOf(fields['position'])
  const files = ask.world.items.diff(project.id, item.iid)?.files ?? []
  if (position === undefined || item.kind !== 'merge_request') throw badRequest({ position: ['is invalid'] })
  const line_code = position.position_type === 'text' ? codeAt(files, position) : ''
  if (line_code === undefined) throw badRequest(`400 Bad request - Note {:line_code=>["can't be blank", "must be a valid line code"]}`)
  return { type: 'DiffNote', position, line_code }
}

function award(ask: Ask, awards: AwardRow[], name: string): AwardRow {
  const complaint = emojiComplaint(name)
  if (complaint !== undefined) throw badRequest(`404 Award Emoji ${complaint} Not Found`)
  if (awards.some((each) => each.user_id === ask.me.id && each.name === name)) throw notFound('Award Emoji Name has already been taken')
  const now = ask.world.now()
  const row = { id: ask.world.next('award'), name, user_id: ask.me.id, created_at: now, updated_at: now }
  awards.push(row)
  return row
}
function remove(ask: Ask, awards: AwardRow[]): void {
  const at = awards.findIndex(({ id }) => id === Number(param(ask, 'award_id')))
  if (at < 0) throw notFound('Award Emoji')
  awards.splice(at, 1)
}

const noteRoutesOf = (room: Room): readonly Route[] => [
  {
    route: `GET /projects/{id}/${room}/{iid}/notes`,
    answer: (ask) => {
      const notes = notesIn(ask, placeIn(ask, room)).toSorted((a, b) =>
        a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : a.id - b.id,
      )
      return page(ask, ask.query.get('sort') === 'asc' ? notes : notes.toReversed(), (note) => noteAnswer(ask.world, note))
    },
  },
  {
    route: `POST /projects/{id}/${room}/{iid}/notes`,
    answer: async (ask) => {
      const made = write(ask, placeIn(ask, room), await body(ask), { type: null })
      return isNote(made) ? created(noteAnswer(ask.world, made)) : json(made, 202)
    },
  },
  {
    route: `GET /projects/{id}/${room}/{iid}/notes/{note_id}`,
    answer: (ask) => json(noteAnswer(ask.world, noteIn(ask, placeIn(ask, room)))),
  },
  {
    route: `PUT /projects/{id}/${room}/{iid}/notes/{note_id}`,
    answer: async (ask) => {
      const note = noteIn(ask, changing(ask, room))
      note.body = textIn(await body(ask), 'body') ?? note.body
      note.updated_at = ask.world.now()
      ask.world.items.saveNote(note)
      return json(noteAnswer(ask.world, note))
    },
  },
  {
    route: `DELETE /projects/{id}/${room}/{iid}/notes/{note_id}`,
    answer: (ask) => {
      ask.world.items.removeNote(noteIn(ask, changing(ask, room)).id)
      return noContent
    },
  },
]
const discussionRoutesOf = (room: Room): readonly Route[] => [
  {
    route: `GET /projects/{id}/${room}/{iid}/discussions`,
    answer: (ask) => page(ask, discussionsOf(ask.world, notesIn(ask, placeIn(ask, room))), (row) => row),
  },
  {
    route: `GET /projects/{id}/${room}/{iid}/discussions/{discussion_id}`,
    answer: (ask) => {
      const found = discussionsOf(ask.world, notesIn(ask, placeIn(ask, room))).find(({ id }) => id === param(ask, 'discussion_id'))
      if (found === undefined) throw notFound('Discussion')
      return json(found)
    },
  },
  {
    route: `POST /projects/{id}/${room}/{iid}/discussions`,
    answer: async (ask) => {
      const place = placeIn(ask, room)
      const fields = await body(ask)
      const made = write(ask, place, fields, placed(ask, place, fields))
      if (!isNote(made)) return json(made, 202)
      return created(discussionsOf(ask.world, [made])[0])
    },
  },
  {
    route: `POST /projects/{id}/${room}/{iid}/discussions/{discussion_id}/notes`,
    answer: async (ask) => {
      const place = placeIn(ask, room)
      const thread = notesIn(ask, place).filter((note) => note.discussion_id === param(ask, 'discussion_id'))
      const [first] = thread
      if (first === undefined) throw notFound('Discussion')
      const made = write(ask, place, await body(ask), {
        type: first.type ?? 'DiscussionNote',
        discussion_id: first.discussion_id,
        ...(first.position === null ? {} : { position: first.position }),
        ...(first.line_code === null ? {} : { line_code: first.line_code }),
      })
      return isNote(made) ? created(noteAnswer(ask.world, made)) : json(made, 202)
    },
  },
  {
    route: `PUT /projects/{id}/${room}/{iid}/discussions/{discussion_id}`,
    answer: async (ask) => {
      const resolved = flagIn(await body(ask), 'resolved')
      if (resolved === undefined) throw missing('resolved')
      const thread = notesIn(ask, placeIn(ask, room)).filter((note) => note.discussion_id === param(ask, 'discussion_id'))
      if (thread.length === 0) throw notFound('Discussion')
      for (const note of thread) {
        note.resolved_at = resolved ? ask.world.now() : null
        note.resolved_by_id = resolved ? ask.me.id : null
        ask.world.items.saveNote(note)
      }
      return json(discussionsOf(ask.world, thread)[0])
    },
  },
]
const awardRoutesOf = (room: Room): readonly Route[] => {
  const type = room === 'issues' ? 'Issue' : 'MergeRequest'
  return [
    {
      route: `GET /projects/{id}/${room}/{iid}/award_emoji`,
      answer: (ask) => {
        const { item } = placeIn(ask, room)
        return page(ask, item.awards, (row) => awardAnswer(ask.world, row, item.id, type))
      },
    },
    {
      route: `POST /projects/{id}/${room}/{iid}/award_emoji`,
      answer: async (ask) => {
        const { item } = changing(ask, room)
        const row = award(ask, item.awards, textIn(await body(ask), 'name') ?? '')
        ask.world.items.save(item)
        return created(awardAnswer(ask.world, row, item.id, type))
      },
    },
    {
      route: `DELETE /projects/{id}/${room}/{iid}/award_emoji/{award_id}`,
      answer: (ask) => {
        const { item } = changing(ask, room)
        remove(ask, item.awards)
        ask.world.items.save(item)
        return noContent
      },
    },
    {
      route: `GET /projects/{id}/${room}/{iid}/notes/{note_id}/award_emoji`,
      answer: (ask) => {
        const note = noteIn(ask, placeIn(ask, room))
        return page(ask, note.awards, (row) => awardAnswer(ask.world, row, note.id, 'Note'))
      },
    },
    {
      route: `POST /projects/{id}/${room}/{iid}/notes/{note_id}/award_emoji`,
      answer: async (ask) => {
        const note = noteIn(ask, changing(ask, room))
        const row = award(ask, note.awards, textIn(await body(ask), 'name') ?? '')
        ask.world.items.saveNote(note)
        return created(awardAnswer(ask.world, row, note.id, 'Note'))
      },
    },
  ]
}
const eventRoutesOf = (room: Room): readonly Route[] =>
  (['label', 'milestone', 'state'] as const).map((kind) => ({
    route: `GET /projects/{id}/${room}/{iid}/resource_${kind}_events` as const,
    answer: (ask: Ask) => {
      const { item } = placeIn(ask, room)
      const events: ResourceEventRow[] = item[`${kind}_events`]
      return page(ask, events, (row) => eventAnswer(ask.world, item, row))
    },
  }))

const ROOMS: readonly Room[] = ['issues', 'merge_requests']
export const noteRoutes: readonly Route[] = ROOMS.flatMap((room) => [
  ...noteRoutesOf(room),
  ...discussionRoutesOf(room),
  ...awardRoutesOf(room),
  ...eventRoutesOf(room),
])
