import type { TaskParts } from '../../../src/standards/task.ts'

/** A task that says nothing. */
export const bareTask: TaskParts = {
  uid: '',
  summary: '',
  description: '',
  start: null,
  due: null,
  completedAt: null,
  percent: null,
  status: 'needs-action',
  priority: null,
  parent: null,
  order: null,
  categories: [],
  alarms: [],
  recurrence: [],
  attachments: [],
  url: null,
  extra: [],
  createdAt: null,
  updatedAt: null,
}
