import type { MetadataSchema } from '@gitbeaker/rest'
import { body, json, requireAdmin, type Route } from '../ask.ts'

export const instanceRoutes: readonly Route[] = [
  { route: 'GET /version', answer: ({ world }) => json({ version: world.version, revision: '0000000000a' }) },
  {
    route: 'GET /metadata',
    answer: ({ world }) =>
      json({
        version: world.version,
        revision: '0000000000a',
        kas: { enabled: false, externalUrl: '', version: world.version },
        enterprise: false,
      } satisfies Omit<MetadataSchema, 'enterprise'> & { enterprise: boolean }),
  },
  {
    route: 'GET /application/settings',
    answer: (ask) => {
      requireAdmin(ask)
      return json({ id: 1, ...ask.world.settings })
    },
  },
  {
    route: 'PUT /application/settings',
    answer: async (ask) => {
      requireAdmin(ask)
      Object.assign(ask.world.settings, await body(ask))
      return json({ id: 1, ...ask.world.settings })
    },
  },
]
