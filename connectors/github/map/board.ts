import { itemId } from '../../../src/contract/ids.ts'
import type { Provenance, SourceItem } from '../../../src/contract/item.ts'
import type { Board } from '../../../src/model/board.ts'
import type { GraphBoard, GraphCard } from '../wire/board.ts'
import { actorOf } from './actor.ts'
import { boards, itemOf } from './item.ts'

/** A project of the second generation, with its cards in the order of the project. */
export function board(given: GraphBoard, cards: readonly GraphCard[], raw: unknown, provenance: Provenance): SourceItem<'board'> {
  const body: Board = {
    number: given.number,
    title: given.title,
    text: [given.shortDescription, given.readme].flatMap((text) => (text === null || text === '' ? [] : text)).join('\n\n'),
    closed: given.closed,
    public: given.public,
    author: actorOf(given.creator),
    fields: given.fields.nodes.flatMap((field) =>
      field === null
        ? []
        : {
            name: field.name,
            type: field.dataType.toLowerCase(),
            options: [
              ...(field.options?.map(({ name }) => name) ?? []),
              ...(field.configuration === undefined
                ? []
                : [...field.configuration.completedIterations, ...field.configuration.iterations].map(({ title }) => title)),
            ],
          },
    ),
    cards: cards.map(({ content, isArchived, fieldValues }) => ({
      content: contentOf(content),
      title: content?.title ?? '',
      text: content?.__typename === 'DraftIssue' ? (content.body ?? '') : '',
      archived: isArchived,
      values: Object.fromEntries(
        fieldValues.nodes
          .flatMap((value): (readonly [string, string])[] => {
            const said = value?.text ?? value?.number ?? value?.date ?? value?.name ?? value?.title
            const name = value?.field?.name
            return name === undefined || said === null || said === undefined ? [] : [[name, String(said)]]
          })
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
    })),
  }
  return itemOf({ kind: 'board', id: itemId('board', String(given.databaseId)), collection: boards, body, raw, provenance })
}

function contentOf(content: GraphCard['content']): string | null {
  const repository = content?.repository?.databaseId
  if (content === null || content.number === undefined || repository === null || repository === undefined) return null
  return itemId(content.__typename === 'PullRequest' ? 'change-request' : 'issue', String(repository), String(content.number))
}
