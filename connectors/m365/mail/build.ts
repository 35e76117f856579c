import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import { z } from 'zod'
import { Fault } from '../../../src/fault.ts'
import { type Graph, seg } from '../graph.ts'

const Address = z.object({ emailAddress: z.object({ address: z.string().nullish(), name: z.string().nullish() }) })
const Addresses = z.array(Address).nullish().catch(undefined)
const MessageWire = z.object({
  subject: z.string().nullish(),
  body: z.object({ contentType: z.string(), content: z.string() }).nullish(),
  from: Address.nullish().catch(undefined),
  sender: Address.nullish().catch(undefined),
  toRecipients: Addresses,
  ccRecipients: Addresses,
  bccRecipients: Addresses,
  replyTo: Addresses,
  sentDateTime: z.string().nullish(),
  internetMessageId: z.string().nullish(),
  internetMessageHeaders: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .nullish()
    .catch(undefined),
})
const AttachmentWire = z.object({
  '@odata.type': z.string().nullish(),
  id: z.string(),
  name: z.string().nullish(),
  contentType: z.string().nullish(),
  contentId: z.string().nullish(),
  isInline: z.boolean().nullish(),
})

const fields = Object.keys(MessageWire.shape).join(',')
/** Headers that are written from the parts, or that describe a body that is not there any more. */
const written = /^(?:from|sender|to|cc|bcc|reply-to|subject|date|message-id|mime-version|content-.*|dkim-signature|x-fallreep-.*)$/i

/**
 * A mail put together from what Graph can still say of it: body, attachments and the headers it kept. One header says so.
 * `missing` is told of each attachment that cannot be had; a line of text stands in its place.
 * @throws Fault when its text cannot be had either
 */
export async function builtMail(
  graph: Graph,
  person: string,
  native: string,
  missing: () => void,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const path = `/users/${seg(person)}/messages/${seg(native)}`
  const message = MessageWire.parse(await graph.get(path, { $select: fields }, {}, signal))
  const attachments: z.infer<typeof AttachmentWire>[] = []
  for await (const { value } of graph.pages(`${path}/attachments`, { $select: 'id,name,contentType,isInline' }, {}, signal))
    for (const raw of value) attachments.push(AttachmentWire.parse(raw))
  const html = message.body?.contentType.toLowerCase() === 'html'
  const kept = (message.internetMessageHeaders ?? []).filter(({ name }) => !written.test(name))
  const composer = new MailComposer({
    headers: [
      ...kept.map(({ name, value }) => ({ key: name, value })),
      { key: 'X-Fallreep-Built', value: 'from the parts Microsoft Graph gave' },
    ],
    ...(message.from === null || message.from === undefined ? {} : { from: addressOf(message.from) }),
    to: addressesOf(message.toRecipients),
    cc: addressesOf(message.ccRecipients),
    bcc: addressesOf(message.bccRecipients),
    replyTo: addressesOf(message.replyTo),
    subject: message.subject ?? '',
    ...(typeof message.sentDateTime === 'string' ? { date: new Date(message.sentDateTime) } : {}),
    ...(typeof message.internetMessageId === 'string' ? { messageId: message.internetMessageId } : {}),
    [html ? 'html' : 'text']: message.body?.content ?? '',
    attachments: attachments.map((attachment) => attachmentOf(graph, path, attachment, missing, signal)),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: '\r\n',
  })
  const compiled = composer.compile()
  compiled.keepBcc = true
  return Readable.toWeb(compiled.createReadStream()) as ReadableStream<Uint8Array>
}

const addressOf = ({ emailAddress }: z.infer<typeof Address>): { name: string; address: string } => ({
  name: emailAddress.name ?? '',
  address: emailAddress.address ?? '',
})
const addressesOf = (list: z.infer<typeof Addresses>): { name: string; address: string }[] => (list ?? []).map(addressOf)

/** Its bytes are asked for when their turn comes. A link to a file elsewhere has no bytes and stays a link. */
function attachmentOf(
  graph: Graph,
  path: string,
  attachment: z.infer<typeof AttachmentWire>,
  missing: () => void,
  signal: AbortSignal,
): { filename: string; contentType: string; content: Readable | string; contentDisposition: 'inline' | 'attachment' } {
  const type = attachment['@odata.type'] ?? ''
  const name = attachment.name ?? 'attachment'
  const contentDisposition = attachment.isInline === true ? ('inline' as const) : ('attachment' as const)
  if (type.endsWith('referenceAttachment'))
    return { filename: `${name}.txt`, contentType: 'text/plain', content: `${name}: a link to a file elsewhere`, contentDisposition }
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    let given: ReadableStream<Uint8Array>
    try {
      given = await graph.stream(`${path}/attachments/${seg(attachment.id)}/$value`, signal)
    } catch (error) {
      if (!(error instanceof Fault) || !['rejected', 'gone', 'permission'].includes(error.code)) throw error
      missing()
      yield Buffer.from(`This attachment was not given by Microsoft Graph: ${error.why ?? error.code}\n`)
      return
    }
    yield* given
  }
  const item = type.endsWith('itemAttachment')
  return {
    filename: item ? `${name}.eml` : name,
    contentType: item ? 'message/rfc822' : (attachment.contentType ?? 'application/octet-stream'),
    content: Readable.from(bytes()),
    contentDisposition,
  }
}
