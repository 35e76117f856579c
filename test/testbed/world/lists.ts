import type { Rooms } from './channels.ts'
import { addFile } from './files.ts'
import type { People } from './people.ts'
import type { World } from './world.ts'

/** A list (Slack's small database): a file whose rows another method tells. */
export function addLists(world: World, { ada, ken }: People, { general }: Rooms): void {
  const file = addFile(world, {
    name: 'Umzug',
    title: 'Umzug nach Köln',
    mode: 'list',
    filetype: 'list',
    mimetype: 'application/vnd.slack-list',
    user: ada,
    list_metadata: { schema: [{ id: 'Col1', name: 'Name', key: 'name', type: 'text', is_primary_column: true }] },
  })
  world.lists.set(file.id, {
    id: file.id,
    title: 'Umzug nach Köln',
    channel: general.id,
    items: Array.from({ length: 23 }, (_, i) => ({
      id: world.nextId('Rec'),
      list_id: file.id,
      date_created: world.nowSeconds,
      created_by: ada,
      updated_by: ken,
      updated_timestamp: String(world.nowSeconds),
      fields: [
        {
          key: 'name',
          column_id: 'Col1',
          value: `Karton ${i + 1}`,
          text: `Karton ${i + 1}`,
          rich_text: [
            {
              type: 'rich_text',
              block_id: 'b',
              elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: `Karton ${i + 1}` }] }],
            },
          ],
        },
        { key: 'done', column_id: 'Col2', value: i % 3 === 0, checkbox: i % 3 === 0 },
        { key: 'who', column_id: 'Col3', value: ada, user: [ada] },
      ],
    })),
  })
  world.postMessage(general.id, { user: ada, text: 'the list', files: [{ id: file.id }] })
}
