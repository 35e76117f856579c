import { calendarRoutes } from './calendar-routes.ts'
import { contactRoutes } from './contact-routes.ts'
import { plannerRoutes } from './planner-routes.ts'
import { todoRoutes } from './todo-routes.ts'

export interface Covered {
  readonly route: string
  /** `full`: all that a reader meets; `partial`: the notes say what is left out. */
  readonly status: 'full' | 'partial'
  /** File below `test/connectors/m365/groupware`. */
  readonly testedBy: string
  readonly notes: string
  readonly source: string
}

const api = 'https://learn.microsoft.com/graph/api'
const row = (route: string, status: Covered['status'], testedBy: string, page: string, notes = ''): Covered => ({
  route,
  status,
  testedBy,
  notes,
  source: `${api}/${page}`,
})

/** What the emulator answers of calendars, contacts and tasks, how far it goes, and where the vendor says so. Read 2026-11-25. */
export const GROUPWARE_COVERAGE: readonly Covered[] = [
  row('calendars.list', 'full', 'calendar.test.ts', 'user-list-calendars'),
  row('events.list', 'partial', 'calendar.test.ts', 'calendar-list-events', 'Series and single events; no $filter, no $orderby.'),
  row('events.get', 'partial', 'calendar.test.ts', 'event-get', 'No Prefer: outlook.timezone; times are UTC.'),
  row('calendarPermissions.list', 'full', 'calendar.test.ts', 'calendar-list-calendarpermissions'),
  row('eventAttachments.list', 'full', 'calendar.test.ts', 'event-list-attachments'),
  row('eventAttachments.get', 'partial', 'calendar.test.ts', 'attachment-get', 'No $expand of the item inside.'),
  row('eventAttachments.value', 'full', 'calendar.test.ts', 'attachment-get'),
  row(
    'contactFolders.delta',
    'partial',
    'contacts.test.ts',
    'contactfolder-delta',
    'That the default folder is not in it is an assumption.',
  ),
  row('contactFolders.get', 'full', 'contacts.test.ts', 'contactfolder-get'),
  row('contactFolders.list', 'full', 'contacts.test.ts', 'user-list-contactfolders'),
  row('contactFolders.children', 'full', 'contacts.test.ts', 'contactfolder-list-childfolders'),
  row('contacts.listIn', 'full', 'contacts.test.ts', 'contactfolder-list-contacts'),
  row('contacts.delta', 'full', 'contacts.test.ts', 'contact-delta'),
  row('contacts.list', 'partial', 'contacts.test.ts', 'user-list-contacts', 'The default folder only.'),
  row('contacts.get', 'full', 'contacts.test.ts', 'contact-get'),
  row('contacts.getIn', 'full', 'contacts.test.ts', 'contact-get'),
  row('contacts.photo', 'full', 'contacts.test.ts', 'profilephoto-get'),
  row('todo.lists.delta', 'full', 'todo.test.ts', 'todotasklist-delta'),
  row('todo.tasks.delta', 'partial', 'todo.test.ts', 'todotask-delta', '$expand of steps and links; no $filter.'),
  row('todo.lists.list', 'full', 'todo.test.ts', 'todo-list-lists'),
  row('todo.tasks.list', 'full', 'todo.test.ts', 'todotasklist-list-tasks'),
  row('todo.tasks.get', 'full', 'todo.test.ts', 'todotask-get'),
  row('todo.attachments.list', 'full', 'todo.test.ts', 'todotask-list-attachments'),
  row('todo.attachments.value', 'full', 'todo.test.ts', 'taskfileattachment-get'),
  row('planner.plans.list', 'full', 'planner.test.ts', 'plannergroup-list-plans'),
  row('planner.plans.details', 'full', 'planner.test.ts', 'plannerplandetails-get'),
  row('planner.buckets.list', 'full', 'planner.test.ts', 'plannerplan-list-buckets'),
  row(
    'planner.tasks.list',
    'partial',
    'planner.test.ts',
    'plannerplan-list-tasks',
    'Whether $expand=details is answered is an option; Microsoft does not document it.',
  ),
  row('planner.tasks.details', 'full', 'planner.test.ts', 'plannertaskdetails-get'),
]

export const GROUPWARE_ROUTES: readonly string[] = [...calendarRoutes, ...contactRoutes, ...todoRoutes, ...plannerRoutes].map(
  ({ name }) => name,
)
