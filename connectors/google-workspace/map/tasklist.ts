import type { ItemId } from '../../../src/contract/ids.ts'
import type { Tasklist } from '../../../src/model/tasklist.ts'
import { filled, type Json, text } from '../json.ts'

export const tasklist = (list: Json, primary: boolean, owner: ItemId): Tasklist => ({
  owner,
  name: filled(list['title']) ?? text(list['id']),
  color: null,
  primary,
})
