import type { Loss } from '../../contract/fidelity.ts'
import type { ItemId } from '../../contract/ids.ts'
import type { Directory } from '../../contract/target.ts'
import type { CommonSettings } from './settings.ts'

/** Whose home something goes to. `foreign`: it is not the login's own, so its name says whose it is. */
export type Owner =
  | { readonly type: 'login'; readonly login: string; readonly foreign: string | null }
  | { readonly type: 'nobody'; readonly code: Loss['code']; readonly why: string }

/** Who on the target stands for an account of the source: the name in the people map, else the address. */
export function ownerOf(directory: Directory, { access }: CommonSettings, account: string): Owner {
  const entry = directory.accounts.get(account as ItemId)
  const login = directory.person(account as ItemId)?.accounts[directory.target] ?? entry?.body.email?.toLowerCase()
  if (access.type === 'account') {
    const own = login !== undefined && login.toLowerCase() === access.login.toLowerCase()
    const name = entry?.body.displayName ?? ''
    return { type: 'login', login: access.login, foreign: own || name === '' ? null : name }
  }
  if (login === undefined)
    return {
      type: 'nobody',
      code: 'withheld-by-source',
      why: 'its owner has no e-mail address and no name on the target in the people map',
    }
  if (access.type === 'privileged') return { type: 'login', login, foreign: null }
  const configured = Object.keys(access.people).find((name) => name.toLowerCase() === login.toLowerCase())
  return configured === undefined
    ? { type: 'nobody', code: 'excluded-by-policy', why: `no password is configured for ${login}` }
    : { type: 'login', login: configured, foreign: null }
}

/** Logins that may stand behind the accounts of a directory, for asking what the server is. */
export function loginsOf(directory: Directory, settings: CommonSettings): readonly string[] {
  if (settings.access.type === 'account') return [settings.access.login]
  const logins = new Set<string>()
  for (const account of directory.accounts.keys()) {
    const owner = ownerOf(directory, settings, account)
    if (owner.type === 'login') logins.add(owner.login)
  }
  return [...logins]
}
