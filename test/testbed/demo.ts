import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { listRuns, runFiles } from '../../src/engine/runs.ts'
import { sum } from '../../src/engine/spool.ts'
import { company, organisation, type Company } from './company.ts'
import { closeIssue, comment, createIssue } from './github/issues.ts'
import { officeTargets } from './office.ts'

/**
 * The main job, before your eyes: a company's Slack, Google Workspace, Microsoft 365 and GitHub are backed up, change, are backed up again, are
 * rehearsed, then go dark, and are cut over from the vault alone: into a Mattermost, an IMAP, a CalDAV and CardDAV server and a GitLab. The services are
 * emulators on loopback; everything between them is the real thing, each step a process of its own. `--json`: one record a line, the last one
 * is the summary.
 */
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const startedAt = Date.now()
const tell = (text: string): void => void (values.json ? process.stderr : process.stdout).write(`${text}\n`)

await using acme = await company({ dir: await mkdtemp(join(tmpdir(), 'fallreep-demo-')), office: { dav: { mode: 'generic' } }, code: {} })
tell(`A demo company in ${acme.dir}
   its clouds:   a Slack at ${acme.slack.url}, a Google Workspace at ${acme.office?.google.url}, a Microsoft 365 at ${acme.office?.graph.apiUrl}, a GitHub at ${acme.code?.github.url}
   its servers:  a Mattermost at ${acme.mattermost?.url}, an IMAP server on port ${acme.office?.imap?.port}, calendars and contacts at ${acme.office?.dav.url}, a GitLab at ${acme.code?.gitlab.url}
`)
await step(acme, 'Are the keys, tokens and servers all right?', ['doctor'])
await step(acme, 'The nightly backup, for the first time', ['backup'])
tell(`\n   During the day: ${[...changeTheTalk(acme.slack.world), ...changeTheMail(acme), ...changeTheCode(acme)].join(', ')}`)
await step(acme, 'The night after that', ['backup'])
await step(acme, 'Is every byte of the vault what its name says?', ['verify', '--depth', 'every-byte'])
const office = officeTargets.flatMap((name) => ['--to', name])
const roads = [
  ['slack', '--to', 'chat'],
  ['google', ...office],
  ['m365', ...office],
  ['github', '--to', 'code'],
] as const
for (const [source, ...to] of roads)
  await step(acme, `The rehearsal of ${source}: the real import into throw-away places`, ['rehearse', source, ...to])
await acme.darken()
tell('\n   Now the clouds are gone: their servers answer nobody any more.')
await step(acme, 'First of all, one person who is locked out', [
  'cutover',
  'google',
  ...office,
  '--person',
  'ada@example.org',
  '--confirm',
  organisation,
])
for (const [source, ...to] of roads)
  await step(acme, `The cutover of ${source}, from the vault alone`, ['cutover', source, ...to, '--confirm', organisation])

const stateDir = join(acme.dir, 'state')
const cutovers = (await listRuns(stateDir)).filter(({ command, person }) => command === 'cutover' && person === undefined)
const { planned, matched, explained, differs, missing } = sum(cutovers.map(({ totals }) => totals))
const reports = cutovers.map(({ run }) => join(runFiles(stateDir, run).directory, 'report.html'))
const seconds = Math.round((Date.now() - startedAt) / 100) / 10
const notified =
  (acme.mattermost?.notifications.length ?? 0) + (acme.office?.dav.smtp.mails.length ?? 0) + (acme.code?.gitlab.mails.length ?? 0)
if (values.json)
  process.stdout.write(
    `${JSON.stringify({ type: 'summary', command: 'demo', planned, matched, explained, differs, missing, notified, seconds, report: reports[0], reports })}\n`,
  )
