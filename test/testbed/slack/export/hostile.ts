import { truncate, writeFile, stat } from 'node:fs/promises'
import { RawZip, type RawEntry } from './raw-zip.ts'

/** Exports that no honest Slack writes, by what is wrong with them. All but the last four hold one good message as well. */
export const HOSTILE = [
  'zip-slip',
  'absolute-names',
  'symlink',
  'backslashes',
  'nul-in-name',
  'bomb',
  'bomb-that-lies',
  'many-entries',
  'broken-day',
  'nan-timestamps',
  'duplicate-users',
  'duplicate-entries',
  'wrong-types',
  'deep-nesting',
  'not-utf8',
  'byte-order-mark',
  'no-members',
  'no-users',
  'torn',
  'no-zip',
  'empty-zip',
  'empty-file',
] as const
export type Hostile = (typeof HOSTILE)[number]

const USER = { id: 'U0GOOD', name: 'good', profile: { real_name: 'Good', email: 'good@example.org' } }
const CHANNEL = {
  id: 'C0GOOD',
  name: 'general',
  created: 1_772_000_000,
  creator: 'U0GOOD',
  is_archived: false,
  is_general: true,
  members: ['U0GOOD'],
}
const GOOD = { type: 'message', user: 'U0GOOD', ts: '1772442000.000100', text: 'the good one' }

const entry = (name: string, content: unknown, more: Partial<RawEntry> = {}): RawEntry => ({
  name,
  content: content instanceof Uint8Array ? content : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content), 'utf8'),
  ...more,
})

const base = (): RawEntry[] => [entry('channels.json', [CHANNEL]), entry('users.json', [USER]), entry('general/2026-03-02.json', [GOOD])]
const without = (name: string): RawEntry[] => base().filter((one) => one.name !== name)
const replacing = (...changed: RawEntry[]): RawEntry[] => [
  ...changed,
  ...base().filter(({ name }) => !changed.some((one) => one.name === name)),
]

/** Writes one of them. `bombBytes`: size of the bombs once opened; they are a thousandth of it on disk. */
export async function writeHostileExport(path: string, what: Hostile, { bombBytes = 64 * 1024 * 1024 } = {}): Promise<void> {
  if (what === 'empty-file') return writeFile(path, '')
  if (what === 'no-zip') return writeFile(path, '<!DOCTYPE html><html><title>Sign in</title></html>')
  await using zip = await RawZip.create(path)
  for (const one of entriesOf(what, bombBytes)) await zip.add(one)
  await zip.finish()
  if (what === 'torn') await truncate(path, Math.floor((await stat(path)).size * 0.6))
}

