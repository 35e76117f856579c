import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { collectionId, itemId } from '../src/contract/ids.ts'
import type { BlobRef, Item } from '../src/contract/item.ts'
import type { SnapshotWriter } from '../src/contract/vault.ts'
import { Secret } from '../src/config/secret.ts'
import type { Workspace } from '../src/engine/api.ts'
import { cutover } from '../src/engine/cutover.ts'
import { systemClock } from '../src/http/system-clock.ts'
import type { Account } from '../src/model/account.ts'
import type { Mailbox } from '../src/model/mailbox.ts'
import type { Mail } from '../src/model/mail.ts'
import { revisionOf } from '../src/model/revision.ts'
import { generateIdentity } from '../src/vault/age.ts'
import { createVault } from '../src/vault/create.ts'
import { openVault } from '../src/vault/open.ts'
import { definition } from '../targets/imap/definition.ts'
import { FOLDERS, type MadeMail, madeMail } from '../test/testbed/imap/mails.ts'

/*
 * Our side of the benchmark, one step per process: `make DIR COUNT` puts the mails into a vault, `change DIR COUNT` a second snapshot with
 * the changes of a day, `cutover DIR WHICH PORT LOGIN CONNECTIONS` imports snapshot number WHICH and prints what it took as one line of JSON.
 */
const { signal } = new AbortController()
const [step = '', dir = '', ...rest] = process.argv.slice(2)
const ports = {
  fetch,
  clock: systemClock,
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
}
const keyOf = (name: string): Secret => new Secret(async () => (await readFile(join(dir, `${name}.key`), 'utf8')).trim())
const vaultDir = join(dir, 'vault')
const mine = collectionId('mail/ada')
const account: Account = {
  handle: 'ada',
  displayName: 'Ada',
  realName: null,
  firstName: null,
  lastName: null,
  email: 'ada@example.test',
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
}
const item = (kind: 'account' | 'mailbox' | 'mail', name: string, body: Account | Mailbox | Mail, blobs: readonly BlobRef[] = []): Item =>
  ({
    kind,
    id: itemId(kind, name),
    collection: kind === 'account' ? collectionId('directory') : mine,
    revision: revisionOf(
      body,
      blobs.map(({ sha256 }) => sha256),
    ),
    body,
    raw: {},
    blobs,
    provenance: { source: 'bench', nativeId: name, fetchedAt: '2026-11-01T00:00:00Z', endpoint: 'made' },
  }) as Item

function bodyOf({ at, folder, seen, flagged }: Pick<MadeMail, 'at' | 'folder' | 'seen' | 'flagged'>): Mail {
  return {
    owner: itemId('account', 'ada'),
    receivedAt: `${at.toISOString().slice(0, 23)}000Z`,
    mailboxes: [itemId('mailbox', `f${folder}`)],
    flags: { seen, flagged, answered: false, forwarded: false, draft: false },
    keywords: [],
    thread: null,
    rfc822: 0,
    form: 'original',
  }
}
async function store(writer: SnapshotWriter, mail: MadeMail): Promise<void> {
  const init = { mediaType: 'message/rfc822', name: `${mail.id}.eml`, key: mail.id, kind: 'mail' as const, collection: mine }
  const known = writer.knownBlob(mail.id)
  const blob = known ?? (await writer.putBlob(new Blob([Uint8Array.from(mail.bytes)]).stream(), init, signal))
  await writer.write(mine, { type: 'upsert', item: item('mail', mail.id, bodyOf(mail), [blob]) })
}

async function writing(work: (writer: SnapshotWriter) => Promise<void>): Promise<void> {
  await using vault = await openVault(
    { dir: vaultDir, stateDir: join(dir, 'state'), host: 'bench', ports, indexIdentity: keyOf('index') },
    signal,
  )
  await using writer = await vault.begin('bench', signal)
  await writer.begin({ id: collectionId('directory'), title: 'People', kinds: ['account'] })
  await writer.begin({ id: mine, title: 'Mail of Ada', kinds: ['mailbox', 'mail'] })
  await work(writer)
  await writer.commit('complete')
}

