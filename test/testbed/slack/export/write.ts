import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { ZipArchive } from 'archiver'
import type { World } from '../../world/world.ts'
import { exportEntries, type Layout } from './entries.ts'

export interface ExportOptions {
  /** `public`: every plan's; `all`: with private channels and direct messages; `grid`: an Enterprise Grid organisation. Default `all`. */
  readonly layout?: Layout
  /** Whether the links to files still open. Default `expired`. */
  readonly fileLinks?: 'live' | 'expired'
  /** Where files are, and the token that opens them: a running testbed's. Without it the links lead nowhere. */
  readonly from?: { readonly filesUrl: string; readonly imagesUrl: string; readonly linkToken: string }
}

const NOWHERE = { filesUrl: 'https://files.slack.example', imagesUrl: 'https://images.slack.example', linkToken: 'xoxe-0-expired' }

/** Writes the zip that Slack's own export would give for this world, the same bytes each time. */
export async function writeExport(
  world: World,
  path: string,
  { layout = 'all', fileLinks = 'expired', from = NOWHERE }: ExportOptions = {},
): Promise<void> {
  const linkToken = fileLinks === 'live' ? from.linkToken : NOWHERE.linkToken
  const addresses = { files: from.filesUrl, images: from.imagesUrl }
  const archive = new ZipArchive({ zlib: { level: 6 } })
  const written = pipeline(archive, createWriteStream(path))
  for (const { name, text } of exportEntries({ world, addresses, serial: 0, layout, linkToken }))
    archive.append(text, { name, date: world.now })
  await archive.finalize()
  await written
}