else
  tell(`
${planned} things were planned: ${matched} arrived as they were, ${explained} with a recorded loss that says why, ${differs} differ, ${missing} are missing.
${notified} people were notified. It took ${seconds} seconds.

The reports, for people:  ${reports.join('\n                          ')}
The vault, without us:    ${join(acme.dir, 'vault', 'RESTORE.md')}`)
process.exitCode = differs + missing + notified === 0 && planned === matched + explained && planned > 0 ? 0 : 5

/** Runs one command for people to see. A step that fails ends the demo with its exit code. */
async function step(on: Company, title: string, args: readonly string[]): Promise<void> {
  tell(`\n== ${title}\n   $ fallreep ${args.map((arg) => (arg.includes(' ') ? JSON.stringify(arg) : arg)).join(' ')}`)
  const show = (text: string): void => void process.stdout.write(values.json ? text : text.replaceAll(/^(?=.)/gm, '   '))
  const note = (text: string): void => void process.stderr.write(text.replaceAll(/^(?=.)/gm, '   '))
  const { code } = await on.run(values.json ? ['--json', ...args] : args, { onStdout: show, onStderr: note })
  if (code === 0) return
  await on[Symbol.asyncDispose]()
  process.exit(code ?? 1)
}

/** A late reply in an old thread, an edit, a deletion and news: what careless backups miss. */
function changeTheTalk(world: Company['slack']['world']): readonly string[] {
  const { general } = world.rooms
  const plain = general.messages.filter(
    ({ thread_ts, subtype, files }) => thread_ts === undefined && subtype === undefined && files === undefined,
  )
  const replies = new Map(general.messages.map(({ ts, thread_ts }) => [thread_ts, ts]))
  const root = general.messages.find(({ ts, subtype }) => replies.has(ts) && replies.get(ts) !== ts && subtype === undefined)
  const [edited, deleted] = plain.filter(({ ts }) => ts !== root?.ts)
  if (root?.ts === undefined || edited?.ts === undefined || deleted?.ts === undefined)
    throw new Error('the demo world has no thread and no plain messages in its general channel')
  world.replyLate(general.id, root.ts, { user: world.people.ada, text: 'I only read this now: agreed.' })
  world.editMessage(general.id, edited.ts, 'This was corrected a day later.')
  world.deleteMessage(general.id, deleted.ts)
  world.postMessage(general.id, { user: world.people.erika, text: 'Good morning! See you at *10:00*.' })
  return ['a late reply in an old thread', 'an edit', 'a deletion', 'a new message']
}

/** Mail that comes, is read and is thrown away; an event that moves; a contact with a new name. */
function changeTheMail({ office }: Company): readonly string[] {
  if (office === undefined) return []
  const inGoogle = office.google.mail.of('ada')
  inGoogle.arrive({ subject: 'Good news', labels: ['INBOX', 'UNREAD'] })
  const unread = inGoogle.ids.find((id) => inGoogle.mail(id).labels.has('UNREAD'))
  if (unread !== undefined) inGoogle.mark(unread, { add: ['STARRED'], remove: ['UNREAD'] })
  const box = office.graph.tenant.mailbox('ada')
  box.deliver('inbox', { subject: 'Good news from elsewhere' })
  const [moved, gone] = box.in('inbox')
  if (moved !== undefined) box.move(moved.id, 'archive')
  if (gone !== undefined) box.purge(gone.id)
  return ['new mails', 'one read, one filed, one deleted']
}

/** Talk under an issue, a change that is asked for and one that is merged, a new commit and a new release. */
function changeTheCode({ code }: Company): readonly string[] {
  if (code === undefined) return []
  const { world, sample } = code.github
  const { website, people } = sample
  world.advance(3600)
  const issue = createIssue(website, { title: 'The price is wrong again', body: 'As in #1.', author: people.erika })
  comment(website, issue.number, people.ken, 'I am looking into it.')
  website.push('main', people.ada, 'Correct the price', { 'src/index.ts': 'export const price = 3\nexport const tax = 19\n' })
  closeIssue(website, issue.number, people.ada)
  return ['an issue that came and went', 'a commit']
}