async function make(count: number): Promise<void> {
  await mkdir(dir, { recursive: true })
  const pairs = { escrow: generateIdentity(), other: generateIdentity(), index: generateIdentity() }
  for (const [name, { identity }] of Object.entries(pairs)) await writeFile(join(dir, `${name}.key`), identity, { mode: 0o600 })
  await createVault({
    dir: vaultDir,
    escrowRecipients: [pairs.escrow.recipient, pairs.other.recipient],
    indexRecipient: pairs.index.recipient,
    ports,
  })
  await writing(async (writer) => {
    await writer.write(collectionId('directory'), { type: 'upsert', item: item('account', 'ada', account) })
    for (let at = 0; at < FOLDERS; at++) {
      const body: Mailbox = {
        owner: itemId('account', 'ada'),
        path: [`Folder ${at}`],
        type: 'folder',
        role: null,
        hidden: false,
        color: null,
      }
      await writer.write(mine, { type: 'upsert', item: item('mailbox', `f${at}`, body) })
    }
    for (let at = 0; at < count; at++) await store(writer, madeMail(at))
  })
}

/** 200 new mails, 500 marked, 50 moved and 20 deleted among 20,000, and as many in proportion among others. */
async function change(count: number): Promise<void> {
  const { added, marked, moved, deleted } = JSON.parse(rest[1] ?? '{}') as Record<string, number>
  await writing(async (writer) => {
    for (let at = 0; at < (added ?? 0); at++) await store(writer, madeMail(at, 'new'))
    let at = 0
    for (const end = at + (marked ?? 0); at < end; at++) await store(writer, { ...madeMail(at), flagged: !madeMail(at).flagged })
    for (const end = at + (moved ?? 0); at < end; at++)
      await store(writer, { ...madeMail(at), folder: (madeMail(at).folder + 1) % FOLDERS })
    for (const end = Math.min(count, at + (deleted ?? 0)); at < end; at++)
      await writer.write(mine, { type: 'delete', id: itemId('mail', madeMail(at).id), evidence: 'the benchmark says so' })
  })
}

async function importSnapshot([which = '0', port = '', login = '', connections = '4']: readonly string[]): Promise<void> {
  await using vault = await openVault(
    { dir: vaultDir, stateDir: join(dir, 'reader'), host: 'desk', ports, contentKey: keyOf('escrow') },
    signal,
  )
  const manifests = await Array.fromAsync(vault.list('bench'))
  const manifest = manifests[Number(which)]
  if (manifest === undefined) throw new Error(`there is no snapshot number ${which}`)
  const config = definition.config.parse({
    host: '127.0.0.1',
    port: Number(port),
    security: 'plain',
    access: { via: 'account', user: login, password: { env: 'BENCH_PASSWORD' } },
    connections: Number(connections),
    deletions: 'apply',
  })
  const workspace: Workspace = {
    vault,
    portsFor: () => ports,
    clock: systemClock,
    stateDir: join(dir, `engine-${login}`),
    people: [{ name: 'Ada', addresses: ['ada@example.test'], accounts: { post: login } }],
    emit: () => undefined,
  }
  const result = await cutover(
    {
      source: { name: 'bench', connector: undefined, title: 'Benchmark' },
      target: { name: 'post', definition, config },
      snapshot: manifest.id,
      person: undefined,
      since: { startedMs: 0, milestones: [] },
      tool: 'bench',
    },
    workspace,
    signal,
  )
  const seconds = Object.fromEntries(result.stages.map(({ stage, seconds }) => [stage, Number(seconds.toFixed(3))]))
  console.log(
    JSON.stringify({
      seconds,
      totals: result.byKind['mail'],
      applied: result.applied,
      findings: result.findingsTotal,
      losses: result.lossesTotal,
    }),
  )
}

if (step === 'make') await make(Number(rest[0]))
if (step === 'change') await change(Number(rest[0]))
if (step === 'cutover') await importSnapshot(rest)
