import type { Capabilities } from '../../src/contract/fidelity.ts'
import type { TargetDefinition } from '../../src/contract/target.ts'
import { capabilities } from './capabilities.ts'
import { gitlabMapper } from './map/mapper.ts'
import type { GitlabOperation } from './operations.ts'
import { Settings } from './settings.ts'

/** GitLab 17.0 and later, Community Edition. Imports no SDK; the client comes with `open`. */
export const definition: TargetDefinition<'gitlab', Settings, GitlabOperation> = {
  id: 'gitlab',
  title: 'GitLab',
  config: Settings,
  capabilities: capabilities satisfies Capabilities,
  limits: {
    api: {
      concurrency: 6,
      requests: 10_000,
      perMs: 60_000,
      source:
        'The customer runs the server; user and IP rate limits are off by default: https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/',
    },
    notes: {
      concurrency: 4,
      requests: 300,
      perMs: 60_000,
      source: 'https://docs.gitlab.com/administration/settings/rate_limit_on_notes_creation/ (read 2026-11-25): 300 a minute and user',
    },
    import: {
      concurrency: 1,
      requests: 6,
      perMs: 60_000,
      source: 'https://docs.gitlab.com/administration/settings/import_export_rate_limits/ (read 2026-11-25): 6 a minute and user',
    },
  },
  quotaOf(request) {
    const { pathname } = new URL(request.url)
    const api = { key: 'api', cost: 1 }
    if (request.method !== 'POST') return [api]
    if (/\/projects\/import(?:-relation)?$/.test(pathname)) return [api, { key: 'import', cost: 1 }]
    if (/\/(?:notes|discussions)$/.test(pathname)) return [api, { key: 'notes', cost: 1 }]
    return [api]
  },
  mapper: gitlabMapper,
  scratch: (config, run) => {
    const id = run
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .slice(0, 12)
    return { ...config, group: `${config.group}/rehearsal-${id}`, groupTitle: `Rehearsal ${id}`, visibility: 'private', scratch: id }
  },
  open: async (name, config, ports) => (await import('./session.ts')).openGitlab(name, config, ports),
}
