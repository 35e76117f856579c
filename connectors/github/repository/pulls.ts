import { z } from 'zod'
import { type Reading, refusedOf } from './reading.ts'
import type { Step } from './since-walk.ts'

const Row = z.object({ updated_at: z.string() })

/**
 * Pull requests newest first, down to where the last run stopped. Only where there is no list of issues: it has all of this and takes `since`.
 * The mark moves with the last page, so a reading that breaks off begins anew.
 */
export async function* pullPages(reading: Reading): AsyncGenerator<Omit<Step, 'mark'> & { readonly mark: Step['mark'] | undefined }> {
  const { github, path, state, signal } = reading
  const since = state.marks.get('issues')?.at ?? ''
  let newest = since
  const list = `${path}/pulls?state=all&sort=updated&direction=desc&per_page=100`
  for await (const page of github.pages(refusedOf(reading, 'pull requests'), list, signal)) {
    const times = page.map((raw) => Row.safeParse(raw).data?.updated_at ?? '')
    for (const time of times) if (time > newest) newest = time
    // Rows of this list are pull requests and do not say so.
    const rows = page.filter((_, at) => (times[at] ?? '') >= since).map((raw) => ({ ...(raw as object), pull_request: {} }))
    yield { rows, mark: undefined }
    if (times.some((time) => time < since)) break
  }
  yield { rows: [], mark: { at: newest, recent: {} } }
}
