import { expect, test } from 'vitest'
import { discuss, say } from '../../testbed/github/discussions.ts'
import {
  assign,
  closeIssue,
  comment,
  createIssue,
  crossReference,
  deleteComment,
  deleteIssue,
  editComment,
  editIssue,
  label,
  lock,
  reopen,
  setMilestone,
  transferIssue,
} from '../../testbed/github/issues.ts'
import {
  createPull,
  deleteReviewComment,
  editReviewComment,
  forcePush,
  mergePull,
  reply,
  resolve,
  review,
  reviewComment,
} from '../../testbed/github/pulls.ts'
import type { GithubTestbed } from '../../testbed/github/testbed.ts'
import { githubTestbed } from '../../testbed/github/testbed.ts'
import { Held, quickPorts, run } from './world.ts'

const quiet = { read: ['issues', 'discussions', 'releases', 'settings', 'boards'] }

interface Nights extends AsyncDisposable {
  readonly bed: GithubTestbed
  readonly held: Held
  /** One more run, `days` later. Gives the ids of what was new or changed, and of what was gone. */
  night(days?: number): Promise<{ readonly changed: readonly string[]; readonly gone: readonly string[] }>
}

/** The sample organisation after a first run, and a clock that goes on with its world's. */
async function nights(): Promise<Nights> {
  const bed = await githubTestbed()
  const held = new Held()
  let now = Date.parse('2026-11-25T03:00:00Z')
  const ports = quickPorts(() => now)
  const options = { change: quiet, ports, token: bed.token('classic') }
  await run(bed, held, options)
  bed.world.advance((now - Date.parse(bed.world.now)) / 1000)
  return {
    bed,
    held,
    async night(days = 1) {
      bed.world.advance(600)
      now += days * 86_400_000
      await run(bed, held, options)
      bed.world.advance((now - Date.parse(bed.world.now)) / 1000)
      const changed = held.changes.flatMap((change) => (change.type === 'upsert' ? change.item.id : []))
      const gone = held.changes.flatMap((change) => (change.type === 'delete' ? change.id : []))
      return { changed, gone }
    },
    [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
  }
}

test('what people do to issues arrives the next night', async () => {
  await using on = await nights()
  const { world, sample } = on.bed
  const { website: site, people } = sample
  const id = `issue/${site.id}`
  const made = createIssue(site, { title: 'Neu', body: 'Text', author: people.ada })
  const said = comment(site, made.number, people.ken, 'Aha')
  const first = await on.night()
  expect(first.changed).toEqual(expect.arrayContaining([`${id}/${made.number}`, `comment/${site.id}/issue/${said.id}`]))
  editIssue(site, made.number, { title: 'Neuer', editor: people.ada })
  label(site, made.number, 'bug', people.ada)
  assign(site, made.number, people.olena, people.ada)
  setMilestone(site, made.number, 'Sommer', people.ada)
  world.advance(60)
  editComment(site, said.id, 'Ach so')
  lock(site, made.number, people.ada, 'resolved')
  closeIssue(site, made.number, people.ada, 'not_planned')
  await on.night()
  expect(on.held.get('issue', `${id}/${made.number}`).body).toMatchObject({
    title: 'Neuer',
    labels: ['bug'],
    assignees: [{ login: people.olena.login }],
    milestone: `milestone/${site.id}/1`,
    locked: true,
    lockReason: 'resolved',
    state: 'closed',
    stateReason: 'not_planned',
  })
  expect(on.held.get('comment', `comment/${site.id}/issue/${said.id}`).body.text).toBe('Ach so')
  reopen(site, made.number, people.ada)
  await on.night()
  expect(on.held.get('issue', `${id}/${made.number}`).body.state).toBe('open')
  const events = on.held.of('timeline-event').filter(({ body }) => body.on === `${id}/${made.number}`)
  expect(events.map(({ body }) => body.type)).toEqual(
    expect.arrayContaining(['labeled', 'assigned', 'milestoned', 'locked', 'closed', 'reopened']),
  )
})

test('what people do to pull requests arrives the next night, with reviews, threads and lines that are gone', async () => {
  await using on = await nights()
  const { website: site, people } = on.bed.sample
  site.git.refs.set('refs/heads/work', site.git.tip('refs/heads/main'))
  site.push('work', people.ken, 'Work', { 'work.txt': 'one\n' })
  const { number } = createPull(site, { title: 'Work', author: people.ken, head: 'work' })
  const looked = review(site, number, people.erika, 'CHANGES_REQUESTED', 'No')
  const root = reviewComment(site, looked, people.erika, 'This line', { path: 'work.txt', line: 1 })
  await on.night()
  const answer = reply(site, root, people.ken, 'Which?')
  await on.night()
  expect(on.held.get('comment', `comment/${site.id}/review/${answer.id}`).body.replyTo).toBe(`comment/${site.id}/review/${root.id}`)
  const anchor = (): unknown => on.held.get('comment', `comment/${site.id}/review/${root.id}`).body.anchor
  expect(anchor()).toMatchObject({ line: 1, originalLine: 1, path: 'work.txt' })
  forcePush(site, number, people.ken, site.push('work', people.ken, 'Again', { 'work.txt': 'two\n' }))
  await on.night()
  expect(anchor()).toMatchObject({ line: null, originalLine: 1 })
  expect(on.held.get('thread', `thread/${site.id}/${root.id}`).body).toMatchObject({ outdated: true, resolved: false })
  review(site, number, people.ada, 'APPROVED')
  mergePull(site, number, people.ada)
  await on.night()
  expect(on.held.get('change-request', `change-request/${site.id}/${number}`).body).toMatchObject({
    state: 'merged',
    mergedBy: { login: people.ada.login },
  })
  expect(
    on.held
      .of('review')
      .filter(({ body }) => body.changeRequest.endsWith(`/${number}`))
      .map(({ body }) => body.state)
      .toSorted(),
  ).toEqual(['approved', 'changes-requested', 'commented'])
})

test('a deleted issue and one that was moved away are missed by their number, with all that hung on them', async () => {
  await using on = await nights()
  const { website: site, billing, people } = on.bed.sample
  const [one, two] = [createIssue(site, { title: 'one', author: people.ada }), createIssue(site, { title: 'two', author: people.ada })]
  const said = comment(site, one.number, people.ada, 'gone with it')
  await on.night()
  deleteIssue(site, one.number)
  const moved = transferIssue(site, two.number, billing, people.ada)
  const { gone, changed } = await on.night()
  expect(gone.toSorted()).toEqual(
    [`issue/${site.id}/${one.number}`, `issue/${site.id}/${two.number}`, `comment/${site.id}/issue/${said.id}`].toSorted(),
  )
  expect(changed).toContain(`issue/${billing.id}/${moved.number}`)
})

test('what leaves no trace arrives with the sweep, and only what differs is read again', async () => {
  await using on = await nights()
  const { website: site, people } = on.bed.sample
  const { number } = createIssue(site, { title: 'Still', author: people.ada })
  const [kept, lost] = [comment(site, number, people.ada, 'stays'), comment(site, number, people.ada, 'goes')]
  const pull = on.held.of('thread').find(({ body }) => body.repository === `repository/${site.id}` && !body.resolved)
  const comments = site.tables.reviewComments
  const root = comments.own(Number(pull?.body.root.split('/').at(-1)))
  if (root === undefined) throw new Error('the sample has an open thread')
  const more = reviewComment(site, review(site, root.item, people.erika, 'COMMENTED'), people.erika, 'goes', { path: root.path, line: 1 })
  await on.night()
  deleteComment(site, lost.id)
  deleteReviewComment(site, more.id)
  resolve(site, root.thread, people.ada)
  editReviewComment(site, root.id, 'in other words')
  site.react(kept, 'rocket', people.ken)
  site.react(site.tables.items.own(site.item(number)?.id ?? 0) ?? { reactions: [] }, 'heart', people.ken)
  crossReference(site, number, { repository: site, number: 1 }, people.ken)
  on.bed.calls.clear()
  const { gone } = await on.night(28)
  expect(gone).toEqual(expect.arrayContaining([`comment/${site.id}/issue/${lost.id}`, `comment/${site.id}/review/${more.id}`]))
  expect(on.held.get('thread', `thread/${site.id}/${root.id}`).body.resolved).toBe(true)
  expect(on.held.get('comment', `comment/${site.id}/review/${root.id}`).body.text).toBe('in other words')
  expect(on.held.get('comment', `comment/${site.id}/issue/${kept.id}`).body.reactions).toMatchObject([{ content: 'rocket' }])
  expect(on.held.get('issue', `issue/${site.id}/${number}`).body.reactions).toMatchObject([{ content: 'heart' }])
  expect(on.held.of('timeline-event').some(({ body }) => body.on.endsWith(`/${number}`) && body.type === 'cross-referenced')).toBe(true)
  expect(on.bed.calls.count('issues/get')).toBe(2)
  const before = on.held.revisions
  const again = await on.night(28)
  expect([again.gone, on.held.revisions]).toEqual([[], before])
})

test('a renamed label is renamed on every issue, a changed setting and a release arrive with the sweep, people with every night', async () => {
  await using on = await nights()
  const { world, sample } = on.bed
  const { website: site, billing, organisation, people } = sample
  const bug = site.label('bug')
  const bearing = on.held
    .of('issue')
    .filter(({ body, collection }) => body.labels.includes('bug') && collection === `repository/${site.id}`)
  expect(bearing).not.toEqual([])
  bug.name = 'defect'
  billing.variables.push({ name: 'LATER', value: '1', createdAt: world.now })
  const [release] = [...on.held.of('release')].filter(({ collection }) => collection === `repository/${billing.id}`)
  const own = billing.releases.own(Number(release?.id.split('/').at(-1)))
  if (own !== undefined) own.body = 'in other words'
  const lena = world.addPerson('lena')
  organisation.members.set(lena, 'member')
  organisation.members.delete(people.yusuf)
  const { changed, gone } = await on.night(28)
  for (const { id } of bearing) expect(on.held.get('issue', id).body.labels).toContain('defect')
  expect(on.held.get('repository-settings', `repository-settings/${billing.id}`).body.variables.map(({ name }) => name)).toContain('LATER')
  expect(on.held.get('release', release?.id ?? '').body.text).toBe('in other words')
  expect(changed).toContain(`account/${lena.id}`)
  expect(gone).toContain(`account/${people.yusuf.id}`)
})

test('discussions arrive with comments, answers and what is deleted of them', async () => {
  await using on = await nights()
  const { handbook, website: site, people } = on.bed.sample
  const where = handbook.categories.length > 0 ? handbook : site
  const [category] = where.categories
  if (category === undefined) throw new Error('the sample has categories')
  const made = discuss(where, category, people.ada, 'Frage', 'Wie?')
  const top = say(where, made, people.ken, 'So')
  const under = say(where, made, people.ada, 'Danke', top)
  await on.night()
  expect(on.held.get('discussion', `discussion/${where.id}/${made.number}`).body.title).toBe('Frage')
  expect(on.held.get('comment', `comment/${where.id}/discussion/${under.id}`).body).toMatchObject({
    replyTo: `comment/${where.id}/discussion/${top.id}`,
    on: `discussion/${where.id}/${made.number}`,
  })
})

test('a repository that is renamed keeps its id, and its old name', async () => {
  await using on = await nights()
  const { website: site } = on.bed.sample
  const before = site.fullName
  on.bed.world.renameRepository(site, 'homepage')
  await on.night()
  expect(on.held.get('repository', `repository/${site.id}`).body).toMatchObject({ name: 'homepage', formerNames: [before] })
  expect(on.held.of('issue').filter(({ collection }) => collection === `repository/${site.id}`)).not.toEqual([])
})

test('two backups of the same world give the same items, with the same names of the same bytes', async () => {
  await using bed = await githubTestbed()
  const told = async (): Promise<readonly string[]> => {
    const { items } = await run(bed, new Held())
    return [...items.values()]
      .map(({ id, revision, body, blobs }) => JSON.stringify([id, revision, body, blobs.map(({ key }) => key)]))
      .toSorted()
  }
  const first = await told()
  expect(first.length).toBeGreaterThan(90)
  expect(await told()).toEqual(first)
})
