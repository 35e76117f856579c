import { type RemoteId, remoteId } from '../../src/contract/ids.ts'
import type { NotePlace } from './operations.ts'

/** Names of what stands in GitLab, as the ledger and the verification use them. `project` and `path` are full paths. */
export const userRemote = (username: string): RemoteId => remoteId(`user/${username}`)
export const groupRemote = (path: string): RemoteId => remoteId(`group/${path}`)
export const projectRemote = (path: string): RemoteId => remoteId(`project/${path}`)
export const labelRemote = (project: string, title: string): RemoteId => remoteId(`label/${project}/${title}`)
export const milestoneRemote = (project: string, title: string): RemoteId => remoteId(`milestone/${project}/${title}`)
export const issueRemote = (project: string, iid: number): RemoteId => remoteId(`issue/${project}/${iid}`)
export const mergeRequestRemote = (project: string, iid: number): RemoteId => remoteId(`merge-request/${project}/${iid}`)
export const releaseRemote = (project: string, tag: string): RemoteId => remoteId(`release/${project}/${tag}`)
export const lfsRemote = (project: string, oid: string): RemoteId => remoteId(`lfs/${project}/${oid}`)
/** `createdAt` with milliseconds; two notes of one place never have the same. */
export const noteRemote = (project: string, on: NotePlace, createdAt: string): RemoteId =>
  remoteId(`note/${project}/${on.type}/${on.type === 'commits' ? on.sha : on.iid}/${createdAt}`)
/** `id`: the discussion's, 40 hex digits. */
export const discussionRemote = (project: string, iid: number, id: string): RemoteId =>
  remoteId(`discussion/${project}/merge_requests/${iid}/${id}`)
/** `kind` says in which of GitLab's three lists of events it stands. */
export const eventRemote = (
  project: string,
  on: Extract<NotePlace, { readonly iid: number }>,
  kind: 'label' | 'milestone' | 'state',
  createdAt: string,
): RemoteId => remoteId(`${kind}-event/${project}/${on.type}/${on.iid}/${createdAt}`)
