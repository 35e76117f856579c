import { hash } from 'node:crypto'
import { type RemoteId, remoteId } from '../../../src/contract/ids.ts'
import type { Fields } from '../../../src/contract/target.ts'
import { textHash } from '../file/expect.ts'
import type { SettingsOperation } from '../setting-operations.ts'

/** Where a setting stands. Addresses of hooks may hold secrets: they are named by their hash. */
export const settingRemotes = {
  protectedBranch: (project: string, name: string): RemoteId => remoteId(`protected-branch/${project}/${name}`),
  protectedTag: (project: string, name: string): RemoteId => remoteId(`protected-tag/${project}/${name}`),
  hook: (project: string, url: string): RemoteId => remoteId(`hook/${project}/${hash('sha256', url).slice(0, 16)}`),
  variable: (project: string, scope: string, name: string): RemoteId => remoteId(`variable/${project}/${scope}/${name}`),
  member: (project: string, username: string): RemoteId => remoteId(`member/${project}/${username}`),
  share: (project: string, group: string): RemoteId => remoteId(`share/${project}/${group}`),
  merging: (project: string): RemoteId => remoteId(`merging/${project}`),
}

/** What a setting becomes, and how it must look when it is read back. */
export function settingShape(op: SettingsOperation): { readonly remote: RemoteId; readonly expect: Fields } {
  const { project } = op
  switch (op.type) {
    case 'protected-branch': {
      const { name, push, merge, allowForcePush } = op
      return { remote: settingRemotes.protectedBranch(project, name), expect: { push, merge, allowForcePush } }
    }
    case 'protected-tag':
      return { remote: settingRemotes.protectedTag(project, op.name), expect: { create: op.create } }
    case 'hook':
      return { remote: settingRemotes.hook(project, op.url), expect: { verifyTls: op.verifyTls, events: [] } }
    case 'variable':
      return { remote: settingRemotes.variable(project, op.scope, op.name), expect: { value: textHash(op.value) } }
    case 'member':
      return { remote: settingRemotes.member(project, op.who.username ?? ''), expect: { access: op.access } }
    case 'share':
      return { remote: settingRemotes.share(project, op.group), expect: { access: op.access } }
    case 'merging': {
      const { method, squash, removeSourceBranch } = op
      return { remote: settingRemotes.merging(project), expect: { method, squash, removeSourceBranch } }
    }
  }
}
