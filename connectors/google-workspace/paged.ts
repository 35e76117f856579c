import { Fault } from '../../src/fault.ts'

/** One answer of a list, and where the next one begins. */
export interface Paged<P> {
  readonly page: P
  readonly next: string | undefined
}

/** The pages of a list, beginning with the first or at a token. `what`: the list, for people. @throws Fault `unavailable` if it never ends */
export async function* paged<P>(
  what: string,
  ask: (pageToken: string | undefined) => Promise<Paged<P>>,
  from?: string,
): AsyncGenerator<Paged<P>> {
  for (let token = from; ;) {
    const answer = await ask(token)
    yield answer
    if (answer.next === undefined) return
    if (answer.next === token) throw endless(what)
    token = answer.next
  }
}

const endless = (what: string): Fault =>
  new Fault({
    code: 'unavailable',
    what: `Google gives the same page of ${what} again and again`,
    remedy: 'Run again later; what was done is kept',
    retry: { type: 'backoff' },
  })
