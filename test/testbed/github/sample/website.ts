import * as discussions from '../discussions.ts'
import { png } from '../../world/images.ts'
import {
  addSubIssue,
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
  unlabel,
} from '../issues.ts'
import {
  createPull,
  deleteHeadBranch,
  deleteReviewComment,
  editReviewComment,
  forcePush,
  mergePull,
  outdate,
  reply,
  resolve,
  review,
  reviewComment,
} from '../pulls.ts'
import type { Repository } from '../repository.ts'
import type { GithubWorld, Organisation } from '../world.ts'
import type { SamplePeople } from './people.ts'
import { everyReference, quickActions } from './texts.ts'

/** The repository in which everything happens that can happen to issues and pull requests. */
export function website(world: GithubWorld, owner: Organisation, people: SamplePeople): Repository {
  const { ada, erika, ken, olena, sam, samToo, gisela, frida, buildbot } = people
  const made = world.addRepository(owner, 'website', {
    description: 'Shop & Startseite',
    hasWiki: true,
    hasDiscussions: true,
    topics: ['shop', 'web'],
  })
  made.push('main', ada, 'Start', {
    'README.md': '# Website\n\nSee #1.\n',
    'src/index.ts': 'export const price = 1\n',
    '.github/workflows/ci.yml': 'on: push\njobs: {}\n',
    '.github/CODEOWNERS': '* @fallreep-demo/developers\n',
  })
  world.advance(60)
  made.push('main', frida, 'Preis ändern\n\nFixes #1', {
    'src/index.ts': 'export const price = 2\nexport const tax = 19\n',
    'src/Ünïcode.ts': 'export {}\n',
  })
  made.git.tag('v1.0.0', made.git.tip('refs/heads/main'), made.signature(ada), 'Erste Fassung')
  made.git.refs.set('refs/tags/light', made.git.tip('refs/heads/main'))
  const wiki = made.wiki
  if (wiki !== undefined) {
    wiki.head = 'refs/heads/master'
    wiki.commitTo('master', {
      files: { 'Home.md': 'Willkommen. [[Betrieb]]\n', 'Betrieb.md': 'Siehe #1\n' },
      author: made.signature(ada),
      message: 'Wiki',
    })
  }
  for (const [name, colour, about] of [
    ['bug', 'd73a4a', 'Something is broken'],
    ['Bug', 'ff0000', null],
    ['hilfe gesucht 🌻', '008672', null],
    ['prio:high', 'b60205', ''],
  ] as const)
    made.addLabel(name, colour, about)
  made.addMilestone('Sommer', { creator: ada, dueOn: '2026-12-31T08:00:00Z', description: 'Bis #2 fertig ist' })
  const done = made.addMilestone('Frühling', { creator: frida })
  done.state = 'closed'
  done.closedAt = world.now
  world.attach({
    path: '/user-attachments/assets/11111111-1111-4111-8111-111111111111',
    name: 'screenshot.png',
    contentType: 'image/png',
    bytes: png(8, 8, [200, 30, 30]),
    repository: made,
  })
  world.attach({
    path: '/user-attachments/files/4711/log.txt',
    name: 'log.txt',
    contentType: 'text/plain',
    bytes: Buffer.from('one line of a log\n'),
    repository: made,
  })
  world.attach({
    path: `/${owner.login}/website/assets/12/22222222-2222-4222-8222-222222222222`,
    name: 'old.png',
    contentType: 'image/png',
    bytes: png(4, 4, [30, 200, 30]),
    repository: made,
  })
  world.attach({
    path: `/${owner.login}/website/files/13/notes.pdf`,
    name: 'notes.pdf',
    contentType: 'application/pdf',
    bytes: Buffer.from('%PDF-1.4 notes'),
    repository: made,
  })
  world.attach({
    path: '/user-images/14/33333333-aaaa.png',
    name: '33333333-aaaa.png',
    contentType: 'image/png',
    bytes: png(4, 4, [30, 30, 200]),
    repository: null,
  })

  // #1: everything in one issue
  const first = createIssue(made, {
    title: 'Preise stimmen nicht & <b>fett</b>',
    body: everyReference(owner.login),
    author: ada,
    labels: ['bug', 'Bug'],
    assignees: [ken, erika],
  })
  setMilestone(made, first.number, 'Sommer', ada)
  world.advance(30)
  // #2: a pull request, merged, with reviews of every state
  made.git.refs.set('refs/heads/fix/price', made.git.tip('refs/heads/main'))
  made.push('fix/price', ken, 'Richtiger Preis', { 'src/index.ts': 'export const price = 3\nexport const tax = 19\n' })
  const fix = createPull(made, { title: 'Richtiger Preis', body: 'Fixes #1', author: ken, head: 'fix/price', labels: ['bug'] })
  const asked = review(made, fix.number, erika, 'CHANGES_REQUESTED', 'Bitte mit Steuer.')
  const root = reviewComment(made, asked, erika, 'Warum 3? Siehe #1', {
    path: 'src/index.ts',
    line: 1,
    diffHunk: '@@ -1,2 +1,2 @@\n-export const price = 2\n+export const price = 3',
  })
  world.advance(1)
  reply(made, root, ken, 'Weil `#1`.')
  const removed = reviewComment(made, asked, erika, 'auf der linken Seite', {
    path: 'src/index.ts',
    line: 1,
    side: 'LEFT',
    diffHunk: '@@ -1,2 +1,2 @@\n-export const price = 2',
  })
  resolve(made, removed.thread, ken)
  const range = reviewComment(made, asked, frida, 'Beide Zeilen', {
    path: 'src/index.ts',
    line: 2,
    startLine: 1,
    diffHunk: '@@ -1,2 +1,2 @@\n-export const price = 2\n+export const price = 3\n export const tax = 19',
  })
  reviewComment(made, asked, ada, 'Die ganze Datei', { path: 'src/index.ts', line: 1, subject: 'file' })
  const orphaned = reviewComment(made, asked, ada, 'wird gelöscht', { path: 'src/index.ts', line: 2 })
  reply(made, orphaned, ken, 'Antwort auf etwas, das nicht mehr da ist')
  deleteReviewComment(made, orphaned.id)
  made.react(root, 'rocket', ada)
  editReviewComment(made, removed.id, 'Auf der linken Seite.')
  review(made, fix.number, ada, 'APPROVED', '')
  review(made, fix.number, frida, 'DISMISSED', 'Hatte ich mal genehmigt')
  comment(made, fix.number, buildbot, 'Build **grün**.')
  world.advance(5)
  outdate(made, range.id)
  mergePull(made, fix.number, ada)
  deleteHeadBranch(made, fix.number, ada)
  // #3: from a fork, still open, pushed over with force
  const fork = world.addRepository(olena, 'website', { forkOf: made, visibility: 'private' })
  fork.push('feature', olena, 'Neue Seite', { 'src/page.ts': 'export const page = 1\n' })
  const outside = createPull(made, { title: 'Neue Seite 🌻', body: null, author: olena, head: 'feature', from: fork, draft: true })
  const looked = review(made, outside.number, sam, 'COMMENTED', '')
  reviewComment(made, looked, sam, 'Die Zeile gibt es bald nicht mehr', { path: 'src/page.ts', line: 1 })
  world.advance(10)
  const other = fork.git.commit({
    parents: [fork.git.tip('refs/heads/main')],
    files: { 'src/page.ts': '// anders\nexport const page = 2\n' },
    author: fork.signature(olena),
    message: 'Neue Seite, noch einmal',
  })
  forcePush(made, outside.number, olena, other)
  outside.pull?.requestedReviewers.push(erika, samToo)
  made.addEvent(outside, 'review_requested', olena, { reviewer: erika })
  // #4: its fork is gone, and its author too
  const gone = world.addRepository(frida, 'website', { forkOf: made, visibility: 'private' })
  gone.push('patch-1', frida, 'Alter Vorschlag', { 'old.txt': 'alt\n' })
  const vanished = createPull(made, {
    title: 'Alter Vorschlag',
    body: 'Von jemandem, der nicht mehr da ist',
    author: frida,
    head: 'patch-1',
    from: gone,
  })
  closeIssue(made, vanished.number, ada)
  world.deleteRepository(gone)
  // #5: closed and not merged, its branch still there
  made.git.refs.set('refs/heads/experiment', made.git.tip('refs/heads/main'))
  made.push('experiment', gisela, 'Versuch', { 'experiment.txt': 'x\n' })
  const closed = createPull(made, { title: 'Versuch', body: quickActions, author: gisela, head: 'experiment' })
  closeIssue(made, closed.number, gisela)
  // #6: locked, by ghost, with quick actions and attachments
  const locked = createIssue(made, {
    title: 'Anhänge',
    body: `${quickActions}\n\n![old](https://github.com/${owner.login}/website/assets/12/22222222-2222-4222-8222-222222222222)\n[notes](https://github.com/${owner.login}/website/files/13/notes.pdf)\n![public](https://user-images.githubusercontent.com/14/33333333-aaaa.png)\n<img src="https://github.com/user-attachments/assets/11111111-1111-4111-8111-111111111111" width="8">\n[gone](https://github.com/user-attachments/files/9/missing.zip)`,
    author: frida,
  })
  lock(made, locked.number, ada, 'too heated')
  closeIssue(made, locked.number, ada, 'not_planned')
  made.react(locked, '+1', erika)
  made.react(locked, 'heart', ken)
  made.react(locked, '+1', frida)
  // Comments
  world.advance(30)
  const said = comment(made, first.number, erika, `Siehe [log](https://github.com/user-attachments/files/4711/log.txt) und #2 (@kentanaka)`)
  made.react(said, 'eyes', ada)
  const edited = comment(made, first.number, frida, 'erste Fassung')
  world.advance(1)
  editComment(made, edited.id, 'zweite Fassung /close')
  comment(made, first.number, ken, '同じ秒の二つ目')
  comment(made, first.number, ken, '同じ秒の二つ目')
  deleteComment(made, comment(made, first.number, sam, 'gelöscht').id)
  editIssue(made, first.number, { title: 'Preise stimmen nicht' })
  closeIssue(made, first.number, ken)
  reopen(made, first.number, erika)
  label(made, first.number, 'prio:high', erika)
  unlabel(made, first.number, 'Bug', erika)
  label(made, first.number, 'Bug', erika)
  assign(made, first.number, sam, erika)
  first.type = 'Bug'
  addSubIssue(made, first.number, locked.number)
  // #7 is gone without a trace, #8 lives on in another repository
  deleteIssue(made, createIssue(made, { title: 'Versehentlich', author: sam }).number)
  crossReference(made, first.number, { repository: made, number: fix.number }, ken, true)
  discussionsOf(made, people)
  return made
}

