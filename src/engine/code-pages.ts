import { DatabaseSync } from 'node:sqlite'
import type { Item } from '../contract/item.ts'
import type { Actor } from '../model/actor.ts'

/** One issue, change request or discussion as a page that anybody can read. `name`: below the folder of its repository. */
interface Page {
  readonly name: string
  readonly content: string
}

const folderOf = { issue: 'issues', 'change-request': 'change-requests', discussion: 'discussions' } as const

/** Gathers what was said under every number of a repository, in a database that is gone with the process. */
export class CodePages {
  // An empty name is a private database on disk that is removed when it is closed, or when the process dies.
  readonly #db = new DatabaseSync('')
  readonly #add
  constructor() {
    this.#db.exec('create table part (page text, name text, at text, head integer, content text)')
    this.#add = this.#db.prepare('insert into part values (?, ?, ?, ?, ?)')
  }
  add(item: Item): void {
    switch (item.kind) {
      case 'issue':
      case 'change-request':
      case 'discussion':
        this.#add.run(item.id, `${folderOf[item.kind]}/${item.body.number}.md`, item.body.createdAt, 1, headOf(item))
        break
      case 'comment':
        this.#add.run(item.body.on, '', item.body.createdAt, 0, commentOf(item))
        break
      case 'review':
        this.#add.run(item.body.changeRequest, '', item.body.submittedAt, 0, reviewOf(item))
        break
      default:
    }
  }
  /** Pages by their name; what was said under something that is not there itself stands in the JSON lines only. */
  *all(): Generator<Page> {
    this.#db.exec('create index of_page on part (page, head desc, at)')
    const parts = this.#db.prepare('select page, name, content, head from part order by page, head desc, at, rowid').iterate() as Iterable<{
      readonly page: string
      readonly name: string
      readonly content: string
      readonly head: number
    }>
    let open: { readonly page: string; readonly name: string; content: string } | undefined
    for (const { page, name, content, head } of parts) {
      if (head === 1) {
        if (open !== undefined) yield open
        open = { page, name, content }
      } else if (open?.page === page) open.content += `\n---\n\n${content}`
    }
    if (open !== undefined) yield open
  }
  [Symbol.dispose](): void {
    this.#db.close()
  }
}

const by = (actor: Actor | null): string => (actor === null ? '(deleted account)' : `@${actor.login}`)
const fact = (name: string, value: string | null): string => (value === null || value === '' ? '' : `- ${name}: ${value}\n`)

function headOf(item: Item<'issue' | 'change-request' | 'discussion'>): string {
  const { number, title, author, createdAt, closedAt, labels, text } = item.body
  let facts = fact('by', by(author)) + fact('created', createdAt) + fact('closed', closedAt) + fact('labels', labels.join(', '))
  if (item.kind === 'discussion') facts += fact('category', item.body.category.name)
  else facts += fact('state', item.body.state) + fact('assignees', item.body.assignees.map(by).join(', '))
  if (item.kind === 'change-request') {
    const { head, base, mergedAt, mergedBy, mergeCommit } = item.body
    facts += fact('from', `${head.repository ?? '(deleted repository)'} ${head.ref} ${head.oid}`) + fact('into', `${base.ref} ${base.oid}`)
    if (mergedAt !== null) facts += fact('merged', `${mergedAt} by ${by(mergedBy)}${mergeCommit === null ? '' : ` as ${mergeCommit}`}`)
  }
  return `# ${number} ${title.replaceAll(/\s+/g, ' ')}\n\n${facts}\n${text}\n`
}

function commentOf({ body }: Item<'comment'>): string {
  const { author, createdAt, anchor, text } = body
  const place = anchor === null ? '' : ` on \`${anchor.path}\`${lineOf(anchor.line ?? anchor.originalLine)}`
  const hunk = anchor?.hunk == null ? '' : `\`\`\`diff\n${anchor.hunk}\n\`\`\`\n\n`
  return `**${by(author)}**, ${createdAt}${place}\n\n${hunk}${text}\n`
}
const lineOf = (line: number | null): string => (line === null ? '' : `, line ${line}`)

const reviewOf = ({ body }: Item<'review'>): string =>
  `**${by(body.author)}**, ${body.submittedAt}, reviewed: ${body.state}\n${body.text === '' ? '' : `\n${body.text}\n`}`
