import { png } from './images.ts'
import type { WorldFile } from './model.ts'
import type { FileWire } from './wire.ts'
import type { World } from './world.ts'

type NewFile = FileWire & { readonly bytes?: Uint8Array; readonly mediaType?: string; readonly repeats?: number }

/** Puts a file into the world; sharing happens when a message carries it. */
export function addFile(world: World, { bytes, mediaType, repeats = 1, ...about }: NewFile): FileWire & { id: string } {
  const id = world.nextId('F')
  const name = about.name ?? 'untitled'
  const wire: FileWire = {
    id,
    created: world.nowSeconds,
    timestamp: world.nowSeconds,
    name,
    title: name,
    mode: 'hosted',
    mimetype: mediaType ?? 'application/octet-stream',
    filetype: /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase() ?? 'binary',
    pretty_type: 'File',
    editable: false,
    is_external: false,
    external_type: '',
    is_public: true,
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    ...(bytes === undefined ? {} : { size: bytes.byteLength * repeats }),
    ...about,
  }
  const file: WorldFile = { id, wire, bytes, repeats, mediaType: mediaType ?? 'application/octet-stream', shares: [], deleted: false }
  world.files.set(id, file)
  return { id }
}

const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')

/** One of each sort of file Slack knows, and the names that break programs. `bulk`: more than ten for one message. */
export function demoFiles(world: World, user: string) {
  const hosted = (name: string, bytes: Uint8Array, mediaType: string) => addFile(world, { name, bytes, mediaType, user })
  return {
    picture: hosted('team.png', png(64, 40, [30, 120, 200]), 'image/png'),
    japanese: hosted('日本語の資料 2026.pdf', utf8('%PDF-1.4\n% a very small document\n%%EOF\n'), 'application/pdf'),
    hostile: [
      hosted('../../etc/passwd', utf8('root:x:0:0\n'), 'text/plain'),
      hosted('/absolute/name.txt', utf8('absolute\n'), 'text/plain'),
      hosted('nul\u0000byte.txt', utf8('nul\n'), 'text/plain'),
      hosted('CON.txt', utf8('con\n'), 'text/plain'),
      hosted(`${'long-name-'.repeat(30)}.txt`, utf8('three hundred and four\n'), 'text/plain'),
      hosted('Ångström (de\u0301compose\u0301).txt', utf8('decomposed\n'), 'text/plain'),
      hosted('..', utf8('dots\n'), 'text/plain'),
      hosted('', utf8('nameless\n'), 'application/octet-stream'),
    ],
    empty: hosted('empty.txt', new Uint8Array(0), 'text/plain'),
    html: hosted('really-html.html', utf8('<!DOCTYPE html><html><body>a true page, not a sign-in</body></html>\n'), 'text/html'),
    snippet: addFile(world, {
      name: 'deploy.sh',
      mode: 'snippet',
      filetype: 'shell',
      mediaType: 'text/plain',
      bytes: utf8('#!/bin/sh\nset -eu\necho "<@U0> & done"\n'),
      user,
      editable: true,
      lines: 3,
      preview: '#!/bin/sh\nset -eu',
    }),
    post: addFile(world, {
      name: 'How_we_work',
      title: 'How we work',
      mode: 'space',
      filetype: 'space',
      mediaType: 'text/html',
      bytes: utf8('<h1>How we work</h1><p>Calmly.</p>'),
      user,
      editable: true,
    }),
    canvas: addFile(world, {
      name: 'Onboarding',
      title: 'Onboarding',
      mode: 'quip',
      filetype: 'quip',
      mimetype: 'application/vnd.slack-docs',
      mediaType: 'text/html',
      bytes: utf8('<h1>Onboarding</h1><ul><li>Ask Erika for a key</li></ul>'),
      user,
    }),
    channelCanvas: addFile(world, {
      name: 'Channel canvas',
      title: 'general',
      mode: 'quip',
      filetype: 'quip',
      is_channel_space: true,
      mediaType: 'text/html',
      bytes: utf8('<h1>Welcome</h1><p>Read <a href="https://example.org/handbook">the handbook</a>.</p>'),
      user,
    }),
    external: addFile(world, {
      name: 'Budget',
      mode: 'external',
      is_external: true,
      external_type: 'gdrive',
      external_url: 'https://docs.example.org/d/1',
      user,
      filetype: 'gsheet',
      size: 0,
    }),
    tombstone: addFile(world, { mode: 'tombstone', user }),
    hidden: addFile(world, { mode: 'hidden_by_limit', user }),
    checkAccess: hosted('shared-from-other-ltd.txt', utf8('shared across companies\n'), 'text/plain'),
    orphan: hosted('no-message-shows-me.txt', utf8('found by files.list alone\n'), 'text/plain'),
    bulk: Array.from({ length: 12 }, (_, i) =>
      hosted(`photo-${String(i + 1).padStart(2, '0')}.png`, png(8, 8, [i * 20, 60, 90]), 'image/png'),
    ),
  }
}
export type DemoFiles = ReturnType<typeof demoFiles>
