import { hash } from 'node:crypto'

/** The last part of an item id as milliseconds: GitHub's times are whole seconds, and two things of one second must stay two. */
function milliseconds(item: string): string {
  const native = item.slice(item.lastIndexOf('/') + 1)
  const number = /^\d+$/.test(native) ? Number(native.slice(-3)) : Number.parseInt(hash('sha256', native).slice(0, 8), 16) % 1000
  return String(number).padStart(3, '0')
}
/** `2026-05-31T10:00:00.000Z`, as GitLab gives times back. */
export const fullTime = (iso: string): string => `${iso.slice(0, 19)}.000Z`
/** The time of an item with milliseconds made from its id. */
export const timeOf = (iso: string, item: string): string => `${iso.slice(0, 19)}.${milliseconds(item)}Z`
/** When it was changed: the very same text as `createdAt` if it was not. */
export const changedAt = (created: string, updated: string, createdAt: string): string =>
  updated.slice(0, 19) <= created.slice(0, 19) ? createdAt : fullTime(updated)
