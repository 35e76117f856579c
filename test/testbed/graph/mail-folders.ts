import { type Answer, type Call, prefers, Refusal, type Route, selected } from './call.ts'
import { folderShape } from './mail-shapes.ts'
import type { Mailbox, StoredFolder } from './mailbox.ts'
import { listing } from './pages.ts'

const read = ['Mail.Read', 'Mail.ReadWrite', 'Mail.ReadBasic.All']

export const boxOf = ({ tenant, params }: Call): Mailbox => tenant.mailbox(params['user'] ?? '')

/** @throws Refusal 404 `ErrorItemNotFound` */
export function folderOf(call: Call): StoredFolder {
  const folder = boxOf(call).find(call.params['folder'] ?? '')
  if (folder === undefined) throw new Refusal(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')
  return folder
}

const shownIn = (call: Call, parent: string): readonly StoredFolder[] =>
  [...boxOf(call).folders.values()].filter(
    (folder) => folder.parent === parent && (!folder.hidden || call.query.get('includeHiddenFolders') === 'true'),
  )

function below(call: Call, parent: string): readonly StoredFolder[] {
  return shownIn(call, parent).flatMap((folder) => [folder, ...below(call, folder.id)])
}

/** All folders below the visible root, in an order of its own, in one flat list with links like any delta query. */
function folderDelta(call: Call): Answer {
  const { query, pager, base } = call
  const box = boxOf(call)
  const all = below(call, box.folder('msgfolderroot').id).toReversed()
  const token = query.get('$skiptoken')
  const from = token === null ? 0 : Number(pager.position(token)['from'])
  const asked = Number(prefers(call.headers).get('odata.maxpagesize') ?? 10)
  const page = all.slice(from, from + pager.size(asked, from))
  const next = from + page.length
  const link = (name: string, position: object): string =>
    `${base}/users('${encodeURIComponent(box.owner)}')/mailFolders/delta?includeHiddenFolders=${query.get('includeHiddenFolders') ?? 'false'}&${name}=${pager.token(position)}`
  return {
    json: {
      ...(next < all.length ? { '@odata.nextLink': link('$skiptoken', { from: next }) } : { '@odata.deltaLink': link('$deltatoken', {}) }),
      value: page.map((folder) => selected(folderShape(box, folder), query)),
    },
  }
}

const childrenOf = (call: Call, parent: string, path: string): Answer => {
  const box = boxOf(call)
  const children = shownIn(call, parent).map((folder) => selected(folderShape(box, folder), call.query))
  return listing(call, path, children, { most: 1000, usual: 10, type: 'mailFolders' })
}

export const folderRoutes: readonly Route[] = [
  { name: 'mailFolders.delta', method: 'GET', path: '/users/:user/mailFolders/delta', roles: read, mailbox: true, answer: folderDelta },
  {
    name: 'mailFolders.list',
    method: 'GET',
    path: '/users/:user/mailFolders',
    roles: read,
    mailbox: true,
    answer: (call) => childrenOf(call, boxOf(call).folder('msgfolderroot').id, `/users/${boxOf(call).owner}/mailFolders`),
  },
  {
    name: 'mailFolders.get',
    method: 'GET',
    path: '/users/:user/mailFolders/:folder',
    roles: read,
    mailbox: true,
    answer: (call) => ({ json: selected(folderShape(boxOf(call), folderOf(call)), call.query) }),
  },
  {
    name: 'childFolders.list',
    method: 'GET',
    path: '/users/:user/mailFolders/:folder/childFolders',
    roles: read,
    mailbox: true,
    answer: (call) =>
      childrenOf(call, folderOf(call).id, `/users/${boxOf(call).owner}/mailFolders/${encodeURIComponent(folderOf(call).id)}/childFolders`),
  },
]
