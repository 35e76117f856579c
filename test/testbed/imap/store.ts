/** One mail of the emulator. `flags` as they were set, `\Seen` and keywords alike. */
export interface StoredMail {
  readonly uid: number
  readonly flags: Set<string>
  /** ISO 8601, whole seconds. */
  readonly date: string
  readonly bytes: Buffer
}
export interface StoredFolder {
  readonly name: string
  uidValidity: number
  uidNext: number
  readonly mails: StoredMail[]
  subscribed: boolean
  use: string | null
  /** A name in the tree that holds no mails. */
  readonly noSelect: boolean
  /** Keywords in use: once there are too many, further ones are dropped without a word, as some servers do. */
  readonly keywords: Set<string>
}
export interface StoredAccount {
  readonly login: string
  readonly password: string
  readonly folders: Map<string, StoredFolder>
  quotaBytes: number
}

/** What an IMAP server keeps, in memory. Numbers follow from names and order alone, so that two runs of the same commands end alike. */
export class MailStore {
  readonly accounts = new Map<string, StoredAccount>()
  readonly delimiter: string
  readonly prefix: string
  #lives = new Map<string, number>()

  constructor(delimiter: string, prefix: string) {
    this.delimiter = delimiter
    this.prefix = prefix
  }

  account(login: string, password = 'secret'): StoredAccount {
    const account: StoredAccount = { login, password, folders: new Map(), quotaBytes: Infinity }
    this.accounts.set(login.toLowerCase(), account)
    this.folder(account, 'INBOX')
    return account
  }
  /** Makes a folder and what is missing above it. */
  folder(account: StoredAccount, name: string, use: string | null = null): StoredFolder {
    const known = account.folders.get(name)
    if (known !== undefined) return known
    const cut = name.lastIndexOf(this.delimiter)
    const above = name.slice(0, Math.max(0, cut))
    if (cut > 0 && `${above}${this.delimiter}` !== this.prefix) this.folder(account, above)
    const life = (this.#lives.get(`${account.login}\0${name}`) ?? 0) + 1
    this.#lives.set(`${account.login}\0${name}`, life)
    const folder: StoredFolder = {
      name,
      uidValidity: 1000 + life,
      uidNext: 1,
      mails: [],
      subscribed: name === 'INBOX',
      use,
      noSelect: false,
      keywords: new Set(),
    }
    account.folders.set(name, folder)
    return folder
  }
  add(folder: StoredFolder, bytes: Buffer, flags: Iterable<string> = [], date = '2026-01-01T00:00:00Z'): StoredMail {
    const mail: StoredMail = { uid: folder.uidNext++, flags: new Set(flags), date, bytes }
    folder.mails.push(mail)
    return mail
  }
  used(account: StoredAccount): number {
    let bytes = 0
    for (const { mails } of account.folders.values()) for (const mail of mails) bytes += mail.bytes.length
    return bytes
  }
}
