import { png } from './images.ts'
import type { WorldUser } from './model.ts'
import type { Random } from './random.ts'
import type { User, UserProfile } from './wire.ts'
import type { World } from './world.ts'

/** The people of the demo company by the names the rest of the generator calls them. */
export interface People {
  readonly ada: string
  readonly erika: string
  readonly ken: string
  readonly olena: string
  readonly yusuf: string
  readonly sam: string
  readonly samToo: string
  readonly guest: string
  readonly oneChannelGuest: string
  readonly gone: string
  readonly noMail: string
  readonly external: string
  readonly app: string
  readonly workflow: string
  readonly slackbot: string
}

interface Person extends Partial<User> {
  readonly name: string
  readonly realName: string
  readonly displayName?: string
  readonly more?: UserProfile
  readonly mail?: string | null
}

const ZONES = [
  ['Europe/Berlin', 'Central European Time', 3600],
  ['Asia/Tokyo', 'Japan Standard Time', 32_400],
  ['America/Los_Angeles', 'Pacific Standard Time', -28_800],
] as const

function addPerson(world: World, random: Random, { name, realName, displayName = '', more, mail, ...wire }: Person): string {
  const email = mail === null || wire.is_bot ? undefined : (mail ?? `${name}@example.org`)
  const [tz, tz_label, tz_offset] = random.pick(ZONES)
  const [first = '', ...rest] = realName.split(' ')
  const custom = random.chance(0.7)
  const avatar: Pick<WorldUser, 'avatar'> = custom ? { avatar: png(48, 48, [random.below(256), random.below(256), random.below(256)]) } : {}
  const profile: UserProfile = {
    title: '',
    phone: '',
    skype: '',
    // No fields: an empty list, as from a server that does not tell lists from maps.
    fields: [],
    real_name: realName,
    real_name_normalized: normal(realName),
    display_name: displayName,
    display_name_normalized: normal(displayName),
    first_name: first,
    last_name: rest.join(' '),
    status_text: '',
    status_emoji: '',
    status_expiration: 0,
    avatar_hash: custom ? random.below(2 ** 31).toString(16) : `g${random.below(2 ** 31).toString(16)}`,
    team: world.team.id,
    ...(custom ? { is_custom_image: true } : {}),
    ...(email === undefined ? {} : { email }),
    ...more,
  }
  const added = world.addUser(
    {
      name,
      real_name: realName,
      tz,
      tz_label,
      tz_offset,
      color: '9f69e7',
      is_admin: false,
      is_owner: false,
      is_primary_owner: false,
      is_restricted: false,
      is_ultra_restricted: false,
      is_app_user: false,
      is_email_confirmed: email !== undefined,
      ...wire,
      profile,
    },
    avatar,
  )
  return added.wire.id
}

const normal = (name: string): string => name.normalize('NFKD').replace(/\p{M}/gu, '')

/** Twelve people and what else lives in a member list: guests, a stranger, bots, one who left, two who look alike. */
export function populate(world: World, random: Random): People {
  const add = (person: Person): string => addPerson(world, random, person)
  const people: People = {
    ada: add({
      name: 'ada',
      realName: 'Ada Weiß',
      displayName: 'ada',
      is_admin: true,
      is_owner: true,
      is_primary_owner: true,
      has_2fa: true,
      more: {
        title: 'Head of Nearly Everything',
        phone: '+49 30 555 0100',
        pronouns: 'she/her',
        status_emoji: ':palm_tree:',
        status_text: 'back on Monday <3',
      },
    }),
    erika: add({
      name: 'erika',
      realName: 'Erika Mustermann',
      displayName: 'Erika',
      is_admin: true,
      more: { title: 'Finance & Controlling', status_emoji: ':fallreep:', status_text: 'counting' },
    }),
    ken: add({ name: 'ken.tanaka', realName: '田中 健', displayName: '田中健' }),
    olena: add({ name: 'olena', realName: 'Олена Коваль', displayName: 'Оленка 🌻' }),
    yusuf: add({ name: 'yusuf', realName: 'يوسف حداد', displayName: 'يوسف', mail: 'Yusuf.Haddad@Example.org' }),
    sam: add({ name: 'sam', realName: 'Sam Miller', displayName: 'Sam' }),
    samToo: add({ name: 'sam_', realName: 'Sam Müller', displayName: 'sam', mail: 'sam.mueller@example.org' }),
    guest: add({
      name: 'gast',
      realName: 'Gisela Gast',
      displayName: 'all',
      is_restricted: true,
      mail: 'gisela@partner.example',
      more: { guest_invited_by: 'U0', guest_expiration_ts: 1_798_761_600 },
    }),
    oneChannelGuest: add({
      name: 'channel',
      realName: 'Ole Einzel',
      displayName: '',
      is_restricted: true,
      is_ultra_restricted: true,
      mail: 'ole@partner.example',
    }),
    gone: add({ name: 'frida', realName: 'Frida Früher', displayName: 'frida', deleted: true }),
    noMail: add({ name: 'nomail', realName: 'Nora Ohne', displayName: 'nora', mail: null }),
    external: add({ name: 'pat.other', realName: 'Pat Elsewhere', displayName: 'Pat (Other Ltd)', team_id: world.nextId('T'), mail: null }),
    app: add({
      name: 'buildbot',
      realName: 'Build Bot',
      is_bot: true,
      is_app_user: false,
      more: { bot_id: world.nextId('B'), api_app_id: world.nextId('A'), always_active: true },
    }),
    workflow: add({
      name: 'wf_welcome',
      realName: 'Welcome workflow',
      is_bot: true,
      is_workflow_bot: true,
      deleted: true,
      more: { bot_id: world.nextId('B'), api_app_id: '' },
    }),
    slackbot: add({
      id: 'USLACKBOT',
      name: 'slackbot',
      realName: 'Slackbot',
      displayName: 'Slackbot',
      mail: null,
      more: { always_active: true },
    }),
  }
  world.profileFields.push(
    {
      id: world.nextId('X'),
      ordering: 0,
      field_name: 'cost_center',
      label: 'Cost center',
      type: 'text',
      hint: '',
      possible_values: [],
      is_hidden: false,
    },
    {
      id: world.nextId('X'),
      ordering: 1,
      field_name: 'office',
      label: 'Büro',
      type: 'options_list',
      hint: '',
      possible_values: ['Kiel', 'Wien'],
      is_hidden: false,
    },
    {
      id: world.nextId('X'),
      ordering: 2,
      field_name: 'manager',
      label: 'Reports to',
      type: 'user',
      hint: '',
      possible_values: [],
      is_hidden: false,
    },
  )
  const [cost, office, manager] = world.profileFields
  const erika = world.user(people.erika)
  world.users.set(people.erika, {
    ...erika,
    fields: {
      [cost?.id ?? '']: { value: '4711', alt: '' },
      [office?.id ?? '']: { value: 'Kiel', alt: '' },
      [manager?.id ?? '']: { value: people.ada, alt: '' },
    },
  })
  return people
}

/** More people than the story needs, for tests of pages and of size. */
export function addCrowd(world: World, random: Random, count: number): string[] {
  return Array.from({ length: count }, (_, i) =>
    addPerson(world, random, { name: `person${i + 1}`, realName: `Person ${i + 1}`, displayName: `p${i + 1}` }),
  )
}
