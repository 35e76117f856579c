import type { ChecklistItem, LinkedResource, TaskFileAttachment, TodoTask, TodoTaskList } from '@microsoft/microsoft-graph-types'
import { Feed } from './feed.ts'
import { changeKey, exchangeId } from './ids.ts'

export type StoredList = TodoTaskList & { readonly id: string }
export type StoredTask = Omit<TodoTask, 'checklistItems' | 'linkedResources'> & {
  readonly id: string
  readonly etag: string
  readonly checklistItems: readonly ChecklistItem[]
  readonly linkedResources: readonly LinkedResource[]
}
export interface StoredFile {
  readonly wire: TaskFileAttachment & { readonly id: string }
  readonly bytes: Uint8Array
}

/** Somebody's lists in To Do. */
export class TodoStore {
  readonly owner: string
  readonly lists = new Feed<StoredList>()
  readonly tasks = new Map<string, Feed<StoredTask>>()
  readonly files = new Map<string, Map<string, StoredFile>>()
  readonly #clock: () => Date
  #serial = 0

  constructor(owner: string, clock: () => Date) {
    this.owner = owner
    this.#clock = clock
  }
  addList(displayName: string, more: TodoTaskList = {}): string {
    const id = exchangeId(this.owner, 'todolist', ++this.#serial)
    this.lists.put(id, { isOwner: true, isShared: false, wellknownListName: 'none', ...more, displayName, id })
    this.tasks.set(id, new Feed())
    return id
  }
  renameList(id: string, displayName: string): void {
    this.lists.put(id, { ...this.lists.things.get(id), displayName, id })
  }
  removeList(id: string): void {
    this.lists.remove(id)
    this.tasks.delete(id)
  }
  add(list: string, task: TodoTask): string {
    const id = exchangeId(this.owner, 'todo', ++this.#serial)
    const now = this.#clock().toISOString()
    const empty = { status: 'notStarted', importance: 'normal', isReminderOn: false, hasAttachments: false, categories: [] } as const
    const body = { content: '', contentType: 'text' } as const
    this.feed(list).put(id, {
      ...empty,
      categories: [],
      body,
      createdDateTime: now,
      lastModifiedDateTime: now,
      checklistItems: [],
      linkedResources: [],
      ...withoutNull(task),
      id,
      etag: changeKey(this.#serial),
    })
    return id
  }
  edit(id: string, change: TodoTask): void {
    const { task, list } = this.find(id)
    this.feed(list).put(id, {
      ...task,
      ...withoutNull(change),
      id,
      etag: changeKey(++this.#serial),
      lastModifiedDateTime: this.#clock().toISOString(),
    })
  }
  remove(id: string): void {
    this.feed(this.find(id).list).remove(id)
  }
  attach(id: string, wire: TaskFileAttachment, bytes: Uint8Array): void {
    const native = exchangeId(this.owner, 'todofile', ++this.#serial)
    const files = this.files.get(id) ?? new Map<string, StoredFile>()
    files.set(native, {
      wire: { lastModifiedDateTime: this.#clock().toISOString(), size: bytes.byteLength + 100, ...wire, id: native },
      bytes,
    })
    this.files.set(id, files)
    this.edit(id, { hasAttachments: true })
  }
  find(id: string): { readonly task: StoredTask; readonly list: string } {
    for (const [list, feed] of this.tasks) {
      const task = feed.things.get(id)
      if (task !== undefined) return { task, list }
    }
    throw new Error(`no task ${id}`)
  }
  titled(title: string): string {
    for (const feed of this.tasks.values()) for (const [id, task] of feed.things) if (task.title === title) return id
    throw new Error(`no task ${title}`)
  }
  feed(list: string): Feed<StoredTask> {
    const feed = this.tasks.get(list)
    if (feed === undefined) throw new Error(`no list ${list}`)
    return feed
  }
}

const withoutNull = ({
  checklistItems,
  linkedResources,
  ...task
}: TodoTask): Omit<TodoTask, 'checklistItems' | 'linkedResources'> & {
  checklistItems?: readonly ChecklistItem[]
  linkedResources?: readonly LinkedResource[]
} => ({ ...task, ...(checklistItems == null ? {} : { checklistItems }), ...(linkedResources == null ? {} : { linkedResources }) })
