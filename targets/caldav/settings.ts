import { z } from 'zod'
import { commonSettings } from '../../src/dav/target/settings.ts'

/** Settings of a CalDAV target, as they stand in the configuration file. */
export const Settings = z.strictObject({
  ...commonSettings,
  attachments: z
    .strictObject({ inlineUpTo: z.int().min(0).describe('Bytes of all attachments of one event or task; 0: links only') })
    .default({ inlineUpTo: 1_000_000 })
    .describe('Attachments whose bytes are in the vault go into the event up to this size; beyond it their address stays'),
  guests: z
    .enum(['auto', 'never-by-server'])
    .default('auto')
    .describe(
      'auto: on servers that mail invitations themselves (but Nextcloud, which can be told not to) guests carry SCHEDULE-AGENT=NONE; never-by-server: on every server',
    ),
})
export type Settings = z.infer<typeof Settings>
