import { createHash } from 'node:crypto'
import { demoWorld } from '../world/demo.ts'
import { Random } from '../world/random.ts'
import type { Mailbox, StoredMail } from './mailbox.ts'
import { Tenant } from './tenant.ts'

export interface SeedOptions {
  /** Same seed, same tenant. */
  readonly seed?: number
  /** People beside those of the demo company. */
  readonly people?: number
  /** Ordinary mails in each mailbox, beside the stories. Default 12. */
  readonly mails?: number
  /** Whether Ada's mailbox holds the special cases. Default true. */
  readonly stories?: boolean
}
/** Names the rest of the tests have for what was seeded in Ada's mailbox. */
export interface Stories {
  readonly draft: StoredMail
  readonly corrupt: StoredMail
  readonly lost: StoredMail
  readonly infected: StoredMail
}

/** Monday 2026-03-02, 07:00 UTC. */
const START = Date.UTC(2026, 2, 2, 7)
const licence = [{ skuId: '18181a46-0d4e-45cd-891e-60aabd171b4e', disabledPlans: [] }]

/** A GUID that is the same for the same name. */
export const guidOf = (name: string): string =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5')

/** The demo company as a tenant: the same people under the same addresses, with their mail. */
export function demoTenant({ seed = 1, people = 0, mails = 12, stories = true }: SeedOptions): {
  tenant: Tenant
  stories: Stories | undefined
} {
  const company = demoWorld({ seed, users: people, stories: false, messagesPerChannel: 0, channels: 0 })
  const tenant = new Tenant(guidOf('fallreep-demo'), START)
  const ids = new Map<string, string>()
  for (const { wire, avatar } of company.users.values()) {
    const { name, real_name: realName = '', profile, is_bot: bot = false, team_id: team } = wire
    if (bot || wire.id === 'USLACKBOT' || team !== company.team.id) continue
    const id = guidOf(name)
    ids.set(wire.id ?? '', id)
    const guest = wire.is_restricted === true
    const mail = profile?.email ?? null
    const left = wire.deleted === true
    const added = tenant.addUser(
      {
        id,
        userPrincipalName: guest ? `${(mail ?? name).replace('@', '_')}#EXT#@example.org` : `${name}@example.org`,
        displayName: realName,
        givenName: profile?.first_name ?? null,
        surname: profile?.last_name ?? null,
        mail,
        mailNickname: name,
        proxyAddresses: mail === null || guest ? [] : [`SMTP:${mail}`, `smtp:${name}@alias.example.org`],
        userType: guest ? 'Guest' : 'Member',
        accountEnabled: !left,
        jobTitle: profile?.title === '' ? null : (profile?.title ?? null),
        businessPhones: profile?.phone === '' ? [] : [profile?.phone ?? ''],
        mobilePhone: null,
        department: name === 'erika' ? 'Finance' : null,
        preferredLanguage: 'de-DE',
        assignedLicenses: left || guest || mail === null ? [] : licence,
      },
      !guest && !left && mail !== null,
    )
    if (avatar !== undefined) added.photo = avatar
    // Whoever left lost the licence: the address is still there, the mailbox is not.
    if (left) added.refused = { status: 404, code: 'MailboxNotEnabledForRESTAPI' }
  }
  tenant.addUser(
    {
      id: guidOf('info'),
      userPrincipalName: 'info@example.org',
      displayName: 'Info',
      mail: 'info@example.org',
      mailNickname: 'info',
      proxyAddresses: ['SMTP:info@example.org'],
      userType: 'Member',
      accountEnabled: false,
      assignedLicenses: [],
    },
    true,
    { userPurpose: 'shared' },
  )
  for (const group of company.groups.values()) {
    const members = (group.users ?? []).flatMap((user) => ids.get(user) ?? [])
    const id = guidOf(`group ${group.handle}`)
    tenant.addGroup(
      {
        id,
        displayName: group.name ?? '',
        description: group.description ?? null,
        mailNickname: group.handle ?? '',
        mail: `${group.handle}@example.org`,
        mailEnabled: true,
        securityEnabled: false,
        groupTypes: ['Unified'],
        visibility: 'Private',
      },
      members,
    )
  }
  // A group inside another, and each inside the other.
  const [first, second] = [...tenant.groups.values()]
  if (first !== undefined && second !== undefined) {
    second.members.push(first.id)
    first.members.push(second.id)
  }
  const random = new Random(seed)
  for (const { mailbox, wire } of tenant.users.values()) if (mailbox !== undefined) furnish(mailbox, random, wire.mail ?? '', mails)
  return { tenant, stories: stories ? tellStories(tenant) : undefined }
}

