import type { admin_directory_v1 } from 'googleapis/build/src/apis/admin/index.js'
import { demoWorld } from '../world/demo.ts'

export type GoogleUser = admin_directory_v1.Schema$User & { id: string; primaryEmail: string }
export interface GoogleGroup {
  wire: admin_directory_v1.Schema$Group & { id: string; email: string }
  members: admin_directory_v1.Schema$Member[]
}
export interface CompanyOptions {
  /** People beside those of the demo company. Default 0. */
  readonly people?: number
}

/** The demo company as Google's directory has it: the same names and addresses, by numbers of Google's. */
export class Company {
  readonly users = new Map<string, GoogleUser>()
  readonly groups = new Map<string, GoogleGroup>()
  readonly photos = new Map<string, Uint8Array>()
  /** By the name before the @: `ada`, `ken.tanaka`, `frida`. */
  user(name: string): GoogleUser {
    const wanted = name.toLowerCase()
    const found = [...this.users.values()].find(
      ({ primaryEmail }) => primaryEmail.toLowerCase() === wanted || primaryEmail.toLowerCase().startsWith(`${wanted}@`),
    )
    if (found === undefined) throw new Error(`no ${name} in this company`)
    return found
  }
  /** By address, alias or number, as Google takes any of them for a key. */
  find(key: string): GoogleUser | undefined {
    const wanted = key.toLowerCase()
    return [...this.users.values()].find(
      ({ id, primaryEmail, aliases }) =>
        id === key || primaryEmail.toLowerCase() === wanted || (aliases ?? []).some((alias) => alias.toLowerCase() === wanted),
    )
  }
  addUser(user: Omit<GoogleUser, 'id'> & { id?: string }): GoogleUser {
    const id = user.id ?? `1${String(10_000_000_000_000_000_000n + BigInt(this.users.size) * 7_919n)}`
    const added: GoogleUser = {
      kind: 'admin#directory#user',
      etag: `"u${this.users.size}"`,
      customerId: 'C01demo',
      orgUnitPath: '/',
      isMailboxSetup: true,
      suspended: false,
      archived: false,
      isAdmin: false,
      isDelegatedAdmin: false,
      creationTime: '2019-03-04T08:00:00.000Z',
      ...user,
      id,
    }
    this.users.set(id, added)
    return added
  }
  addGroup(email: string, name: string, members: readonly admin_directory_v1.Schema$Member[]): GoogleGroup {
    const id = `0${(7_000_000_000 + this.groups.size * 104_729).toString(36)}`
    const wire = { kind: 'admin#directory#group', id, email, name, description: '', directMembersCount: String(members.length) }
    const group: GoogleGroup = { wire, members: [...members] }
    this.groups.set(id, group)
    return group
  }
}

export function demoCompany({ people = 0 }: CompanyOptions): Company {
  const company = new Company()
  for (const { wire, avatar } of demoWorld({ stories: false }).users.values()) {
    const email = wire.profile?.email
    if (email === undefined || !/@example\.org$/i.test(email)) continue
    const [given = '', ...family] = (wire.real_name ?? '').split(' ')
    const user = company.addUser({
      primaryEmail: email,
      name: { fullName: wire.real_name ?? '', givenName: given, familyName: family.join(' ') },
      isAdmin: wire.is_owner === true,
      suspended: wire.deleted === true,
      ...(wire.profile?.title ? { organizations: [{ title: wire.profile.title, primary: true, department: 'Everything' }] } : {}),
      ...(wire.profile?.phone ? { phones: [{ value: wire.profile.phone, type: 'work', primary: true }] } : {}),
      languages: [{ languageCode: 'de', preference: 'preferred' }],
      ...(avatar === undefined
        ? {}
        : { thumbnailPhotoEtag: `"photo-${company.users.size}"`, thumbnailPhotoUrl: 'https://lh3.googleusercontent.com/a' }),
    })
    if (avatar !== undefined) company.photos.set(user.id, avatar)
  }
  const ada = company.user('ada')
  Object.assign(ada, { aliases: ['boss@example.org', 'ada.weiss@example.org'], nonEditableAliases: ['ada@example.org.test-google-a.com'] })
  ada.customSchemas = { Staff: { costCenter: '4711', languages: [{ value: 'de' }, { value: 'uk' }] } }
  Object.assign(company.user('sam.mueller'), { archived: true })
  const member = (name: string): admin_directory_v1.Schema$Member => {
    const { id, primaryEmail: email } = company.user(name)
    return { kind: 'admin#directory#member', id, email, role: 'MEMBER', type: 'USER', status: 'ACTIVE' }
  }
  const inner = company.addGroup('engineering@example.org', 'Engineering', [member('ken.tanaka'), member('olena')])
  const nested = (id: string, email: string): admin_directory_v1.Schema$Member => ({
    id,
    email,
    role: 'MEMBER',
    type: 'GROUP',
    status: 'ACTIVE',
  })
  const outer = company.addGroup('everybody@example.org', 'Everybody', [
    { ...member('ada'), role: 'OWNER' },
    nested(inner.wire.id, inner.wire.email),
    { id: '999', email: 'gisela@partner.example', role: 'MEMBER', type: 'USER' },
  ])
  // A ring: groups may contain each other.
  inner.members.push(nested(outer.wire.id, outer.wire.email))
  for (let n = 1; n <= people; n++)
    company.addUser({
      primaryEmail: `person${n}@example.org`,
      name: { fullName: `Person ${n}`, givenName: 'Person', familyName: String(n) },
    })
  return company
}
