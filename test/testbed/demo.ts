import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readRun, runFiles } from '../../src/engine/runs.ts'
import { company, organisation, type Company } from './company.ts'

/**
 * The main job, before your eyes: a company's Slack is backed up, changes, is backed up again, is rehearsed, then goes dark, and is cut
 * over into a Mattermost from the vault alone. Both services are emulators on loopback; everything between them is the real thing,
 * each step a process of its own. `--json`: one record a line, the last one is the summary.
 */
const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const startedAt = Date.now()
const tell = (text: string): void => void (values.json ? process.stderr : process.stdout).write(`${text}\n`)

await using acme = await company({ dir: await mkdtemp(join(tmpdir(), 'fallreep-demo-')) })
tell(`A demo company in ${acme.dir}: a Slack at ${acme.slack.url}, a Mattermost at ${acme.mattermost?.url}\n`)
await step(acme, 'Are the keys, tokens and servers all right?', ['doctor'])
await step(acme, 'The nightly backup, for the first time', ['backup'])
await step(acme, 'The next night, nothing has changed', ['backup'])
const { world } = acme.slack
const changes = changeTheWorld(world)
tell(`\n   During the day: ${changes.join(', ')}`)
await step(acme, 'The night after that', ['backup'])
await step(acme, 'Is every byte of the vault what its name says?', ['verify', '--depth', 'every-byte'])
await step(acme, 'The rehearsal: the real import into a throw-away team', ['rehearse', 'slack', '--to', 'chat'])
await acme.darkenSlack()
tell('\n   Now Slack is gone: its servers answer nobody any more.')
await step(acme, 'The cutover, from the vault alone', ['cutover', 'slack', '--to', 'chat', '--confirm', organisation])
const result = await readRun(join(acme.dir, 'state'), undefined)
const { planned, matched, explained, differs, missing } = result.totals
const report = join(runFiles(join(acme.dir, 'state'), result.run).directory, 'report.html')
const seconds = Math.round((Date.now() - startedAt) / 100) / 10
const notified = acme.mattermost?.notifications.length ?? 0
if (values.json)
  process.stdout.write(
    `${JSON.stringify({ type: 'summary', command: 'demo', planned, matched, explained, differs, missing, seconds, report })}\n`,
  )
else
  tell(`
${planned} things were planned: ${matched} arrived as they were, ${explained} with a recorded loss that says why, ${differs} differ, ${missing} are missing.
${notified} people were notified. It took ${seconds} seconds.

The report, for people:   ${report}
The vault, without us:    ${join(acme.dir, 'vault', 'RESTORE.md')}`)
process.exitCode = differs + missing === 0 && planned === matched + explained && planned > 0 ? 0 : 5

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
function changeTheWorld(world: Company['slack']['world']): readonly string[] {
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
