import type { gmail_v1 } from 'googleapis/build/src/apis/gmail/index.js'
import type { GoogleUser } from '../company.ts'
import type { Call, Parts, Route } from '../parts.ts'
import { invalid, notFound, Refusal } from '../refusal.ts'
import type { Mailbox, StoredMail } from './mailbox.ts'
import type { Mailboxes } from './mailboxes.ts'
import { SETTINGS } from './settings.ts'

const SCOPES = [
  'https://mail.google.com/',
  'https://www.googleapis.com/auth/gmail.readonly',
  'https://www.googleapis.com/auth/gmail.modify',
]
const base = '/gmail/v1/users/:userId'

/** Units since May 2026: https://developers.google.com/workspace/gmail/api/reference/quota (read 2026-11-25). */
const UNITS = { get: 20, list: 5, history: 2, one: 1 } as const

/** Gmail for reading. */
export function gmailRoutes({ pager, desk }: Parts, mailboxes: Mailboxes): Route[] {
  const mailboxOf = (call: Call, user: GoogleUser): Mailbox => {
    const userId = call.req.param('userId') ?? ''
    if (userId !== 'me' && userId.toLowerCase() !== user.primaryEmail.toLowerCase())
      throw new Refusal(403, 'forbidden', `Delegation denied for ${user.primaryEmail}`)
    if (user.isMailboxSetup === false) throw new Refusal(400, 'failedPrecondition', 'Mail service not enabled')
    return mailboxes.of(user.id)
  }
  const route = (name: string, path: string, units: number, answer: (call: Call, mailbox: Mailbox) => object): Route => ({
    name: `gmail.${name}`,
    method: 'GET',
    path: `${base}/${path}`,
    api: 'gmail',
    units,
    scopes: SCOPES,
    answer: (call, user) => answer(call, mailboxOf(call, user)),
  })
  return [
    route('getProfile', 'profile', UNITS.one, (_, mailbox): gmail_v1.Schema$Profile => ({
      emailAddress: mailbox.address,
      messagesTotal: mailbox.size,
      threadsTotal: mailbox.size,
      historyId: String(mailbox.historyId),
    })),
    route('labels.list', 'labels', UNITS.one, (_, mailbox): gmail_v1.Schema$ListLabelsResponse => ({
      labels: [...mailbox.labels.values()],
    })),
    route('messages.list', 'messages', UNITS.list, (call, mailbox) => list(call, mailbox, pager)),
    route('messages.get', 'messages/:id', UNITS.get, (call, mailbox) => {
      const mail = mailbox.find(call.req.param('id') ?? '')
      if (mail === undefined) throw notFound()
      return message(mail, call.req.query('format') ?? 'full', mailbox.historyId)
    }),
    route('history.list', 'history', UNITS.history, (call, mailbox) => history(call, mailbox, pager)),
    ...Object.entries(SETTINGS).map(([name, answer]) =>
      route(`settings.${name}`, `settings/${name}`, UNITS.one, (call, { settings }) => {
        // Shown to service accounts only: a token that was made by hand is a person's.
        if (name === 'delegates' && desk.byHand(call.req.header('authorization')))
          throw new Refusal(403, 'forbidden', 'Access restricted to service accounts that have been delegated domain-wide authority')
        return answer(settings)
      }),
    ),
  ]
}

/** Pages point at the mail where the next one begins: what arrives meanwhile stands above and moves nothing. */
function list(call: Call, mailbox: Mailbox, pager: Parts['pager']): gmail_v1.Schema$ListMessagesResponse {
  const wanted = call.req.queries('labelIds') ?? []
  const everything = call.req.query('includeSpamTrash') === 'true'
  const name = `messages ${mailbox.address} ${wanted.join()}`
  const start = pager.position(name, call.req.query('pageToken'))
  const hidden = ({ labels }: StoredMail): boolean => labels.has('TRASH') || labels.has('SPAM')
  const size = pager.size(`${name} ${start}`, Number(call.req.query('maxResults') ?? 100), 500)
  const messages: gmail_v1.Schema$Message[] = []
  for (const id of mailbox.ids) {
    // Ids grow with time: one that is gone still says where the page begins.
    if (start !== undefined && id > start) continue
    const mail = mailbox.mail(id)
    if (!wanted.every((label) => mail.labels.has(label)) || (!everything && hidden(mail))) continue
    if (messages.length === size) return { messages, nextPageToken: pager.token(name, id), resultSizeEstimate: mailbox.size }
    messages.push({ id, threadId: mail.threadId })
  }
  // The last page has no token, and a page without mails has no list.
  return { ...(messages.length === 0 ? {} : { messages }), resultSizeEstimate: messages.length }
}

function message({ id, threadId, labels, internalDate, bytes }: StoredMail, format: string, historyId: number): gmail_v1.Schema$Message {
  const made = bytes?.()
  const common = {
    id,
    threadId,
    // A mail without labels has no list of them.
    ...(labels.size === 0 ? {} : { labelIds: [...labels] }),
    snippet: 'words at the beginning',
    historyId: String(historyId),
    internalDate: String(internalDate),
    sizeEstimate: made?.byteLength ?? 0,
  }
  if (format === 'minimal') return common
  if (format !== 'raw') return { ...common, payload: { mimeType: 'text/plain' } }
  return made === undefined ? common : { ...common, raw: Buffer.from(made).toString('base64url') }
}

function history(call: Call, mailbox: Mailbox, pager: Parts['pager']): gmail_v1.Schema$ListHistoryResponse {
  const from = call.req.query('startHistoryId') ?? ''
  if (!/^\d+$/.test(from)) throw invalid('startHistoryId is required')
  const records = mailbox.since(Number(from))
  if (records === undefined) throw notFound()
  const name = `history ${mailbox.address} ${from}`
  const historyId = String(mailbox.historyId)
  const [at = 0, blank = 0] = (pager.position(name, call.req.query('pageToken')) ?? '0,0').split(',').map(Number)
  const end = at + pager.size(`${name} ${at}`, Number(call.req.query('maxResults') ?? 100), 500)
  // Now and then a page has nothing and yet a token for more (gauteh/lieer#24).
  if (at > 0 && blank === 0 && records.length > at) return { historyId, nextPageToken: pager.token(name, `${at},1`) }
  const page = records.slice(at, end)
  return {
    historyId,
    ...(page.length === 0 ? {} : { history: [...page] }),
    ...(end < records.length ? { nextPageToken: pager.token(name, `${end},0`) } : {}),
  }
}
