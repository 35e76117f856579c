import { fromInternalDate, toInternalDate } from '../../../targets/imap/wire/dates.ts'
import { type Command, type Word, list, text } from './command.ts'
import { found, named } from './folder-commands.ts'
import type { ImapSession, Verdict } from './session.ts'
import type { StoredFolder, StoredMail } from './store.ts'

/** Commands about mails. */
export function mailCommand(session: ImapSession, command: Command): Verdict {
  const { name, words } = command
  const { selected, bed } = session
  if (name === 'APPEND') return append(session, words)
  if (selected === undefined) return 'BAD no folder is open'
  switch (name) {
    case 'FETCH':
    case 'UID FETCH':
      return fetch(session, selected, name === 'UID FETCH', words)
    case 'UID STORE':
      return store(session, selected, words)
    case 'UID COPY':
    case 'UID MOVE': {
      if (name === 'UID MOVE' && !bed.capabilities.includes('MOVE')) return 'BAD unknown command'
      const to = found(session, words[1])
      if (to === undefined) return 'NO [TRYCREATE] no such folder'
      const mails = chosen(session, selected, text(words[0]))
      const copies = mails.map((mail) => bed.store.add(to, mail.bytes, mail.flags, mail.date))
      const code = `COPYUID ${to.uidValidity} ${mails.map(({ uid }) => uid).join(',')} ${copies.map(({ uid }) => uid).join(',')}`
      const told = mails.length > 0 && bed.capabilities.includes('UIDPLUS') ? `[${code}] ` : ''
      if (name === 'UID COPY') return `OK ${told}copied`
      if (told !== '') session.say(`* OK ${told}moved`)
      expunge(session, selected, new Set(mails))
      return 'OK moved'
    }
    case 'UID EXPUNGE':
      if (!bed.capabilities.includes('UIDPLUS')) return 'BAD unknown command'
      expunge(session, selected, new Set(chosen(session, selected, text(words[0])).filter(({ flags }) => flags.has('\\Deleted'))))
      return 'OK gone'
    case 'EXPUNGE':
      expunge(session, selected, new Set(selected.mails.filter(({ flags }) => flags.has('\\Deleted'))))
      return 'OK gone'
    case 'SEARCH':
    case 'UID SEARCH': {
      const deleted = words.some((word) => text(word).toUpperCase() === 'DELETED')
      const hits = selected.mails
        .map((mail, at) => ({ mail, number: at + 1 }))
        .filter(({ mail }) => !deleted || mail.flags.has('\\Deleted'))
      session.say(`* SEARCH ${hits.map(({ mail, number }) => (name === 'SEARCH' ? number : mail.uid)).join(' ')}`)
      return 'OK done'
    }
    default:
      return undefined
  }
}

function append(session: ImapSession, words: readonly Word[]): string {
  const { account, bed } = session
  const folder = found(session, words[0])
  if (account === undefined || folder === undefined) return `NO [TRYCREATE] no such folder ${named(session, words[0])}`
  const mails: { flags: string[]; date: string; bytes: Buffer }[] = []
  let flags: string[] = []
  let date = '2026-06-01T00:00:00Z'
  for (const word of words.slice(1)) {
    if (Buffer.isBuffer(word)) {
      mails.push({ flags, date, bytes: word })
      flags = []
    } else if (typeof word === 'string') date = fromInternalDate(word) ?? date
    else flags = word.map(text)
  }
  if (mails.length > 1 && !bed.capabilities.includes('MULTIAPPEND')) return 'BAD one mail at a time'
  const limit = Number(/APPENDLIMIT=(\d+)/.exec(bed.capabilities.join(' '))?.[1] ?? Infinity)
  let bytes = bed.store.used(account)
  for (const mail of mails) {
    const why = objection(session, mail.bytes)
    if (why !== undefined) return `NO ${why}`
    if (mail.bytes.length > limit) return 'NO [TOOBIG] larger than this server takes'
    bytes += mail.bytes.length
  }
  if (bytes > account.quotaBytes) return 'NO [OVERQUOTA] the mailbox is full'
  const stored = mails.map((mail) =>
    bed.store.add(
      folder,
      bed.options.mendsLineEnds === true ? mended(mail.bytes) : mail.bytes,
      kept(session, folder, mail.flags),
      mail.date,
    ),
  )
  const uids = stored.map(({ uid }) => uid)
  const set = uids.length === 1 ? `${uids[0]}` : `${uids[0]}:${uids.at(-1)}`
  return `OK ${bed.capabilities.includes('UIDPLUS') ? `[APPENDUID ${folder.uidValidity} ${set}] ` : ''}stored`
}