/** Folders and talk that every mailbox has. */
function furnish(box: Mailbox, random: Random, address: string, mails: number): void {
  box.settings = {
    timeZone: 'W. Europe Standard Time',
    language: { locale: 'de-DE', displayName: 'Deutsch (Deutschland)' },
    automaticRepliesSetting: { status: 'disabled', externalAudience: 'none', internalReplyMessage: '', externalReplyMessage: '' },
    ...box.settings,
  }
  const projects = box.addFolder('Projekte')
  box.addFolder('A/B: Kunde', projects.id)
  for (let i = 0; i < mails; i++)
    box.deliver(random.pick(['inbox', 'inbox', 'inbox', 'sentitems', 'archive', projects.id]), {
      subject: `Betreff ${i + 1}: Grüße`,
      to: address,
      isRead: random.chance(0.7),
      importance: random.chance(0.1) ? 'high' : 'normal',
    })
}

/** What once broke a backup of a mailbox, all of it in Ada's. */
function tellStories(tenant: Tenant): Stories {
  const box = tenant.mailbox('ada')
  box.addFolder('Ungelesen', 'inbox', { search: true })
  box.addFolder('PersonMetadata', 'msgfolderroot', { hidden: true })
  const projects = box.folder('Projekte').id
  box.deliver('A/B: Kunde', {
    subject: 'Kategorien',
    categories: ['Rote Kategorie', 'Später'],
    flagStatus: 'flagged',
    isRead: true,
    lastVerb: 102,
  })
  box.deliver(projects, { subject: 'Weitergeleitet', lastVerb: 104, flagStatus: 'complete' })
  box.deliver(projects, { subject: 'Mit Anhang', attachments: [{ name: 'Größe.bin', bytes: 3000 }] })
  box.deliver('deleteditems', { subject: 'Weg damit' })
  box.delete(box.deliver('inbox', { subject: 'Gelöscht, noch da' }).id)
  // Notes and the like in a mail folder: they count and are never listed.
  box.folder('archive').others = 2
  box.rules.push(
    {
      id: 'RULE1',
      displayName: 'Rechnungen',
      sequence: 1,
      isEnabled: true,
      conditions: { subjectContains: ['Rechnung', 'Invoice'], senderContains: ['billing'] },
      exceptions: { fromAddresses: [{ emailAddress: { address: 'chef@example.org' } }] },
      actions: { moveToFolder: projects, markAsRead: true, stopProcessingRules: true },
    },
    {
      id: 'RULE2',
      displayName: 'Sonderbar',
      sequence: 2,
      isEnabled: false,
      conditions: { isMeetingRequest: true, withinSizeRange: { minimumSize: 10, maximumSize: 2000 } },
      actions: { permanentDelete: true, assignCategories: ['Später'] },
    },
  )
  box.categories.push({ id: 'c1', displayName: 'Rote Kategorie', color: 'preset0' }, { id: 'c2', displayName: 'Später', color: 'preset7' })
  box.settings = {
    ...box.settings,
    automaticRepliesSetting: {
      status: 'scheduled',
      externalAudience: 'contactsOnly',
      scheduledStartDateTime: { dateTime: '2026-12-24T00:00:00.0000000', timeZone: 'UTC' },
      scheduledEndDateTime: { dateTime: '2027-01-02T00:00:00.0000000', timeZone: 'UTC' },
      internalReplyMessage: '<html><body><p>Bin <b>weg</b>.</p><p>Ada &amp; Co</p></body></html>',
      externalReplyMessage: '<html><body>Out of office</body></html>',
    },
  }
  return {
    draft: box.deliver('drafts', { subject: 'Entwurf', isDraft: true, isRead: true }),
    corrupt: box.deliver('inbox', {
      subject: 'Nicht zu schreiben',
      attachments: [{ name: 'alt.doc', bytes: 100 }],
      broken: { status: 500, code: 'ErrorMimeContentConversionFailed' },
    }),
    lost: box.deliver('inbox', { subject: 'Verdorben', broken: { status: 500, code: 'ErrorCorruptData' }, brokenJson: true }),
    infected: box.deliver('junkemail', { subject: 'Gewonnen', broken: { status: 400, code: 'ErrorVirusDetected' }, brokenJson: true }),
  }
}
