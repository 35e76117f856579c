import type { Item } from '../../src/contract/item.ts'
import { definition } from '../../targets/carddav/definition.ts'
import { davBench } from '../testbed/dav/bench.ts'
import { card } from '../testbed/dav/bodies.ts'
import { targetContract } from './target.suite.ts'

for (const mode of ['generic', 'nextcloud', 'radicale'] as const)
  targetContract({
    name: `carddav on ${mode}`,
    start: () =>
      davBench(definition, mode, ['addressbook', 'contact'], (source) => {
        source.edit<'contact'>('contact/ada/connections/c3' as never, (item: Item<'contact'>) => ({
          ...item,
          body: { ...item.body, vcf: card('c3', { formattedName: 'edited' }) },
        }))
        source.items.delete('contact/ada/connections/c1' as never)
        source.contact('addressbook/ada/connections' as never, 'late', card('late'))
      }),
  })
