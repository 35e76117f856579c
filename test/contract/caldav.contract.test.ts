import type { Item } from '../../src/contract/item.ts'
import { definition } from '../../targets/caldav/definition.ts'
import { davBench } from '../testbed/dav/bench.ts'
import { event, task } from '../testbed/dav/bodies.ts'
import { targetContract } from './target.suite.ts'

for (const mode of ['generic', 'nextcloud', 'radicale'] as const)
  targetContract({
    name: `caldav on ${mode}`,
    start: () =>
      davBench(definition, mode, ['calendar', 'tasklist', 'event', 'task'], (source) => {
        source.edit<'event'>('event/ada/ada@example.org/e5' as never, (item: Item<'event'>) => ({
          ...item,
          body: { ...item.body, ics: event('allday@google.com', { summary: 'edited' }) },
        }))
        source.items.delete('event/ada/ada@example.org/e4' as never)
        source.items.delete('task/ada/Errands/t1' as never)
        source.event('calendar/ada/ada@example.org' as never, 'late', event('late@google.com'))
        source.task('tasklist/ada/Errands' as never, 't9', task('task-9'))
      }),
  })
