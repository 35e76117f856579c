import { createHash } from 'node:crypto'
import { type ItemId, collectionId, itemId } from '../../../src/contract/ids.ts'
import type { BlobRef, Item } from '../../../src/contract/item.ts'
import type { Ports } from '../../../src/contract/ports.ts'
import type { Applied, BlobReader, Directory, Entry, Ledger, Observed, Person } from '../../../src/contract/target.ts'
import { Secret } from '../../../src/config/secret.ts'
import type { Account } from '../../../src/model/account.ts'
import type { MailSettings } from '../../../src/model/mail-settings.ts'
import type { Mail } from '../../../src/model/mail.ts'
import type { Mailbox } from '../../../src/model/mailbox.ts'
import { revisionOf } from '../../../src/model/revision.ts'
import { emptyDirectory } from '../../../src/model/empty-directory.ts'
import { definition } from '../../../targets/imap/definition.ts'
import type { Settings } from '../../../targets/imap/settings.ts'
import { applyAll, differences, type Run } from '../../contract/target-run.ts'

export const signal = AbortSignal.timeout(3_600_000)
export const ports: Ports = {
  fetch,
  clock: {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, Math.min(ms, 20))
        signal.addEventListener(
          'abort',
          () => {
            clearTimeout(timer)
            reject(signal.reason as Error)
          },
          { once: true },
        )
      }),
  },
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
}

interface Fixed {
  readonly flags: Partial<Mail['flags']>
  readonly keywords: readonly string[]
  readonly at: string
  readonly bytes: Buffer
}

/** Mailboxes in memory, as a vault would hand them to a target. */
export class MailWorld {
  readonly items = new Map<ItemId, Item>()
  readonly people = new Map<ItemId, Person>()
  readonly #blobs = new Map<string, Buffer>()
  /** Bytes of blobs in the order in which they were opened. */
  readonly opened: string[] = []

  account(id: string, body: Partial<Account> = {}): ItemId {
    const full: Account = {
      handle: id,
      displayName: id,
      realName: null,
      firstName: null,
      lastName: null,
      email: `${id}@example.test`,
      role: 'member',
      active: true,
      jobTitle: null,
      phone: null,
      timezone: null,
      locale: null,
      status: null,
      pronouns: null,
      profile: [],
      avatar: null,
      ...body,
    }
    return this.put({ kind: 'account', id: itemId('account', id), collection: collectionId('directory'), body: full })
  }
  /** `id`: `ada/inbox`, the owner first. */
  mailbox(id: string, path: readonly string[], body: Partial<Mailbox> = {}): ItemId {
    const [owner = ''] = id.split('/')
    const full: Mailbox = {
      owner: itemId('account', owner),
      path: [...path],
      type: 'folder',
      role: null,
      hidden: false,
      color: null,
      ...body,
    }
    return this.put({ kind: 'mailbox', id: itemId('mailbox', id), collection: collectionId(`mail/${owner}`), body: full })
  }
  mail(id: string, mailboxes: readonly string[], fixed: Partial<Fixed> = {}): ItemId {
    const [owner = ''] = id.split('/')
    const bytes = fixed.bytes ?? letter(id)
    const body: Mail = {
      owner: itemId('account', owner),
      receivedAt: fixed.at ?? `2026-0${1 + (this.items.size % 9)}-11T10:11:12.500000Z`,
      mailboxes: mailboxes.map((one) => itemId('mailbox', one)).toSorted(),
      flags: { seen: false, flagged: false, answered: false, forwarded: false, draft: false, ...fixed.flags },
      keywords: [...(fixed.keywords ?? [])].toSorted(),
      thread: null,
      rfc822: 0,
      form: 'original',
    }
    return this.put({ kind: 'mail', id: itemId('mail', id), collection: collectionId(`mail/${owner}`), body }, [this.blob(bytes)])
  }
  settings(owner: string, body: Partial<MailSettings> = {}): ItemId {
    const full: MailSettings = {
      owner: itemId('account', owner),
      filters: [],
      vacation: null,
      senders: [],
      forwarding: [],
      delegates: [],
      locale: null,
      timezone: null,
      ...body,
    }
    return this.put({ kind: 'mail-settings', id: itemId('mail-settings', owner), collection: collectionId(`mail/${owner}`), body: full })
  }
  edit(id: string, change: (mail: Mail) => Partial<Mail>): void {
    const item = this.items.get(itemId('mail', id))
    if (item?.kind !== 'mail') throw new Error(`no mail ${id}`)
    this.put({ ...item, body: { ...item.body, ...change(item.body) } }, item.blobs)
  }
  remove(id: ItemId): void {
    this.items.delete(id)
  }
  blob(bytes: Buffer): BlobRef {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    this.#blobs.set(sha256, bytes)
    return { sha256, bytes: bytes.length, mediaType: 'message/rfc822' }
  }
  put(item: Pick<Item, 'kind' | 'id' | 'collection' | 'body'>, blobs: readonly (BlobRef | null)[] = []): ItemId {
    const full = {
      kind: item.kind,
      id: item.id,
      collection: item.collection,
      body: item.body,
      revision: revisionOf(
        item.body,
        blobs.map((blob) => blob?.sha256 ?? ''),
      ),
      raw: { vendor: item.id },
      blobs,
      provenance: { source: 'acme', nativeId: item.id, fetchedAt: '2026-11-01T00:00:00Z', endpoint: 'test' },
    } as Item
    this.items.set(item.id, full)
    return item.id
  }

