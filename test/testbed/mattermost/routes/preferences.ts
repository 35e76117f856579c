import { badBody } from '../refusal.ts'
import { json, ok, type Route, selfOrAdmin, textOf, userIn } from './ask.ts'

export const preferenceRoutes: readonly Route[] = [
  {
    route: 'GET /users/{user_id}/preferences',
    answer: (ask) => {
      const user = selfOrAdmin(ask, userIn(ask))
      return json([...ask.store.preferences.values()].filter((row) => row.user_id === user.id))
    },
  },
  {
    route: 'PUT /users/{user_id}/preferences',
    answer: async (ask) => {
      const user = selfOrAdmin(ask, userIn(ask))
      const rows: unknown = await ask.http.req.json().catch(() => undefined)
      if (!Array.isArray(rows)) throw badBody('preferences')
      for (const row of rows as Readonly<Record<string, unknown>>[]) {
        const [category = '', name = '', value = ''] = ['category', 'name', 'value'].map((key) => textOf(row, key))
        if (category === 'flagged_post' && !ask.store.posts.has(name)) throw badBody('preference.name')
        ask.store.setPreference(user.id, category, name, value)
      }
      return ok()
    },
  },
  {
    route: 'POST /users/{user_id}/preferences/delete',
    answer: async (ask) => {
      const user = selfOrAdmin(ask, userIn(ask))
      const rows: unknown = await ask.http.req.json().catch(() => undefined)
      if (!Array.isArray(rows)) throw badBody('preferences')
      for (const row of rows as Readonly<Record<string, unknown>>[])
        ask.store.preferences.delete(`${user.id}/${textOf(row, 'category') ?? ''}/${textOf(row, 'name') ?? ''}`)
      return ok()
    },
  },
]
