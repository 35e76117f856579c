import { createHash } from 'node:crypto'
import { ImapFlow } from 'imapflow'

export interface SeenMail {
  readonly uid: number
  readonly flags: readonly string[]
  readonly date: string
  readonly source: Buffer
  readonly sha256: string
}

/** A mailbox seen through a client that is not ours. */
export class OtherClient implements AsyncDisposable {
  readonly #client: ImapFlow
  private constructor(client: ImapFlow) {
    this.#client = client
  }
  static async open(at: { readonly host: string; readonly port: number }, login: string): Promise<OtherClient> {
    const client = new ImapFlow({
      host: at.host,
      port: at.port,
      secure: false,
      doSTARTTLS: false,
      auth: { user: `${login}*master`, pass: 'master-secret' },
      logger: false,
      disableAutoIdle: true,
    })
    client.on('error', () => undefined)
    await client.connect()
    return new OtherClient(client)
  }
  async folders(): Promise<readonly string[]> {
    return (await this.#client.list())
      .filter(({ flags }) => !flags.has('\\Noselect'))
      .map(({ path }) => path)
      .toSorted()
  }
  /** Folders that hold mails, with what is said of them beside their names. */
  async listed(): Promise<readonly { readonly path: string; readonly subscribed: boolean; readonly specialUse: string | undefined }[]> {
    return (await this.#client.list())
      .filter(({ flags }) => !flags.has('\\Noselect'))
      .map(({ path, subscribed, specialUse }) => ({ path, subscribed, specialUse }))
  }
  async mails(folder: string): Promise<readonly SeenMail[]> {
    const mails: SeenMail[] = []
    const lock = await this.#client.getMailboxLock(folder, { readOnly: true })
    try {
      for await (const { uid, flags, internalDate, source } of this.#client.fetch('1:*', {
        uid: true,
        flags: true,
        internalDate: true,
        source: true,
      })) {
        const bytes = source ?? Buffer.alloc(0)
        mails.push({
          uid,
          flags: [...(flags ?? [])].filter((flag) => flag !== '\\Recent').toSorted(),
          date: `${new Date(internalDate ?? 0).toISOString().slice(0, 19)}Z`,
          source: bytes,
          sha256: createHash('sha256').update(bytes).digest('hex'),
        })
      }
    } finally {
      lock.release()
    }
    return mails
  }
  /** `Folder: subject subject` of everything, sorted: what a person would see. */
  async picture(): Promise<readonly string[]> {
    const lines: string[] = []
    for (const folder of await this.folders()) {
      const subjects = (await this.mails(folder)).map(
        ({ source }) => /^Subject: (.*)$/m.exec(source.toString('latin1'))?.[1]?.trim() ?? '?',
      )
      if (subjects.length > 0) lines.push(`${folder}: ${subjects.toSorted().join(' ')}`)
    }
    return lines.toSorted()
  }
  async add(folder: string, bytes: Buffer, flags: readonly string[] = [], date = '2026-01-01T00:00:00Z'): Promise<void> {
    if (!(await this.folders()).includes(folder)) await this.#client.mailboxCreate(folder)
    await this.#client.append(folder, bytes, [...flags], new Date(date))
  }
  async mark(folder: string, uid: number, flag: string): Promise<void> {
    const lock = await this.#client.getMailboxLock(folder)
    try {
      await this.#client.messageFlagsAdd(String(uid), [flag], { uid: true })
    } finally {
      lock.release()
    }
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.logout().catch(() => this.#client.close())
  }
}
