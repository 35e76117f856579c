import { z } from 'zod'
import { commonSettings } from '../../src/dav/target/settings.ts'

/** Settings of a CardDAV target, as they stand in the configuration file. */
export const Settings = z.strictObject({
  ...commonSettings,
  version: z.enum(['3.0', '4.0']).default('3.0').describe('Of the cards: 3.0 is what every server and phone takes'),
  photos: z
    .strictObject({ upTo: z.int().min(0).describe('Bytes of one picture; 0: none') })
    .default({ upTo: 500_000 })
    .describe('Large pictures make address books unusable in browsers'),
})
export type Settings = z.infer<typeof Settings>
