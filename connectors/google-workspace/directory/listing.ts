import { z } from 'zod'
import { Fault } from '../../../src/fault.ts'
import { takes } from '../config.ts'
import type { Google, GooglePerson } from '../google.ts'
import { accountId } from '../map/item.ts'
import type { OwnProfile } from '../map/account.ts'
import { User } from './wire.ts'

/** People as Google lists them, read once a run. */
export interface Listed {
  /** By Google's id; those that the configuration takes, in the order of their ids. */
  readonly people: ReadonlyMap<string, GooglePerson>
  /** Ids of people who have no Gmail. */
  readonly withoutMail: ReadonlySet<string>
  /** Everybody, as Google's JSON, also those the configuration leaves out: groups and shared things name them. */
  readonly users: readonly object[]
  /** Set where there is one account only, and no directory. */
  readonly own: { readonly profile: OwnProfile; readonly raw: object } | undefined
}

/** @throws Fault `auth`, `permission`, `throttled`, `unavailable` */
export async function listPeople(google: Google, signal: AbortSignal): Promise<Listed> {
  if (google.config.auth.type !== 'service-account') return listOne(google, signal)
  const users: object[] = []
  for await (const page of userPages(google, signal)) users.push(...page)
  const people: GooglePerson[] = []
  const withoutMail = new Set<string>()
  for (const raw of users) {
    const user = User.safeParse(raw)
    if (!user.success || !takes(google.config.people, user.data.primaryEmail)) continue
    const { id, primaryEmail: address, isMailboxSetup } = user.data
    people.push({ id, address, account: accountId(id) })
    if (isMailboxSetup === false) withoutMail.add(id)
  }
  people.sort((a, b) => (a.id < b.id ? -1 : 1))
  return { people: new Map(people.map((person) => [person.id, person])), withoutMail, users, own: undefined }
}

/** Pages of people, 500 each. Read 2026-11-25: https://developers.google.com/workspace/admin/directory/reference/rest/v1/users/list */
async function* userPages(google: Google, signal: AbortSignal): AsyncGenerator<readonly object[]> {
  const { users } = await google.directory()
  let pageToken: string | undefined
  do {
    const query = { customer: 'my_customer', maxResults: 500, projection: 'full', orderBy: 'email' }
    const page = await google.call(
      'Google refused the list of people',
      (options) => users.list({ ...query, ...(pageToken === undefined ? {} : { pageToken }) }, options),
      signal,
      'source',
    )
    yield page.users ?? []
    pageToken = page.nextPageToken ?? undefined
  } while (pageToken !== undefined)
}

const Own = z.object({
  id: z.string().min(1),
  email: z.string().min(1),
  name: z.string().optional(),
  given_name: z.string().optional(),
  family_name: z.string().optional(),
  locale: z.string().optional(),
})

/** The one account that a token belongs to. */
async function listOne(google: Google, signal: AbortSignal): Promise<Listed> {
  const { userinfo } = await google.profile()
  const raw = await google.call('Google refused to say whose token this is', (options) => userinfo.get({}, options), signal, 'source')
  const parsed = Own.safeParse(raw)
  if (!parsed.success)
    throw new Fault({
      code: 'permission',
      what: 'Google does not say whose token this is',
      why: 'the answer has no id or no address',
      remedy: 'Give the token the scopes userinfo.email and userinfo.profile',
    })
  const { id, email, name, given_name: givenName, family_name: familyName, locale } = parsed.data
  const person = { id, address: email, account: accountId(id) }
  const people = new Map(takes(google.config.people, email) ? [[id, person]] : [])
  return { people, withoutMail: new Set(), users: [], own: { profile: { id, email, name, givenName, familyName, locale }, raw } }
}
