import type { Tenant } from '../tenant.ts'
import { CalendarStore } from './calendar-store.ts'
import { ContactStore } from './contact-store.ts'
import { PlannerStore } from './planner-store.ts'
import { furnishCalendars, furnishContacts, furnishPlanner, furnishTasks } from './seed.ts'
import { TodoStore } from './todo-store.ts'

const clockOf =
  (tenant: Tenant): (() => Date) =>
  () => {
    tenant.advance(1)
    return tenant.now
  }

/** Somebody's calendars, with what everybody has in them. `name`: as in `Tenant.user`. */
export function calendarsOf(tenant: Tenant, name: string): CalendarStore {
  const { id, wire } = tenant.user(name)
  return tenant.part('calendars', id, () =>
    furnishCalendars(new CalendarStore(id, { name: wire.displayName ?? '', address: wire.mail ?? '' }, clockOf(tenant))),
  )
}
export function contactsOf(tenant: Tenant, name: string): ContactStore {
  const { id } = tenant.user(name)
  return tenant.part('contacts', id, () => furnishContacts(new ContactStore(id, clockOf(tenant))))
}
export function tasksOf(tenant: Tenant, name: string): TodoStore {
  const { id } = tenant.user(name)
  return tenant.part('tasks', id, () => furnishTasks(new TodoStore(id, clockOf(tenant))))
}
export const plannerOf = (tenant: Tenant): PlannerStore =>
  tenant.part('planner', tenant.id, () => furnishPlanner(new PlannerStore(), tenant))
