import type { tasks_v1 } from 'googleapis/build/src/apis/tasks/v1.js'

export interface ListHeld {
  list: tasks_v1.Schema$TaskList
  readonly tasks: Map<string, tasks_v1.Schema$Task>
  /** Answers every request for its tasks with this status. */
  refuses: number | undefined
}

/** What Google keeps of tasks for a whole company, with the ways people change them. */
export class TasksStore {
  readonly #now: () => number
  readonly #people = new Map<string, Map<string, ListHeld>>()
  #serial = 0
  constructor(now: () => number) {
    this.#now = now
  }

  of(person: string): Map<string, ListHeld> {
    const lists = this.#people.get(person) ?? new Map<string, ListHeld>()
    this.#people.set(person, lists)
    return lists
  }
  addList(person: string, title: string): string {
    const id = this.#id()
    const list = {
      kind: 'tasks#taskList',
      id,
      etag: this.#etag(),
      title,
      updated: this.#at(),
      selfLink: `https://www.googleapis.com/tasks/v1/users/@me/lists/${id}`,
    }
    this.of(person).set(id, { list, tasks: new Map(), refuses: undefined })
    return id
  }
  renameList(person: string, id: string, title: string): void {
    const held = this.list(person, id)
    held.list = { ...held.list, title, etag: this.#etag(), updated: this.#at() }
  }
  deleteList(person: string, id: string): void {
    this.of(person).delete(id)
  }
  addTask(person: string, list: string, task: tasks_v1.Schema$Task): tasks_v1.Schema$Task {
    const id = task.id ?? this.#id()
    const { tasks } = this.list(person, list)
    const position = String(tasks.size).padStart(20, '0')
    const whole: tasks_v1.Schema$Task = {
      kind: 'tasks#task',
      id,
      etag: this.#etag(),
      updated: this.#at(),
      selfLink: `https://www.googleapis.com/tasks/v1/lists/${list}/tasks/${id}`,
      webViewLink: `https://tasks.google.com/task/${id}`,
      position,
      status: 'needsAction',
      ...task,
    }
    tasks.set(id, whole)
    return whole
  }
  editTask(person: string, list: string, id: string, more: tasks_v1.Schema$Task): tasks_v1.Schema$Task {
    const { tasks } = this.list(person, list)
    const before = tasks.get(id)
    if (before === undefined) throw new Error(`no task ${id} in list ${list}`)
    const edited = { ...before, etag: this.#etag(), updated: this.#at(), ...more }
    tasks.set(id, edited)
    return edited
  }
  deleteTask(person: string, list: string, id: string): void {
    this.editTask(person, list, id, { deleted: true })
  }
  /** Gone without a trace: what happens to deleted tasks in the end, and to those of a surface that took them back. */
  purgeTask(person: string, list: string, id: string): void {
    this.list(person, list).tasks.delete(id)
  }

  list(person: string, id: string): ListHeld {
    const held = this.of(person).get(id)
    if (held === undefined) throw new Error(`no task list ${id} of ${person}`)
    return held
  }
  #at(): string {
    return new Date(this.#now()).toISOString()
  }
  #id(): string {
    this.#serial += 1
    return Buffer.from(`task:${this.#serial}`).toString('base64url')
  }
  #etag(): string {
    this.#serial += 1
    return `"LTE${this.#serial.toString(36)}"`
  }
}
