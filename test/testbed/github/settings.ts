import type { Person, Time } from './model.ts'
import type { Repository } from './repository.ts'

export interface Hook {
  readonly id: number
  readonly url: string
  readonly events: readonly string[]
  readonly active: boolean
  readonly createdAt: Time
}
export interface Named {
  readonly name: string
  readonly value: string
  readonly createdAt: Time
}
export interface Environment {
  readonly id: number
  readonly name: string
  readonly reviewers: readonly Person[]
  readonly waitMinutes: number
  readonly variables: Named[]
  readonly secrets: Named[]
  readonly createdAt: Time
}
export interface Protection {
  readonly branch: string
  readonly requiredApprovals: number
  readonly codeOwners: boolean
  readonly statusChecks: readonly string[]
  readonly enforceAdmins: boolean
  readonly allowForcePushes: boolean
  readonly pushers: readonly Person[]
}
export interface Ruleset {
  readonly id: number
  readonly name: string
  readonly target: 'branch' | 'tag'
  readonly enforcement: 'active' | 'evaluate' | 'disabled'
  readonly include: readonly string[]
  readonly rules: readonly { readonly type: string; readonly parameters?: Readonly<Record<string, unknown>> }[]
  readonly createdAt: Time
}
export interface Autolink {
  readonly id: number
  readonly prefix: string
  readonly template: string
}
export type Permission = 'pull' | 'triage' | 'push' | 'maintain' | 'admin'

export interface Team {
  readonly id: number
  readonly name: string
  readonly slug: string
  readonly description: string | null
  readonly privacy: 'closed' | 'secret'
  readonly parent: Team | null
  readonly createdAt: Time
  readonly members: Map<Person, 'member' | 'maintainer'>
  readonly repositories: Map<Repository, Permission>
}

export interface ProjectField {
  readonly id: number
  readonly name: string
  readonly type: 'title' | 'text' | 'number' | 'date' | 'single_select' | 'iteration' | 'assignees' | 'labels'
  readonly options?: readonly { readonly id: string; readonly name: string; readonly color: string }[]
}
export interface ProjectItem {
  readonly id: number
  readonly content: { readonly repository: Repository; readonly number: number } | { readonly title: string; readonly body: string }
  readonly creator: Person
  readonly createdAt: Time
  readonly values: Map<ProjectField, string | number>
}
export interface Project {
  readonly id: number
  readonly number: number
  title: string
  description: string | null
  readonly creator: Person
  readonly createdAt: Time
  updatedAt: Time
  closedAt: Time | null
  readonly fields: ProjectField[]
  readonly items: ProjectItem[]
  readonly views: readonly { readonly number: number; readonly name: string; readonly layout: 'table' | 'board' | 'roadmap' }[]
}

/** A file that somebody dropped into a text. */
export interface Attachment {
  /** Path below the host: `/user-attachments/assets/UUID`, `/acme/website/files/1/log.txt`. */
  readonly path: string
  readonly name: string
  readonly contentType: string
  readonly bytes: Uint8Array
  /** Whoever may read this repository may read the file; null: everybody. */
  readonly repository: Repository | null
}
