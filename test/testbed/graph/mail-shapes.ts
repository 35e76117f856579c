import type { MailFolder, Message } from '@microsoft/microsoft-graph-types'
import type { Mailbox, StoredFolder, StoredMail } from './mailbox.ts'
import { bodyOf } from './mime.ts'

export type Entity<T> = T & { readonly id: string; readonly '@odata.type'?: string; readonly '@odata.etag'?: string }

/** A folder as it is listed. */
export function folderShape(box: Mailbox, folder: StoredFolder): Entity<MailFolder> {
  const children = [...box.folders.values()].filter(({ parent, hidden }) => parent === folder.id && !hidden)
  const mails = [...box.mails.values()].filter((mail) => mail.folder === folder.id)
  return {
    ...(folder.search ? { '@odata.type': '#microsoft.graph.mailSearchFolder' } : {}),
    id: folder.id,
    displayName: folder.name,
    ...(folder.parent === undefined ? {} : { parentFolderId: folder.parent }),
    childFolderCount: children.length,
    unreadItemCount: mails.filter(({ isRead }) => !isRead).length,
    totalItemCount: mails.length + folder.others,
    isHidden: folder.hidden,
  }
}

const etagOf = ({ changeKey, id }: StoredMail): string => `W/"CQ${id.slice(8, 14)}${changeKey}"`

/** A mail as listings and `GET` give it. `expand`: what stands in `$expand`. */
export function messageShape(mail: StoredMail, expand: string | null): Entity<Message> {
  return {
    '@odata.etag': etagOf(mail),
    id: mail.id,
    parentFolderId: mail.folder,
    conversationId: mail.conversation,
    internetMessageId: `<${mail.id.slice(8, 30)}@example.org>`,
    changeKey: `CQ${mail.id.slice(8, 14)}${mail.changeKey}`,
    createdDateTime: mail.receivedAt.toISOString().replace('.000', ''),
    lastModifiedDateTime: mail.receivedAt.toISOString().replace('.000', ''),
    receivedDateTime: mail.receivedAt.toISOString().replace('.000', ''),
    sentDateTime: mail.receivedAt.toISOString().replace('.000', ''),
    subject: mail.subject,
    bodyPreview: bodyOf(mail).slice(0, 255),
    body: { contentType: 'text', content: bodyOf(mail) },
    from: { emailAddress: { address: mail.from, name: mail.from } },
    sender: { emailAddress: { address: mail.from, name: mail.from } },
    toRecipients: [{ emailAddress: { address: mail.to, name: mail.to } }],
    ccRecipients: [],
    bccRecipients: [],
    replyTo: [],
    hasAttachments: mail.attachments.length > 0,
    importance: mail.importance,
    isRead: mail.isRead,
    isDraft: mail.isDraft,
    flag: { flagStatus: mail.flagStatus },
    categories: mail.categories,
    ...(expand?.includes('0x1081') === true && mail.lastVerb !== undefined
      ? { singleValueExtendedProperties: [{ id: 'Integer 0x1081', value: String(mail.lastVerb) }] }
      : {}),
  }
}

/** What a delta query says when nothing but the flag of having been read changed. */
export const readChange = (mail: StoredMail): Entity<Message> => ({
  '@odata.type': '#microsoft.graph.message',
  '@odata.etag': etagOf(mail),
  id: mail.id,
  isRead: mail.isRead,
})
