import type { GoogleTestbed } from './testbed.ts'

/** What Google's own client is given to talk to an emulator in the name of a person. */
export function through(bed: GoogleTestbed, address: string, ...scopes: readonly string[]): object {
  const full = scopes.map((scope) => (scope.startsWith('https:') ? scope : `https://www.googleapis.com/auth/${scope}`))
  return { rootUrl: bed.url, retry: false, headers: { authorization: `Bearer ${bed.desk.issue(address, full)}` } }
}

/** The status and the word of a refusal, as the client gives them to whoever calls it. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'no refusal'
  } catch (error) {
    const refused = error as Partial<{ status: number; response: { data: { error: { errors: readonly { reason: string }[] } } } }>
    if (refused.response === undefined) throw error
    return `${refused.status} ${refused.response.data.error.errors[0]?.reason}`
  }
}