const mended = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('latin1').replaceAll(/(?<!\r)\n/g, '\r\n'), 'latin1')

function objection({ bed }: ImapSession, bytes: Buffer): string | undefined {
  const { strict } = bed.options
  const whole = bytes.toString('latin1')
  if (strict?.nul === true && whole.includes('\0')) return 'Message contains NUL'
  if (strict?.bareLf === true && /(?<!\r)\n/.test(whole)) return 'Message contains bare newlines'
  if (strict?.longestLine !== undefined && whole.split('\n').some((line) => line.length > (strict.longestLine ?? 0))) return 'Line too long'
  return bed.refuses?.(bytes)
}

/** The flags that are kept of those that were asked for. */
function kept({ bed }: ImapSession, folder: StoredFolder, flags: readonly string[]): readonly string[] {
  const { only, most = Infinity } = bed.options.keywords ?? {}
  return flags.filter((flag) => {
    if (flag.startsWith('\\')) return true
    if (only !== undefined && !only.some((one) => one.toLowerCase() === flag.toLowerCase())) return false
    if (!folder.keywords.has(flag) && folder.keywords.size >= most) return false
    folder.keywords.add(flag)
    return true
  })
}

function chosen({ sees }: ImapSession, folder: StoredFolder, set: string, byUid = true): readonly StoredMail[] {
  const mails = folder.mails.filter(({ uid }) => uid < sees)
  const last = byUid ? (mails.at(-1)?.uid ?? 0) : mails.length
  const ranges = set.split(',').map((range) => {
    const [from = 0, to = from] = range.split(':').map((one) => (one === '*' ? last : Number(one)))
    return [Math.min(from, to), Math.max(from, to)] as const
  })
  return mails.filter((mail, at) => ranges.some(([from, to]) => (byUid ? mail.uid : at + 1) >= from && (byUid ? mail.uid : at + 1) <= to))
}

function fetch(session: ImapSession, folder: StoredFolder, byUid: boolean, words: readonly Word[]): string {
  const asked = (Array.isArray(words[1]) ? list(words[1]) : [words[1]]).map((word) => text(word).toUpperCase())
  for (const mail of chosen(session, folder, text(words[0]), byUid)) {
    const parts: (string | Buffer)[] = [`* ${folder.mails.indexOf(mail) + 1} FETCH (UID ${mail.uid}`]
    const literal = (name: string, bytes: Buffer): void => void parts.push(` ${name} {${bytes.length}}\r\n`, bytes)
    for (const item of asked) {
      if (item === 'FLAGS') parts.push(` FLAGS (${[...mail.flags].join(' ')})`)
      if (item === 'INTERNALDATE') parts.push(` INTERNALDATE "${toInternalDate(mail.date)}"`)
      if (item === 'RFC822.SIZE') parts.push(` RFC822.SIZE ${mail.bytes.length}`)
      if (item === 'BODY.PEEK[]') literal('BODY[]', mail.bytes)
      if (item === 'BODY.PEEK[HEADER]') {
        // Up to the first empty line, whatever the line ends; a mail may begin with it.
        const end = /^\r?\n|\n\r?\n/.exec(mail.bytes.toString('latin1'))
        literal('BODY[HEADER]', end === null ? mail.bytes : mail.bytes.subarray(0, end.index + end[0].length))
      }
    }
    parts.push(')\r\n')
    session.say(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))))
  }
  return 'OK done'
}

function store(session: ImapSession, folder: StoredFolder, words: readonly Word[]): string {
  if (session.readOnly) return 'NO read only'
  const action = text(words[1]).toUpperCase()
  const flags = list(words[2]).map(text)
  for (const mail of chosen(session, folder, text(words[0]))) {
    if (action.startsWith('-')) for (const flag of flags) mail.flags.delete(flag)
    else for (const flag of kept(session, folder, flags)) mail.flags.add(flag)
    if (!action.endsWith('.SILENT'))
      session.say(`* ${folder.mails.indexOf(mail) + 1} FETCH (UID ${mail.uid} FLAGS (${[...mail.flags].join(' ')}))`)
  }
  return 'OK done'
}

function expunge(session: ImapSession, folder: StoredFolder, gone: ReadonlySet<StoredMail>): void {
  for (let at = 0; at < folder.mails.length;) {
    const mail = folder.mails[at]
    if (mail === undefined || !gone.has(mail)) at++
    else {
      folder.mails.splice(at, 1)
      session.say(`* ${at + 1} EXPUNGE`)
    }
  }
}
