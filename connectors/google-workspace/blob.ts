import { Fault } from '../../src/fault.ts'
import { avatar } from './directory/avatar.ts'
import type { Google, GooglePerson } from './google.ts'
import { mailBytes } from './mail/fetch.ts'

/**
 * The bytes behind a handle: `mail/P/ID`, `avatar/P`, `picture/ADDRESS`.
 * @throws Fault `gone` or `permission` when Google will never give them
 */
export async function openBlob(
  google: Google,
  person: (id: string) => Promise<GooglePerson | undefined>,
  handle: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const slash = handle.indexOf('/')
  const rest = handle.slice(slash + 1)
  switch (handle.slice(0, slash)) {
    case 'picture':
      return google.picture(rest, signal)
    case 'avatar':
      return avatar(google, rest, signal)
    case 'mail': {
      const [id = '', message = ''] = rest.split('/')
      const owner = await person(id)
      if (owner !== undefined) return mailBytes(google, owner, message, signal)
    }
  }
  throw new Fault({ code: 'gone', what: `Nothing is known under ${handle}`, remedy: 'Nothing to do: Google lists its owner no longer' })
}
