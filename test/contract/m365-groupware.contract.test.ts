import { definition } from '../../connectors/m365/definition.ts'
import { itemId } from '../../src/contract/ids.ts'
import { configOf } from '../connectors/m365/groupware/reading.ts'
import { calendarsOf, contactsOf, plannerOf, tasksOf } from '../testbed/graph/groupware/parts.ts'
import { graphTestbed } from '../testbed/graph/testbed.ts'
import type { Tenant } from '../testbed/graph/tenant.ts'
import { connectorContract, type ConnectorStage } from './connector.suite.ts'

const people = ['ada@example.org', 'erika@example.org', 'info@example.org']

connectorContract({
  name: 'm365: calendars, contacts, To Do, Planner',
  async start(): Promise<ConnectorStage> {
    const bed = await graphTestbed({ mails: 0, stories: false })
    const { tenant } = bed
    const ada = tenant.user('ada').id
    loseSomething(tenant)
    return {
      definition,
      open: (ports) =>
        definition.open('acme', configOf(bed, ['calendars', 'contacts', 'tasks', 'planner'], people), ports, new AbortController().signal),
      canaries: [bed.secret, 'canary'],
      world: {
        add: async () => itemId('event', ada, calendarsOf(tenant, 'ada').addEvent('2026-04-01T08:00', 30, { subject: 'neu' }).id),
        edit: async () => {
          const id = contactsOf(tenant, 'ada').named('Alan')
          contactsOf(tenant, 'ada').edit(id, { nickName: 'Al' })
          return itemId('contact', ada, id)
        },
        remove: async () => {
          const todo = tasksOf(tenant, 'ada')
          const id = todo.titled('Milch')
          const { list } = todo.find(id)
          todo.remove(id)
          const [task] = [...plannerOf(tenant).plans.values()].flatMap(({ tasks }) => [...tasks.values()])
          if (task !== undefined) plannerOf(tenant).edit(task, { title: 'anders' })
          return itemId('task', ada, list, id)
        },
      },
      failNext: (status) => {
        const fault = {
          type: 'status',
          status,
          body: { error: { code: '', message: '' } },
          ...(status === 429 ? { retryAfterS: 7 } : {}),
        } as const
        // A refused token is renewed once.
        bed.faults.next('users.list', ...(status === 401 ? [fault, fault] : [fault]))
      },
      [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
    }
  },
})

/** One of each loss these services can have. */
function loseSomething(tenant: Tenant): void {
  const calendars = calendarsOf(tenant, 'ada')
  calendars.share(calendars.primary, { emailAddress: { address: 'ken.tanaka@example.org' }, role: 'limitedRead' })
  calendars.share(calendars.primary, { emailAddress: { address: 'olena@example.org' }, role: 'custom' })
  calendars.addCalendar('Kens Kalender', { owner: { address: 'ken.tanaka@example.org' }, canShare: false })
  calendars.addEvent('2026-05-04T08:00', 30, { subject: 'ohne Kennung', iCalUId: null })
  calendars.addEvent('2026-05-05T08:00', 30, { subject: 'ohne Beginn', start: null })
  calendars.addEvent('2026-05-06T08:00', 30, { subject: 'verdorben' }).broken = { status: 500, code: 'ErrorCorruptData' }
  const linked = calendars.addEvent('2026-05-07T08:00', 30, { subject: 'mit Verweis' })
  calendars.attach(linked.id, { '@odata.type': '#microsoft.graph.referenceAttachment', name: 'Plan.xlsx' }, new Uint8Array())
  const [plan] = plannerOf(tenant).plans.values()
  if (plan === undefined) return
  plannerOf(tenant).addTask(plan, { title: 'Besprochen', conversationThreadId: 'AAQkADk' })
  plannerOf(tenant).addPlan(plan.group, 'Geheim').forbidden = true
}