function* entriesOf(what: Exclude<Hostile, 'empty-file' | 'no-zip'>, bombBytes: number): Generator<RawEntry> {
  switch (what) {
    case 'empty-zip':
      return
    case 'torn':
      yield* base()
      return
    case 'zip-slip':
      yield* base()
      for (const name of ['../outside.json', 'general/../../outside.json', 'general/../../../etc/cron.d/x']) yield entry(name, [GOOD])
      return
    case 'absolute-names':
      yield* base()
      for (const name of ['/tmp/outside.json', '//host/share/x.json', 'C:/Windows/x.json']) yield entry(name, [GOOD])
      return
    case 'symlink':
      yield* base()
      yield entry('general/2026-03-03.json', '/etc/passwd', { mode: 0o120777 })
      return
    case 'backslashes':
      yield* base()
      yield entry('general\\..\\..\\outside.json', [GOOD])
      return
    case 'nul-in-name':
      yield* base()
      yield entry('general/2026-03-03.json\u0000.exe', [GOOD])
      return
    case 'bomb':
      yield* base()
      // Spaces are good JSON: only a limit stops this one, not a syntax error.
      yield entry('general/2026-03-03.json', spaces(bombBytes), { level: 9 })
      return
    case 'bomb-that-lies':
      yield* base()
      yield entry('general/2026-03-03.json', spaces(bombBytes), { level: 9, claimedBytes: 100 })
      return
    case 'many-entries':
      yield* base()
      for (let i = 0; i < 70_000; i++) yield entry(`general/junk-${i}`, '')
      return
    case 'broken-day':
      yield* base()
      yield entry('general/2026-03-03.json', '[{"type":"message","user":"U0GOOD","ts":"1772528400.000100","text":"cut in the mid')
      yield entry('general/2026-03-04.json', '{"not":"a list"}')
      yield entry('general/2026-03-05.json', '')
      yield entry('general/2026-03-06.json', [{ ...GOOD, ts: '1772787600.000100', text: 'after the broken ones' }])
      return
    case 'nan-timestamps':
      yield* base()
      yield entry(
        'general/2026-03-03.json',
        [NaN, 'NaN', '', '12.34.56', '-5', '1e99', 'Infinity', '1772528400', '99999999999999999999.000000', null].map((ts, i) => ({
          ...GOOD,
          ts,
          text: `bad time ${i}`,
        })),
      )
      return
    case 'duplicate-users':
      yield* replacing(
        entry('users.json', [USER, { ...USER, name: 'good-again' }, { ...USER, id: 'U0TWIN' }, { ...USER, id: 'U0TWIN', name: 'Good' }]),
      )
      return
    case 'duplicate-entries':
      yield* base()
      yield entry('general/2026-03-02.json', [{ ...GOOD, text: 'the same day again' }])
      yield entry('users.json', [{ ...USER, name: 'second' }])
      return
    case 'wrong-types':
      yield* replacing(
        entry('users.json', [USER, null, 7, 'user', { id: 5, name: null }, { id: 'U0ODD', name: {}, profile: 'none', deleted: 'yes' }]),
      )
      yield entry('general/2026-03-03.json', ODD_MESSAGES)
      return
    case 'deep-nesting':
      yield* base()
      yield entry('general/2026-03-03.json', `${'['.repeat(200_000)}${']'.repeat(200_000)}`)
      return
    case 'not-utf8':
      yield* base()
      yield entry(
        'general/2026-03-03.json',
        Buffer.concat([
          Buffer.from('[{"type":"message","user":"U0GOOD","ts":"1772528400.000100","text":"'),
          Buffer.from([0xff, 0xfe, 0x80]),
          Buffer.from('"}]'),
        ]),
      )
      return
    case 'byte-order-mark':
      yield* replacing(entry('users.json', `\ufeff${JSON.stringify([USER])}`))
      return
    case 'no-members':
      // A private channel and a direct message of which nobody knows who may read them.
      yield* base()
      yield entry('groups.json', [{ id: 'G0SECRET', name: 'secret', created: 1_772_000_000, creator: 'U0GOOD', is_archived: false }])
      yield entry('dms.json', [{ id: 'D0SECRET', created: 1_772_000_000 }])
      yield entry('secret/2026-03-02.json', [{ ...GOOD, text: 'must not become public' }])
      yield entry('D0SECRET/2026-03-02.json', [{ ...GOOD, text: 'nor this' }])
      yield entry('G0UNLISTED/2026-03-02.json', [{ ...GOOD, text: 'nor this, which no list has' }])
      return
    case 'no-users':
      yield* without('users.json')
      return
  }
}

const ODD_MESSAGES = [
  null,
  42,
  'message',
  [],
  {},
  { ...GOOD, ts: 1_772_528_400.0001, text: 'time as a number' },
  { ...GOOD, ts: '1772528400.000200', text: 7 },
  { ...GOOD, ts: '1772528400.000300', text: null, user: {} },
  { ...GOOD, ts: '1772528400.000400', files: 'F1', reactions: [{ name: 5, users: 'U1', count: 'many' }] },
  { ...GOOD, ts: '1772528400.000500', blocks: [null, 'x', { type: 'rich_text', elements: 'none' }, { type: 5 }], attachments: {} },
  { ...GOOD, ts: '1772528400.000600', thread_ts: 12, edited: true },
  { ...GOOD, ts: '1772528400.000700', text: 'a good one among them' },
]

/** `[`, blanks, `]`. */
function spaces(bytes: number): Uint8Array {
  const content = Buffer.alloc(bytes, 0x20)
  content[0] = 0x5b
  content[bytes - 1] = 0x5d
  return content
}