  get blobs(): BlobReader {
    return {
      open: (ref) => {
        const bytes = this.#blobs.get(ref.sha256)
        if (bytes === undefined) return Promise.reject(new Error(`no blob ${ref.sha256}`))
        this.opened.push(ref.sha256)
        return Promise.resolve(new Blob([Uint8Array.from(bytes)]).stream())
      },
    }
  }
  get directory(): Directory {
    const of = <K extends 'account' | 'mailbox'>(kind: K) =>
      new Map(
        [...this.items.values()]
          .filter((item) => item.kind === kind)
          .map((item) => [item.id, { id: item.id, collection: item.collection, body: item.body, blobs: [] } as unknown as Entry<K>]),
      )
    return {
      ...emptyDirectory('acme', 'post'),
      accounts: of('account'),
      mailboxes: of('mailbox'),
      person: (id) => this.people.get(id),
    }
  }
  /** As the engine hands them over: places first, mails of one collection together and newest first. */
  ordered(): readonly Item[] {
    const rank = ['account', 'mailbox', 'mail-settings', 'mail']
    const time = (item: Item): string => (item.kind === 'mail' ? item.body.receivedAt : '')
    return [...this.items.values()].toSorted(
      (a, b) =>
        rank.indexOf(a.kind) - rank.indexOf(b.kind) ||
        (a.collection < b.collection ? -1 : a.collection > b.collection ? 1 : 0) ||
        (time(a) > time(b) ? -1 : time(a) < time(b) ? 1 : 0),
    )
  }
}

/** A mail as mail programs write them. */
export const letter = (id: string, text = `This is ${id}.`, more = ''): Buffer =>
  Buffer.from(
    `Message-ID: <${id.replaceAll('/', '.')}@example.test>\r\nFrom: somebody@example.test\r\nSubject: ${id}\r\n${more}\r\n${text}\r\n`,
  )

export const settingsFor = (bed: { readonly host: string; readonly port: number }, more: Partial<Settings> = {}): Settings => ({
  host: bed.host,
  port: bed.port,
  security: 'plain',
  allowPlain: false,
  access: { via: 'master', user: 'master', password: new Secret(() => Promise.resolve('master-secret')), separator: '*' },
  connections: 4,
  accounts: 2,
  labels: 'primary',
  skip: [],
  below: [],
  deletions: 'apply',
  timeoutSeconds: 20,
  ...more,
})

export interface RunOutcome extends Run {
  readonly observed: readonly Observed[]
  /** What is missing, doubled or different: empty when all is well. */
  readonly wrong: readonly string[]
}

/** Survey, map, apply, observe and compare: what the engine does, without the engine. */
export async function run(
  world: MailWorld,
  config: Settings,
  ledger: Ledger,
  stopped: AbortSignal = signal,
  progress: (stage: string) => void = () => undefined,
): Promise<RunOutcome> {
  await using target = await definition.open('post', config, ports, stopped)
  const survey = await target.survey(world.directory, stopped)
  const mapper = definition.mapper(world.directory, config, survey)
  const { applied, losses } = await applyAll({ items: world.ordered(), blobs: world.blobs }, mapper, target, ledger, stopped, progress)
  const observed: Observed[] = []
  for await (const one of target.observe(ledger, undefined, stopped)) observed.push(one)
  return { applied, losses, observed, wrong: differences(applied, observed) }
}
export const outcomes = (applied: readonly Applied[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { outcome } of applied) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}
