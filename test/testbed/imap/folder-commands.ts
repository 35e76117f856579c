import { fromModifiedUtf7, toModifiedUtf7 } from '../../../targets/imap/wire/names.ts'
import { type Command, type Word, list, text } from './command.ts'
import type { ImapSession, Verdict } from './session.ts'
import type { StoredFolder } from './store.ts'

const quote = (name: string): string => `"${name.replaceAll(/["\\]/g, String.raw`\$&`)}"`
const shown = (session: ImapSession, name: string): string => quote(session.utf8 ? name : toModifiedUtf7(name))
export const named = (session: ImapSession, word: Word | undefined): string => {
  const name = session.utf8 ? text(word) : fromModifiedUtf7(text(word))
  return name.toUpperCase() === 'INBOX' ? 'INBOX' : name
}
export const found = (session: ImapSession, word: Word | undefined): StoredFolder | undefined =>
  session.account?.folders.get(named(session, word))

/** Commands about folders. */
export function folderCommand(session: ImapSession, { name, words }: Command): Verdict {
  const { account, bed } = session
  if (account === undefined) return undefined
  const { store } = bed
  const folder = found(session, words[0])
  switch (name) {
    case 'NAMESPACE':
      session.say(`* NAMESPACE ((${quote(store.prefix)} ${quote(store.delimiter)})) NIL NIL`)
      return 'OK done'
    case 'LIST':
    case 'LSUB':
      return listing(session, name, words)
    case 'STATUS': {
      if (folder === undefined) return 'NO [NONEXISTENT] no such folder'
      const values: Readonly<Record<string, number>> = {
        MESSAGES: folder.mails.length,
        UIDNEXT: folder.uidNext,
        UIDVALIDITY: folder.uidValidity,
        UNSEEN: folder.mails.filter(({ flags }) => !flags.has('\\Seen')).length,
      }
      session.say(
        `* STATUS ${shown(session, folder.name)} (${list(words[1])
          .map((item) => `${text(item)} ${values[text(item).toUpperCase()] ?? 0}`)
          .join(' ')})`,
      )
      return 'OK done'
    }
    case 'CREATE':
      return create(session, words)
    case 'DELETE':
      if (folder === undefined || folder.name === 'INBOX') return 'NO [NONEXISTENT] no such folder'
      account.folders.delete(folder.name)
      return 'OK gone'
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      if (folder === undefined) return 'NO no such folder'
      folder.subscribed = name === 'SUBSCRIBE'
      return 'OK done'
    case 'SELECT':
    case 'EXAMINE': {
      session.selected = undefined
      if (folder === undefined) return 'NO [NONEXISTENT] no such folder'
      session.selected = folder
      session.sees = folder.uidNext
      session.readOnly = name === 'EXAMINE'
      session.say(String.raw`* FLAGS (\Answered \Flagged \Deleted \Seen \Draft)`)
      session.say(`* OK [PERMANENTFLAGS (${session.readOnly ? '' : permanent(session)})] flags`)
      session.say(`* ${folder.mails.length} EXISTS`)
      session.say('* 0 RECENT')
      session.say(`* OK [UIDVALIDITY ${folder.uidValidity}] valid`)
      session.say(`* OK [UIDNEXT ${folder.uidNext}] next`)
      return `OK [READ-${session.readOnly ? 'ONLY' : 'WRITE'}] open`
    }
    case 'CLOSE':
    case 'UNSELECT':
      session.selected = undefined
      return 'OK closed'
    case 'GETQUOTAROOT':
      session.say(`* QUOTAROOT ${shown(session, named(session, words[0]))} "user"`)
      if (account.quotaBytes !== Infinity)
        session.say(`* QUOTA "user" (STORAGE ${Math.ceil(store.used(account) / 1024)} ${Math.floor(account.quotaBytes / 1024)})`)
      return 'OK done'
    default:
      return undefined
  }
}

function permanent(session: ImapSession): string {
  const only = session.bed.options.keywords?.only
  return [String.raw`\Answered \Flagged \Deleted \Seen \Draft`, ...(only ?? [String.raw`\*`])].join(' ')
}

function listing(session: ImapSession, name: string, all: readonly Word[]): string {
  const selection = list(all[0]).map((word) => text(word).toUpperCase())
  const words = Array.isArray(all[0]) ? all.slice(1) : all
  const subscribed = name === 'LSUB' || selection.includes('SUBSCRIBED')
  const { store } = session.bed
  const pattern = text(words[1])
  if (pattern === '') {
    session.say(String.raw`* LIST (\Noselect) ${quote(store.delimiter)} ""`)
    return 'OK done'
  }
  const expression = new RegExp(
    `^${named(session, words[1])
      .replaceAll(/[.+?^${}()|[\]\\/]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('%', '[^/.]*')}$`,
  )
  for (const folder of session.account?.folders.values() ?? []) {
    if (!expression.test(folder.name) || (subscribed && !folder.subscribed)) continue
    const flags = [folder.use ?? '', folder.noSelect ? String.raw`\Noselect` : ''].filter((flag) => flag !== '')
    session.say(`* ${name} (${flags.join(' ')}) ${quote(store.delimiter)} ${shown(session, folder.name)}`)
  }
  return 'OK done'
}

function create(session: ImapSession, words: readonly Word[]): string {
  const { account, bed } = session
  if (account === undefined) return 'NO log in'
  const name = named(session, words[0])
  if (account.folders.has(name)) return 'NO [ALREADYEXISTS] it is there'
  if (bed.store.prefix !== '' && !name.startsWith(bed.store.prefix)) return 'NO [CANNOT] outside of your namespace'
  if (Buffer.byteLength(toModifiedUtf7(name)) > 255) return 'NO [CANNOT] name too long'
  if (bed.store.delimiter !== '/' && name.includes('/')) return 'NO [CANNOT] invalid mailbox name'
  const use = list(words[1])
  const role = text(list(use[1])[0])
  if (role !== '' && [...account.folders.values()].some((folder) => folder.use === role)) return 'NO [USEATTR] there is one already'
  bed.store.folder(account, name, role === '' ? null : role)
  return 'OK made'
}
