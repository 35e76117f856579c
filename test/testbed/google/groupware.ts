import { playing } from '../kit/faults.ts'
import type { Asked } from './asked.ts'
import { CalendarAnswers } from './calendar/answers.ts'
import { CalendarStore } from './calendar/store.ts'
import type { Pages } from './changes.ts'
import type { App, Call, Parts, Route } from './parts.ts'
import { PeopleAnswers } from './people/answers.ts'
import { PeopleStore } from './people/store.ts'
import { notFound, refused } from './refusal.ts'
import { TasksAnswers } from './tasks/answers.ts'
import { TasksStore } from './tasks/store.ts'

/** Calendars, contacts and tasks of the company, as tests change them. */
export interface Groupware {
  readonly calendars: CalendarStore
  readonly contacts: PeopleStore
  readonly taskLists: TasksStore
  readonly people: PeopleAnswers
}

const auth = 'https://www.googleapis.com/auth/'
const CALENDAR = [`${auth}calendar.readonly`, `${auth}calendar`]
const ACLS = [`${auth}calendar.acls.readonly`, `${auth}calendar.acls`, `${auth}calendar`]
const CONTACTS = [`${auth}contacts.readonly`, `${auth}contacts`]
const OTHERS = [`${auth}contacts.other.readonly`]
const TASKS = [`${auth}tasks.readonly`, `${auth}tasks`]

export function createGroupware(pages: Pages, now: () => number): Groupware {
  const contacts = new PeopleStore(pages, now)
  return {
    calendars: new CalendarStore(pages, now),
    contacts,
    taskLists: new TasksStore(now),
    people: new PeopleAnswers(contacts, pages, now),
  }
}

/** What the three APIs answer. Tests name the routes as here. */
export function groupwareRoutes({ calendars, taskLists, people }: Groupware, pages: Pages): Route[] {
  const calendar = new CalendarAnswers(calendars, pages)
  const tasks = new TasksAnswers(taskLists, pages)
  const route = (api: 'calendar' | 'people' | 'tasks', name: string, path: string, scopes: readonly string[], root: number): Route => ({
    name: `${api}.${name}`,
    method: 'GET',
    path,
    api,
    units: 1,
    scopes,
    answer(call, user) {
      const asked = askedOf(call, user.primaryEmail, root)
      if (api === 'calendar') return calendar.answer(asked)
      return api === 'people' ? people.answer(asked) : tasks.answer(asked)
    },
  })
  return [
    route('calendar', 'calendarList.list', '/calendar/v3/users/me/calendarList', CALENDAR, 2),
    route('calendar', 'calendars.get', '/calendar/v3/calendars/:id', CALENDAR, 2),
    route('calendar', 'acl.list', '/calendar/v3/calendars/:id/acl', ACLS, 2),
    route('calendar', 'events.list', '/calendar/v3/calendars/:id/events', CALENDAR, 2),
    route('calendar', 'events.get', '/calendar/v3/calendars/:id/events/:event', CALENDAR, 2),
    route('people', 'connections.list', '/v1/people/me/connections', CONTACTS, 1),
    route('people', 'get', '/v1/people/:id', CONTACTS, 1),
    route('people', 'otherContacts.list', '/v1/otherContacts', OTHERS, 1),
    route('people', 'contactGroups.list', '/v1/contactGroups', CONTACTS, 1),
    route('tasks', 'tasklists.list', '/tasks/v1/users/@me/lists', TASKS, 2),
    route('tasks', 'tasklists.get', '/tasks/v1/users/@me/lists/:id', TASKS, 2),
    route('tasks', 'list', '/tasks/v1/lists/:id/tasks', TASKS, 2),
  ]
}

function askedOf(call: Call, person: string, root: number): Asked {
  const { pathname, searchParams } = new URL(call.req.url)
  return {
    path: pathname
      .split('/')
      .slice(root + 1)
      .map(decodeURIComponent),
    query: searchParams,
    person,
  }
}

/** Pictures of contacts: bytes for everybody who knows the address. */
export function photoRoute(app: App, { contacts }: Groupware, { calls, faults, now }: Parts): void {
  app.get(
    '/photos/*',
    async (c, next) => {
      calls.add({ route: 'photos', method: 'GET', path: c.req.path, atMs: now() })
      await next()
    },
    playing(faults, () => 'photos'),
    (c) => {
      const found = contacts.photos.get(c.req.path.replace(/^\/photos/, '').replace(/=s\d+$/, ''))
      if (found === undefined) return refused(notFound())
      return new Response(Buffer.from(found.bytes), { headers: { 'content-type': found.mediaType } })
    },
  )
}
