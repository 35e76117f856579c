import { type Caller, importZip, runImport } from '../client.ts'

/** One thing tried on two servers; what it returns must be the same on both. Names are made unique by `p`. */
export interface Scenario {
  readonly name: string
  readonly play: (call: Caller, p: string, pauseMs: number) => Promise<unknown>
}

export const T = 1_700_000_000_000
export const PASSWORD = 'Correct-Horse-9'
export const VERSION = { type: 'version', version: 1 }
export const team = (name: string, more: object = {}): object => ({ type: 'team', team: { name, display_name: name, type: 'O', ...more } })
export const channel = (t: string, name: string, more: object = {}): object => ({
  type: 'channel',
  channel: { team: t, name, display_name: name, type: 'O', ...more },
})
export const user = (username: string, more: object = {}): object => ({
  type: 'user',
  user: { username, email: `${username}@example.test`, ...more },
})
export const member = (t: string, ...channels: readonly string[]): object => ({
  teams: [{ name: t, channels: channels.map((name) => ({ name })) }],
})
export const post = (t: string, username: string, message: string, at: number, more: object = {}): object => ({
  type: 'post',
  post: { team: t, channel: 'general', user: username, message, create_at: at, ...more },
})

/** A team with the channel `general` and two people in it, `<p>erika` with a known password and `<p>bob`. */
export const base = (p: string): readonly object[] => [
  VERSION,
  team(p),
  channel(p, 'general'),
  user(`${p}erika`, { password: PASSWORD, ...member(p, 'general') }),
  user(`${p}bob`, member(p, 'general')),
]

/** Runs lines after the version line and tells how the job ended. */
export async function bring(
  call: Caller,
  pauseMs: number,
  lines: readonly unknown[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<string> {
  const { status, line } = await runImport(call, await importZip(lines, files), pauseMs)
  return status === 'success' ? status : `${status} at ${line}`
}

/** What came of a scenario, with the unique part of all names made the same for every run. A scenario that throws has that as its outcome. */
export async function outcomeOf({ play }: Scenario, call: Caller, p: string, pauseMs: number): Promise<unknown> {
  const outcome = await play(call, p, pauseMs).catch((error: unknown) => ({ threw: String(error) }))
  return JSON.parse(JSON.stringify(outcome ?? null).replaceAll(p, 'P'))
}