function discussionsOf(made: Repository, { ada, erika, ken, frida }: SamplePeople): void {
  const questions = discussions.addCategory(made, 'Q&A', true)
  const news = discussions.addCategory(made, 'Announcements')
  const asked = discussions.discuss(made, questions, erika, 'Wie rechnet man den Preis?', 'Siehe #1 und `#2`.')
  const answer = discussions.say(made, asked, ken, 'So: `price * 1.19`')
  discussions.say(made, asked, erika, 'Danke!', answer)
  discussions.accept(made, asked, answer, erika)
  made.react(asked, 'hooray', ada)
  made.react(answer, 'heart', erika)
  const lost = discussions.say(made, asked, frida, 'Falsche Antwort')
  discussions.say(made, asked, ada, 'Nein.', lost)
  discussions.deleteSaid(made, lost)
  const told = discussions.discuss(made, news, frida, 'Umzug', 'Wir ziehen um.')
  told.locked = true
  told.closedAt = made.world.now
}

/** An issue that began in the website and went to another repository. */
export function move(made: Repository, to: Repository, { sam, ada, pat }: SamplePeople): void {
  const issue = createIssue(made, { title: 'Rechnung falsch', body: 'gehört woanders hin', author: pat, labels: ['bug'] })
  comment(made, issue.number, sam, 'ja')
  transferIssue(made, issue.number, to, ada)
}
