import type { Change } from '../../../src/contract/connector.ts'
import { GithubFault } from '../github-fault.ts'
import { crossReference } from '../map/event.ts'
import { degraded, dropped, idIn } from '../map/item.ts'
import { review } from '../map/review.ts'
import { changeRequest, issue } from '../map/tracked.ts'
import { IssueRow } from '../wire/rest.ts'
import { hydrate, type Whole } from './hydrate.ts'
import { lineComments } from './line-comments.ts'
import { pullPages } from './pulls.ts'
import { reactionsTo } from './reactions.ts'
import { checkpoint, type Reading, refusedOf, type RepositoryPart, trackedLine } from './reading.ts'
import { sinceWalk, type Step } from './since-walk.ts'
import { brief } from './brief.ts'
import { readThreads, type Threaded } from './threads.ts'

/** Issues and change requests with their reviews, threads and cross references, in order of change. */
export const issues: RepositoryPart = {
  name: 'issues',
  swept: false,
  line: trackedLine,
  async *read(reading) {
    for await (const { rows, mark, capped } of pages(reading)) {
      if (capped !== undefined)
        yield {
          type: 'loss',
          loss: degraded(reading.mapping.place.item, 'issues', 'withheld-by-source', `of ${capped} GitHub gives only so many issues`),
        }
      yield* ofPage(reading, rows)
      if (mark !== undefined) reading.state.marks.set('issues', mark)
      yield checkpoint(reading)
    }
  },
}

/** Where issues are switched off, GitHub may refuse the list that has the pull requests too; these then have one of their own. */
async function* pages(reading: Reading): AsyncGenerator<Omit<Step, 'mark'> & { readonly mark: Step['mark'] | undefined }> {
  const { github, path, state, signal } = reading
  try {
    const list = `${path}/issues?state=all&sort=updated&direction=asc`
    yield* sinceWalk(github, refusedOf(reading, 'issues'), list, state.marks.get('issues'), signal)
  } catch (error) {
    const off = error instanceof GithubFault && (error.status === 410 || error.status === 404)
    if (!off || reading.listed.hasIssuesEnabled || reading.listed.pullRequests?.total === 0) throw error
    yield* pullPages(reading)
  }
}

async function* ofPage(reading: Reading, raws: readonly unknown[]): AsyncGenerator<Change> {
  const { github, mapping, signal } = reading
  const rows: { readonly row: IssueRow; readonly raw: unknown }[] = []
  for (const raw of raws) {
    const row = IssueRow.safeParse(raw)
    if (row.success) rows.push({ row: row.data, raw })
    else
      yield {
        type: 'loss',
        loss: dropped(idIn(mapping.place, 'issue', idOf(raw)), 'invalid-at-source', 'GitHub gave an issue that cannot be read'),
      }
  }
  const wholes = await hydrate(
    github,
    refusedOf(reading, 'issues and pull requests'),
    rows.map(({ row }) => row),
    signal,
  )
  yield* ofRows(reading, rows, wholes)
}

const idOf = (raw: unknown): string => (typeof raw === 'object' && raw !== null && 'number' in raw ? String(raw.number) : 'unknown')

/** Everything that belongs to these rows, with what GraphQL told of them. */
export async function* ofRows(
  reading: Reading,
  rows: readonly { readonly row: IssueRow; readonly raw: unknown }[],
  wholes: ReadonlyMap<string, Whole>,
): AsyncGenerator<Change> {
  const { github, mapping, state, signal } = reading
  const { place } = mapping
  const liked = [...wholes.values()].flatMap(({ reviews }) => reviews.flatMap(({ node }) => (node.reactionGroups > 0 ? node.id : [])))
  const reviewReactions = await reactionsTo(github, refusedOf(reading, 'reactions to reviews'), liked, signal)
  const threaded: Threaded[] = []
  const moved: number[] = []
  for (const { row, raw } of rows) {
    const { number } = row
    const isPull = row.pull_request !== null
    const whole = wholes.get(row.node_id)
    const kind = isPull ? 'change-request' : 'issue'
    const id = idIn(place, kind, number)
    if (whole !== undefined && whole.unreadable > 0)
      yield {
        type: 'loss',
        loss: degraded(id, 'reviews', 'invalid-at-source', `${whole.unreadable} reviews, reactions or references cannot be read`),
      }
    if (!isPull) yield { type: 'upsert', item: issue(row, whole, raw, mapping) }
    else if (whole?.pull === undefined) {
      yield { type: 'loss', loss: dropped(id, 'withheld-by-source', 'GitHub does not say which branches this pull request is about') }
      continue
    } else yield { type: 'upsert', item: changeRequest(row, { ...whole, pull: whole.pull }, raw, mapping) }
    const known = state.known.of(number, kind)
    if (whole === undefined) continue
    Object.assign(known, whole.counted)
    for (const { node, raw: given } of whole.references)
      yield { type: 'upsert', item: crossReference(node, { number, pull: isPull }, given, mapping) }
    if (whole.pull === undefined) continue
    const reviews = new Set<number>()
    for (const { node, raw: given } of whole.reviews) {
      reviews.add(node.databaseId)
      yield { type: 'upsert', item: review(node, number, reviewReactions.get(node.id), given, mapping) }
    }
    for (const gone of known.reviews)
      if (!reviews.has(gone)) yield { type: 'delete', id: idIn(place, 'review', gone), evidence: `absent-from-reviews of #${number}` }
    known.reviews.clear()
    for (const one of reviews) known.reviews.add(one)
    const head = brief(whole.pull.headRefOid)
    // Lines that comments stood on may be gone since, and no time of theirs tells.
    if (known.head !== 0 && known.head !== head && known.lines.size > 0) moved.push(number)
    known.head = head
    known.total = whole.pull.totalCommentsCount
    const threads = whole.pull.reviewThreads.totalCount
    if (threads > 0 || known.threads.size > 0) threaded.push({ id: row.node_id, number, threads })
  }
  for (const number of moved) yield* lineComments(reading, number)
  yield* readThreads(reading, threaded)
}
