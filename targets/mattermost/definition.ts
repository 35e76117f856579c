import { none, type Capabilities } from '../../src/contract/fidelity.ts'
import type { TargetDefinition } from '../../src/contract/target.ts'
import { codeKinds } from '../../src/model/code-kinds.ts'
import { mattermostMapper } from './map/mapper.ts'
import type { MattermostOperation } from './map/operations.ts'
import { Settings } from './settings.ts'

const IMPORT_DOCS = 'https://docs.mattermost.com/administration-guide/onboard/bulk-loading-data.html'

const capabilities: Capabilities = {
  account: {
    level: 'partial',
    loses: ['no-such-concept', 'name-changed', 'withheld-by-source', 'excluded-by-policy', 'invalid-at-source'],
    note: 'no pronouns, phone or custom profile fields; guests become members, bots become users, rights are not imported; names the server refuses are changed',
    source: IMPORT_DOCS,
  },
  group: {
    level: 'partial',
    loses: ['no-such-concept', 'withheld-by-source', 'name-changed', 'author-replaced', 'rejected-by-target'],
    note: 'custom groups need a licensed server from 6.3 on; elsewhere their names stand in bold where they were mentioned',
    source: 'https://docs.mattermost.com/end-user-guide/collaborate/organize-using-custom-user-groups.html',
  },
  emoji: {
    level: 'partial',
    loses: ['no-such-concept', 'too-large', 'withheld-by-source', 'rejected-by-target'],
    note: 'not under the name of an emoji of the server itself',
    source: IMPORT_DOCS,
  },
  channel: {
    level: 'partial',
    loses: [
      'name-changed',
      'access-narrowed',
      'no-such-concept',
      'too-large',
      'text-changed',
      'excluded-by-policy',
      'rejected-by-target',
      'invalid-at-source',
    ],
    note: 'documents stand in a pinned post, and bookmarks too unless the server is licensed and from 10.1 on; conversations of more than eight people become private channels; long topics are cut',
    source: IMPORT_DOCS,
  },
  message: {
    level: 'partial',
    loses: [
      'time-replaced',
      'author-replaced',
      'text-changed',
      'no-such-concept',
      'too-large',
      'name-changed',
      'rejected-by-target',
      'excluded-by-policy',
      'invalid-at-source',
    ],
    note: 'times in whole milliseconds, unique in a channel; edit marks and followers on newer servers only; long texts are split',
    source: IMPORT_DOCS,
  },
  ...none(
    ['mailbox', 'mail-settings', 'mail', 'calendar', 'event', 'addressbook', 'contact', 'tasklist', 'task', ...codeKinds],
    'Mattermost has none',
    IMPORT_DOCS,
  ),
}

/** Mattermost 5.36 and later. Imports no SDK; the client comes with `open`. */
export const definition: TargetDefinition<'mattermost', Settings, MattermostOperation> = {
  id: 'mattermost',
  title: 'Mattermost',
  config: Settings,
  capabilities,
  limits: {
    api: {
      concurrency: 4,
      requests: 10_000,
      perMs: 60_000,
      source: 'The customer runs the server; RateLimitSettings is off by default (5.36.1 model/config.go, read 2026-11-23)',
    },
  },
  quotaOf: () => [{ key: 'api', cost: 1 }],
  mapper: mattermostMapper,
  scratch: (config, run) => {
    const id = run
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .slice(0, 12)
    return { ...config, team: `rehearsal-${id}`, teamTitle: `Rehearsal ${id}`, teamOpen: false, scratch: id }
  },
  open: async (name, config, ports) => (await import('./session.ts')).openMattermost(name, config, ports),
}
