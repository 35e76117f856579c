import type { FileAttachment } from '@microsoft/microsoft-graph-types'
import { type Call, Refusal, type Route, selected } from './call.ts'
import { messagesDelta } from './mail-delta.ts'
import { boxOf, folderOf } from './mail-folders.ts'
import { type Entity, messageShape } from './mail-shapes.ts'
import type { StoredMail } from './mailbox.ts'
import { attachmentBytes, mimeOf } from './mime.ts'
import { listing } from './pages.ts'

const read = ['Mail.Read', 'Mail.ReadWrite']

/** @throws Refusal 404 `ErrorItemNotFound`: also for an id in other letters */
function mailOf(call: Call): StoredMail {
  const mail = boxOf(call).mails.get(call.params['message'] ?? '')
  if (mail === undefined) throw new Refusal(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')
  return mail
}

/** Who reads the parts of a mail that cannot be read is told so. */
function wholeMailOf(call: Call): StoredMail {
  const mail = mailOf(call)
  if (mail.brokenJson) throw new Refusal(500, 'ErrorCorruptData', `Data is corrupt: ${mail.subject}`)
  return mail
}

const attachmentsOf = (mail: StoredMail): readonly Entity<FileAttachment>[] =>
  mail.attachments.map(({ name, bytes }, at) => ({
    '@odata.type': '#microsoft.graph.fileAttachment',
    id: `ATT${at}`,
    name,
    contentType: 'application/octet-stream',
    size: bytes,
    isInline: false,
  }))

export const messageRoutes: readonly Route[] = [
  {
    name: 'messages.delta',
    method: 'GET',
    path: '/users/:user/mailFolders/:folder/messages/delta',
    roles: read,
    mailbox: true,
    answer: messagesDelta,
  },
  {
    name: 'messages.count',
    method: 'GET',
    path: '/users/:user/mailFolders/:folder/messages/$count',
    roles: read,
    mailbox: true,
    answer: (call) => ({ bytes: [Buffer.from(String(boxOf(call).in(folderOf(call).id).length))], mediaType: 'text/plain' }),
  },
  {
    name: 'messages.list',
    method: 'GET',
    path: '/users/:user/mailFolders/:folder/messages',
    roles: read,
    mailbox: true,
    answer: (call) => {
      const { id } = folderOf(call)
      const all = boxOf(call)
        .in(id)
        .map((mail) => selected(messageShape(mail, null), call.query))
      return listing(call, `/users/${boxOf(call).owner}/mailFolders/${encodeURIComponent(id)}/messages`, all, {
        most: 1000,
        usual: 10,
        type: 'messages',
      })
    },
  },
  {
    name: 'messages.get',
    method: 'GET',
    path: '/users/:user/messages/:message',
    roles: read,
    mailbox: true,
    answer: (call) => {
      const mail = call.query.get('$select')?.includes('body') === true || !call.query.has('$select') ? wholeMailOf(call) : mailOf(call)
      return { json: selected(messageShape(mail, call.query.get('$expand')), call.query) }
    },
  },
  {
    name: 'messages.value',
    method: 'GET',
    path: '/users/:user/messages/:message/$value',
    roles: read,
    mailbox: true,
    answer: (call) => {
      const mail = mailOf(call)
      if (mail.broken !== undefined) throw new Refusal(mail.broken.status, mail.broken.code, `Cannot write: ${mail.subject}`)
      return { bytes: [mimeOf(mail, call.serial)], mediaType: 'text/plain' }
    },
  },
  {
    name: 'attachments.list',
    method: 'GET',
    path: '/users/:user/messages/:message/attachments',
    roles: read,
    mailbox: true,
    answer: (call) => {
      const mail = wholeMailOf(call)
      const path = `/users/${boxOf(call).owner}/messages/${encodeURIComponent(mail.id)}/attachments`
      return listing(call, path, attachmentsOf(mail), { most: 1000, usual: 10, type: 'attachments' })
    },
  },
  {
    name: 'attachments.value',
    method: 'GET',
    path: '/users/:user/messages/:message/attachments/:attachment/$value',
    roles: read,
    mailbox: true,
    answer: (call) => {
      const found = wholeMailOf(call).attachments[Number(/^ATT(\d+)$/.exec(call.params['attachment'] ?? '')?.[1] ?? -1)]
      if (found === undefined) throw new Refusal(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')
      return { bytes: [attachmentBytes(found.name, found.bytes)], mediaType: 'application/octet-stream' }
    },
  },
]
