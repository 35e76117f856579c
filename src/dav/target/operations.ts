import { hash } from 'node:crypto'
import { type RemoteId, idempotencyKey, remoteId } from '../../contract/ids.ts'
import type { BlobRef } from '../../contract/item.ts'
import type { Operation } from '../../contract/target.ts'
import type { PlaceProperties } from '../body.ts'

/** A calendar, task list or address book. `place` is the last part of its path. */
export interface PlaceOperation extends Operation {
  readonly type: 'place'
  readonly login: string
  readonly place: string
  readonly properties: PlaceProperties
}
/** Bytes that are to be put into an object: at the address of an attachment, or as the picture of a card. */
export interface Fill {
  readonly slot: string
  readonly blob: BlobRef
}
/** One event with its exceptions, one task or one card, as text. */
export interface ObjectOperation extends Operation {
  readonly type: 'object'
  readonly login: string
  readonly place: string
  readonly uid: string
  readonly text: string
  readonly fills: readonly Fill[]
}
export type DavOperation = PlaceOperation | ObjectOperation

/** Gives an operation its key and its revision: equal exactly if everything the operation says is equal. */
export function sealed<Op extends DavOperation>(op: Omit<Op, 'revision' | 'key'> & Pick<Operation, 'item'>): Op {
  return { ...op, key: idempotencyKey(op.item), revision: hash('sha1', JSON.stringify(op), 'base64url') } as Op
}

/** Short, safe in any path, and the same for ever: ids of vendors hold letters that servers stumble over. */
export const shortHash = (text: string): string => hash('sha256', text).slice(0, 24)
export const placeRemote = (login: string, place: string): RemoteId => remoteId(`place/${encodeURIComponent(login)}/${place}`)
/** By its UID and not by its path: some servers choose the path themselves. */
export const objectRemote = (login: string, place: string, uid: string): RemoteId => remoteOfHash(login, place, shortHash(uid))
export const remoteOfHash = (login: string, place: string, uidHash: string): RemoteId =>
  remoteId(`object/${encodeURIComponent(login)}/${place}/${uidHash}`)

/** Login and place that a remote id names. */
export function standsIn(remote: RemoteId): { readonly type: 'place' | 'object'; readonly login: string; readonly place: string } {
  const [type, login = '', place = ''] = remote.split('/')
  return { type: type === 'place' ? 'place' : 'object', login: decodeURIComponent(login), place }
}
